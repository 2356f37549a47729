/**
 * The text on top of the mail to the human: what it is, why, what failed for whom, what to do, and the evidence.
 *
 * A person reads it on a phone at night: the answer first, plain text, 76 columns. Words of strangers are quoted with
 * `| ` so that nobody can write a line that looks like ours. Pure.
 */
import { type Classification, CORRECTED_VERDICTS } from "@triage/contracts";
import { adviceFor } from "@triage/reports";
import type { MessageIncident } from "@triage/store";
import { incidentLines } from "./incident-lines.ts";
import type { MessageLinks } from "./outbound-mail.ts";
import { cleanLine, QUOTE_MARK, quoteLines, wrapLine } from "./plain-text.ts";
import {
  formatPercent,
  gravityOf,
  nameAction,
  nameReason,
  nameVerdict,
  RETURNED_MEANING,
  type Recipient,
} from "./wording.ts";

/** LIMIT: a joe job may name a thousand recipients; the attached original has them all. */
const MAX_FATES_SHOWN = 5;
const MAX_ADDRESSES_SHOWN = 5;
const MAX_EVIDENCE_SHOWN = 8;
const MAX_DEFECTS_SHOWN = 5;
const MAX_PREVIEW_LINES = 40;
const MAX_FIELD_CHARS = 200;
const MAX_DIAGNOSTIC_CHARS = 600;

/** The diagnostic-type that nearly all reports have (RFC 3464 section 2.3.6); the words behind it are what counts. */
const SMTP_DIAGNOSTIC = /^smtp;\s*/i;

export interface SummaryInput {
  /** Id of the message (UUIDv7), by which it is found again. */
  readonly id: string;
  readonly receivedAt: Date;
  readonly classification: Classification;
  /** Header From, To and Subject of the message itself, decoded but not cleaned. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly subject: string | undefined;
  /** What a person wrote, where a person did. */
  readonly preview: string | undefined;
  /** What is attached of the original, and what is not: a sentence each. */
  readonly remarks: readonly string[];
  /** All of the original is attached. */
  readonly isWhole: boolean;
  /** Where the API is reached, without a slash at its end; undefined: calls are named by their path. */
  readonly publicUrl: string | undefined;
  /** The API gives the bytes of messages out. */
  readonly givesBytes: boolean;
  /** The configuration says which domains or relays are ours. */
  readonly isSiteNamed: boolean;
  readonly links: MessageLinks | undefined;
  readonly awaitsAcknowledgement: boolean;
  /** The incident that the message belongs to; undefined: to none. */
  readonly incident: MessageIncident | undefined;
}

/** @returns Lines joined by LF, none longer than 76 columns unless a single word is. */
export function formatSummary(input: SummaryInput): string {
  const { classification } = input;
  const sections = [
    formatVerdict(classification),
    formatRecipients(classification),
    section("What to do", [...formatAdvice(classification), ...formatSiteHint(input), ...formatLinks(input)]),
    section("What happens to others like it", incidentLines(input.incident, input.id)),
    formatLetter(input),
    formatReturned(classification),
    formatDefects(classification),
    formatEvidence(classification),
    formatFooter(input),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title.toUpperCase(), ...lines];
}

function field(name: string, value: string | undefined): string[] {
  const text = cleanLine(value ?? "", MAX_FIELD_CHARS);
  return text === "" ? [] : wrapLine(text, `  ${`${name}:`.padEnd(12)} `, " ".repeat(15));
}

function formatVerdict({ verdict, score, why, report }: Classification): string[] {
  const certainty = verdict === "undecided" ? "" : ` (${verdict}, ${formatPercent(score)})`;
  return [
    ...wrapLine(`This is ${nameVerdict(verdict, report.kind)}${certainty}.`, ""),
    "",
    ...wrapLine(`Why: ${cleanLine(why, MAX_DIAGNOSTIC_CHARS)}`, ""),
  ];
}

function formatRecipients({ report }: Classification): string[] {
  const fates = groupByFate(report.recipients ?? []);
  const shown = fates.slice(0, MAX_FATES_SHOWN).flatMap(formatFate);
  const more = fates.slice(MAX_FATES_SHOWN).flat().length;
  return section("What happened, to whom", more > 0 ? [...shown, `  and ${more} more recipients`] : shown);
}

/** Recipients that met the same fate, the worst first: the same words need not be read ten times. */
function groupByFate(recipients: readonly Recipient[]): readonly (readonly Recipient[])[] {
  const fates = new Map<string, Recipient[]>();
  for (const recipient of recipients) {
    const { address: _, ...fate } = recipient;
    const key = JSON.stringify(fate);
    const group = fates.get(key);
    if (group === undefined) fates.set(key, [recipient]);
    else group.push(recipient);
  }
  return [...fates.values()].toSorted(([one], [other]) => (one && other ? gravityOf(one) - gravityOf(other) : 0));
}

function formatFate(recipients: readonly Recipient[]): string[] {
  const [first] = recipients;
  if (first === undefined) return [];
  const lines = recipients.slice(0, MAX_ADDRESSES_SHOWN).map((r) => `  ${cleanLine(r.address, MAX_FIELD_CHARS)}`);
  const more = recipients.length - MAX_ADDRESSES_SHOWN;
  if (more > 0) lines.push(`  and ${more} more recipients`);
  const codes = [first.replyCode, first.status].filter((code) => code !== undefined).join(" ");
  const reason = first.reason === "delivered" ? "" : nameReason(first.reason);
  const facts = [reason, nameAction(first), codes].filter((fact) => fact !== "").join(", ");
  return [...lines, ...wrapLine(facts, "    "), ...formatWords(first)];
}

