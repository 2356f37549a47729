/**
 * Why a recipient failed: one of the closed list of reasons, and the rule that says so.
 *
 * Order: the remote's own words where they mean one thing (rules/), the enhanced status code (RFC 3463), words that many
 * causes share, pairs of words, the subject of the status code, the reply code, the action. About 2 microseconds. Pure.
 */
import type { DsnAction, ReportFormat } from "../report.ts";
import { singleBlanks } from "../single-blanks.ts";
import { stageOf } from "./codes.ts";
import { PhraseIndex } from "./phrase-index.ts";
import type { DsnReason } from "./reason.ts";
import type { ReasonRule, SmtpStage } from "./reason-rule.ts";
import { AFTER_STATUS, BEFORE_STATUS, LAST } from "./rules/index.ts";
import { reasonOfReply, reasonOfStatus, reasonOfSubject } from "./status-table.ts";

export interface ReasonFacts {
  readonly status: string | undefined;
  readonly replyCode: string | undefined;
  readonly diagnostic: string | undefined;
  readonly action: DsnAction;
  readonly format: ReportFormat;
  /** Where the remote refused, if the report says it outside the diagnostic. */
  readonly stage?: SmtpStage | undefined;
}

export interface ExplainedReason {
  readonly reason: DsnReason;
  /** Id of a ReasonRule, or `status-5.1.1`, `subject-5.7`, `reply-552`, `action-delayed`, `no-diagnostic`, `unknown-words`. */
  readonly rule: string;
}

/** LIMIT: a diagnostic says its reason at the front; what follows is advertising. */
const MAX_CHARS = 2000;

const RULES: readonly ReasonRule[] = [...BEFORE_STATUS, ...AFTER_STATUS];

/** Rule number of each phrase number. */
const RULE_OF_PHRASE = RULES.flatMap((rule, number) => rule.phrases.map(() => number));

const PHRASES = new PhraseIndex(RULES.flatMap((rule) => rule.phrases));

/** An index of their own: most diagnostics never come to them. */
const LAST_OF_PHRASE = LAST.flatMap((rule, number) => rule.phrases.map(() => number));
const LAST_PHRASES = new PhraseIndex(LAST.flatMap((rule) => rule.phrases));

/** @see RFC 3464 sections 2.3.3 to 2.3.6 for the facts. */
export function explainReason(facts: ReasonFacts): ExplainedReason {
  const { status, replyCode, action } = facts;
  if (isSuccess(action, status)) return { reason: "delivered", rule: `action-${action}` };
  const text = normalizeDiagnostic(facts.diagnostic ?? "");
  const stage = lazyStage(facts.stage, text);
  const [before, after] = matchRules(text, facts, stage);
  if (before) return { reason: refine(before, facts, stage), rule: before.id };
  const byStatus = status && reasonOfStatus(status);
  if (byStatus && !yieldsTo(after, status)) return { reason: byStatus, rule: `status-${status}` };
  if (after) return { reason: refine(after, facts, stage), rule: after.id };
  if (byStatus) return { reason: byStatus, rule: `status-${status}` };
  const last = lastRule(text);
  if (last) return { reason: refine(last, facts, stage), rule: last.id };
  return lastResort(status, replyCode, action, text, stage());
}

function isSuccess(action: DsnAction, status: string | undefined): boolean {
  if (action === "failed" || action === "delayed") return status?.startsWith("2.") === true && action !== "failed";
  return true;
}

/** A refusal at connection time outranks a status that only says "security" or "syntax". */
function yieldsTo(rule: ReasonRule | undefined, status: string): boolean {
  return rule !== undefined && /^[45]\.[035]\./.test(status);
}

/** First rule that fits before and after the status code has its say. */
function matchRules(
  text: string,
  facts: ReasonFacts,
  stage: () => SmtpStage | undefined,
): readonly [ReasonRule | undefined, ReasonRule | undefined] {
  let before = RULES.length;
  let after = RULES.length;
  for (const phrase of PHRASES.matches(text)) {
    const number = RULE_OF_PHRASE[phrase] as number;
    const isBefore = number < BEFORE_STATUS.length;
    if (number >= (isBefore ? before : after) || !holds(RULES[number] as ReasonRule, facts, stage)) continue;
    if (isBefore) before = number;
    else after = number;
  }
  return [RULES[before], RULES[after]];
}

function lastRule(text: string): ReasonRule | undefined {
  let first = LAST.length;
  for (const phrase of LAST_PHRASES.matches(text)) first = Math.min(first, LAST_OF_PHRASE[phrase] as number);
  return LAST[first];
}

function holds(rule: ReasonRule, facts: ReasonFacts, stage: () => SmtpStage | undefined): boolean {
  if (rule.status && !rule.status.some((prefix) => facts.status?.startsWith(prefix))) return false;
  if (rule.formats && !rule.formats.includes(facts.format)) return false;
  if (!rule.stage) return true;
  const refusedAt = stage();
  return refusedAt !== undefined && rule.stage.includes(refusedAt);
}

/** Looked for only when a rule asks, which few do. */
function lazyStage(known: SmtpStage | undefined, text: string): () => SmtpStage | undefined {
  let stage = known;
  let isKnown = known !== undefined;
  return () => {
    if (!isKnown) stage = stageOf(text);
    isKnown = true;
    return stage;
  };
}

/** "User unknown" from a server that had the whole message is a filter's excuse, unless the status insists (x.1.1). */
function refine(rule: ReasonRule, facts: ReasonFacts, stage: () => SmtpStage | undefined): DsnReason {
  if (!rule.unlessRcpt || facts.replyCode === undefined || saysAddress(facts.status)) return rule.reason;
  const refusedAt = stage();
  if (refusedAt === "rcpt") return rule.reason;
  return refusedAt !== undefined || isExcuse(facts, rule) ? rule.unlessRcpt : rule.reason;
}

/** RFC 3463 section 3.2: subject 1 is about the address, but x.1.7 and x.1.8 about the sender's. */
function saysAddress(status: string | undefined): boolean {
  return status !== undefined && /^[45]\.1\.(?![78]$)/.test(status);
}

const HANGS_ON_STAGE: ReadonlySet<string> = new Set(
  [...RULES, ...LAST].flatMap((rule) => (rule.unlessRcpt ? [rule.id] : [])),
);

/** True where this rule says another thing once it is known at which command the remote refused. */
export function hangsOnStage(ruleId: string, status: string | undefined): boolean {
  return HANGS_ON_STAGE.has(ruleId) && !saysAddress(status);
}

/** Services that take the whole message first and then ask the host behind them: their reports name no command. */
const TAKES_MESSAGE_FIRST: ReadonlySet<ReportFormat> = new Set([
  "dialect:mxlogic",
  "dialect:surfcontrol",
  "dialect:zoho",
]);

/** A reply within the reply: a gateway, which had the message, hands on what the host behind it said. */
const REPLY_IN_REPLY = /\b5\d\d 5\.7\.\d 5\d\d /;

/**
 * Where no command is named, "user unknown" is believed: most such reports are about RCPT. It is not where the receiver is
 * known for the excuse (the rule says so), or where the status is about the mailbox (RFC 3463 section 3.3), which then exists.
 */
function isExcuse({ status, diagnostic, format }: ReasonFacts, rule: ReasonRule): boolean {
  if (rule.excuse === true || TAKES_MESSAGE_FIRST.has(format)) return true;
  if (status === undefined) return false;
  return /^[45]\.2\./.test(status) || REPLY_IN_REPLY.test(diagnostic ?? "");
}

function lastResort(
  status: string | undefined,
  replyCode: string | undefined,
  action: DsnAction,
  text: string,
  stage: SmtpStage | undefined,
): ExplainedReason {
  const byReply = replyCode && reasonOfReply(replyCode);
  const bySubject = status && reasonOfSubject(status);
  // "Content" and "security" say more than a reply code; "syntax" and "system" are what servers say of anything.
  if (bySubject && /^[45]\.[67]\./.test(status)) return { reason: bySubject, rule: `subject-${status.slice(0, 3)}` };
  if (byReply) return { reason: byReply, rule: `reply-${replyCode}` };
  if (bySubject) return { reason: bySubject, rule: `subject-${status.slice(0, 3)}` };
  if (stage === "starttls") return { reason: "failed-starttls", rule: "stage-starttls" };
  if (stage === "connect") return { reason: "blocked", rule: "stage-connect" };
  if (action === "delayed") return { reason: "expired", rule: "action-delayed" };
  return text.trim() === ""
    ? { reason: "undefined", rule: "no-diagnostic" }
    : { reason: "on-hold", rule: "unknown-words" };
}

// The codes that a multi-line reply repeats ("550-5.7.26 ... 550 5.7.26 ...") tear sentences apart.
const REPEATED_CODE = / ([245]\d\d)[- ](?:#?[245]\.\d{1,3}\.\d{1,3} )?(?=.)/g;

/** Lower case, one line, plain quotes, single blanks, the repeated codes of a multi-line reply removed; padded with blanks. */
function normalizeDiagnostic(diagnostic: string): string {
  const lower = diagnostic.slice(0, MAX_CHARS).toLowerCase();
  const line = ` ${/[\t\n\r]| {2}/.test(lower) ? singleBlanks(lower) : lower} `;
  const plain = line.includes("\u2019") ? line.replaceAll("\u2019", "'") : line;
  return joinContinuations(withoutIronPortPreface(plain));
}

/** QUIRK(ironport): "5.1.0 - Unknown address error 550-'5.7.1 ... Access denied'": the preface is its own guess. */
function withoutIronPortPreface(line: string): string {
  return line.replace(/^( smtp;)? [45]\.\d\.\d - [a-z ]{5,60} (?=[45]\d\d-')/, "$1 ");
}

function joinContinuations(line: string): string {
  const first = /[245]\d\d-/.exec(line);
  if (!first) return line;
  let seen = false;
  return line.replace(REPEATED_CODE, (whole) => {
    if (seen) return " ";
    seen = true;
    return whole;
  });
}