/** What the remote said, in its own words. */
function formatWords({ diagnostic, remoteMta }: Recipient): string[] {
  if (diagnostic === undefined) return [];
  const speaker = remoteMta === undefined ? "The report" : cleanLine(remoteMta, MAX_FIELD_CHARS);
  const words = cleanLine(diagnostic.replace(SMTP_DIAGNOSTIC, ""), MAX_DIAGNOSTIC_CHARS);
  return [`    ${speaker} said:`, ...wrapLine(words, `    ${QUOTE_MARK}`)];
}

/** The advice of the route; where it has none, the advice for each reason that occurs. */
function formatAdvice({ advice, report }: Classification): string[] {
  if (advice !== undefined) return wrapLine(cleanLine(advice, MAX_DIAGNOSTIC_CHARS), "  ");
  const reasons = new Set((report.recipients ?? []).map(({ reason }) => reason));
  return [...reasons].flatMap((reason) => wrapLine(adviceFor(reason), "  "));
}

/** Of a bounce, only what came back matters. */
function formatLetter({ classification, from, to, subject, preview }: SummaryInput): string[] {
  if (classification.report.kind === "dsn") return [];
  const fields = [...field("From", from), ...field("To", to), ...field("Subject", subject)];
  if (preview === undefined) return section("The message", fields);
  const quoted = quoteLines(preview, "  ", MAX_PREVIEW_LINES);
  return section("The letter", quoted.length === 0 ? fields : [...fields, "", ...quoted]);
}

function formatReturned({ returned, report }: Classification): string[] {
  if (returned.form === "none" && report.kind !== "dsn") return [];
  return section("The message that came back", [
    ...field("Reported by", report.reportingMta),
    ...field("Returned", RETURNED_MEANING[returned.form]),
    ...field("From", returned.from),
    ...field("Sender", returned.reversePath === "<>" ? "<> (null reverse-path)" : returned.reversePath),
    ...field("Subject", returned.subject),
    ...field("Message-ID", returned.messageId),
  ]);
}

function formatDefects({ report }: Classification): string[] {
  const defects = report.defects ?? [];
  const shown = defects
    .slice(0, MAX_DEFECTS_SHOWN)
    .flatMap(({ code, detail }) => wrapLine(`${code}: ${cleanLine(detail, MAX_FIELD_CHARS)}`, "  ", "    "));
  const more = defects.length - MAX_DEFECTS_SHOWN;
  return section("What is wrong with it", more > 0 ? [...shown, `  and ${more} more defects`] : shown);
}

/** The checks that counted, heaviest first; `+` speaks for the verdict. */
function formatEvidence({ evidence }: Classification): string[] {
  const counted = evidence.filter(({ weight }) => Math.abs(weight) >= 0.05);
  const heaviest = counted.toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, MAX_EVIDENCE_SHOWN);
  return section(
    "Evidence (log-odds)",
    heaviest.flatMap(({ check, outcome, weight, detail }) => {
      const sum = `${weight < 0 ? "-" : "+"}${Math.abs(weight).toFixed(1)}`.padStart(6);
      return wrapLine(`${check} ${outcome}: ${cleanLine(detail, MAX_FIELD_CHARS)}`, `  ${sum}  `, " ".repeat(10));
    }),
  );
}

/** Whether an answer is to mail of ours is hard to tell where nobody has said what is ours. */
function formatSiteHint({ classification: { verdict, report }, isSiteNamed }: SummaryInput): string[] {
  if (isSiteNamed || verdict !== "undecided" || report.kind === "person") return [];
  const hint =
    "triage.yaml names no domains and relays of yours: add site.domains and site.relays, and fewer stay undecided.";
  return wrapLine(hint, "  ");
}

/** On lines of their own and unbroken, so that a tap opens them. */
function formatLinks({ id, links, awaitsAcknowledgement }: SummaryInput): string[] {
  const command = awaitsAcknowledgement ? `triage acknowledge ${id}` : undefined;
  const acknowledge = links?.acknowledge ?? command;
  return [
    ...(acknowledge === undefined ? [] : ["  Say that you see to it, or somebody else is asked:", `  ${acknowledge}`]),
    ...(links?.release === undefined ? [] : ["  Release it:", `  ${links.release}`]),
  ];
}

/** Each call stands on a line of its own, to be copied. */
function formatFooter(input: SummaryInput): string[] {
  const { id, receivedAt, remarks, isWhole, givesBytes, publicUrl = "", classification } = input;
  const call = `${publicUrl}/v1/messages/${id}`;
  const others = CORRECTED_VERDICTS.filter((verdict) => verdict !== classification.verdict);
  const choice = `${others.slice(0, -1).join(", ")} or ${others.at(-1)}`;
  const doubt =
    classification.verdict === "undecided" ? "Say whether it is" : `If it is not ${classification.verdict} but`;
  return [
    ...remarks.flatMap((remark) => wrapLine(remark, "")),
    ...(isWhole || !givesBytes ? [] : ["All of it, as it arrived:", `  GET ${call}/raw`]),
    `Received ${formatTime(receivedAt)}. What is known of it:`,
    `  GET ${call}`,
    ...wrapLine(`${doubt} ${choice}:`, ""),
    `  triage correct ${id} VERDICT`,
    `  POST ${call}/correction`,
  ];
}

/** `2026-11-22 09:00:00 UTC`. */
function formatTime(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
