/**
 * Reply codes (RFC 5321 section 4.2), enhanced status codes (RFC 3463) and the SMTP stage, out of running text.
 *
 * Diagnostics are prose: addresses, IP addresses, dates, prices of URLs and version numbers stand beside the codes. What
 * counts as a code here therefore has to stand where a server puts one. Pure.
 */
import { PhraseIndex } from "./phrase-index.ts";
import type { SmtpStage } from "./reason-rule.ts";

export interface ReportedCodes {
  /** Three digits, 2yz, 4yz or 5yz. */
  readonly replyCode: string | undefined;
  /** `class.subject.detail`. */
  readonly status: string | undefined;
}

/** LIMIT: a diagnostic longer than this is not read further; codes stand at its front. */
const MAX_CHARS = 4000;

// "port 587", "size: 500", "after 240 minutes": words after which three digits are a number and nothing else.
const NUMBER_BEFORE =
  /\b(?:(?:port|line|size|limit|maximum|max|pid|uid|id|version|ticket)\s{0,4}[:#=]?|(?:than|of|for|in|after|at|over|to))\s{1,4}$|\b(?:port|pid|uid|id)[:#=]$/i;
const NUMBER_AFTER =
  /^\s{0,4}(?:-?\s{0,4}(?:bytes?|kb|mb|seconds?|secs?|minutes?|mins?|hours?|days?|times|recipients|messages|connections|characters|octets|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,9})\b|\/|%)/i;

/**
 * Takes the codes from a diagnostic or from a dialect's text for one recipient.
 *
 * Where several stand there, the reply code directly before a status code wins, then one of the same class as the
 * status, then the first. A status `x.0.0` gives way to one that says more.
 *
 * @see RFC 5321 section 4.2, RFC 3463 section 2
 */
export function codesOf(text: string): ReportedCodes {
  const { replies, statuses } = scanCodes(text.length > MAX_CHARS ? text.slice(0, MAX_CHARS) : text);
  const status = preferredStatus(statuses, replies);
  const reply = preferredReply(replies, status);
  return { replyCode: reply?.code, status: status?.code };
}

interface Found {
  readonly code: string;
  readonly at: number;
}

/** Everything in the text that begins with a 2, 4 or 5 and looks like a code; a walk by hand, five times a pattern's speed. */
function scanCodes(text: string): { readonly replies: readonly Found[]; readonly statuses: readonly Found[] } {
  const replies: Found[] = [];
  const statuses: Found[] = [];
  for (let at = 0; at < text.length; at++) {
    const first = text.charCodeAt(at);
    if (first !== 50 && first !== 52 && first !== 53) continue;
    if (text.charCodeAt(at + 1) === 46) {
      const code = statusAt(text, at);
      if (code) statuses.push({ code, at });
    } else if (isReplyAt(text, at)) replies.push({ code: text.slice(at, at + 3), at });
  }
  return { replies: errorsOf(replies), statuses: errorsOf(statuses) };
}

/** A session printed whole begins with "220" and "250 2.1.0": where there are errors, they are what the text is about. */
function errorsOf(found: readonly Found[]): readonly Found[] {
  const errors = found.filter(({ code }) => !code.startsWith("2"));
  return errors.length > 0 ? errors : found;
}

const STATUS = /[245]\.(\d{1,3})\.(\d{1,3})(?![\d@A-Za-z]|\.\d)/y;

/**
 * A status may follow "(#" (qmail), a bracket, a quote (IronPort) or a reply code and dash; never a digit, letter or dot,
 * which would make it a part of an IP address, a date or a version.
 */
function statusAt(text: string, at: number): string | undefined {
  if (at > 0 && /[\w./]/.test(text[at - 1] as string)) return undefined;
  STATUS.lastIndex = at;
  const match = STATUS.exec(text);
  return match ? `${text[at]}.${Number(match[1])}.${Number(match[2])}` : undefined;
}

/** `550 5.1.1`: nothing but a reply looks like this, whatever word stands before it. */
const STATUS_BEHIND = /^[ -]['#(]?[245]\.\d/;

/** A reply code stands at the front, or after a blank, colon, bracket or quote, and ends at one of those or a dash. */
function isReplyAt(text: string, at: number): boolean {
  const second = text.charCodeAt(at + 1);
  const third = text.charCodeAt(at + 2);
  if (second < 48 || second > 53 || third < 48 || third > 57) return false;
  if (at > 0 && !" \t\n\r:;,(['\"<>#".includes(text[at - 1] as string)) return false;
  const next = text[at + 3];
  if (next !== undefined && !" \t\n\r-:,)]'\"#;.=".includes(next)) return false;
  if (next === "." && /\d/.test(text[at + 4] ?? "")) return false;
  if (STATUS_BEHIND.test(text.slice(at + 3, at + 8))) return true;
  return (
    !NUMBER_AFTER.test(text.slice(at + 3, at + 16)) &&
    !(at > 0 && NUMBER_BEFORE.test(text.slice(Math.max(0, at - 12), at)))
  );
}

/** A status beside a reply code of its own class is the remote's; elsewhere it may be a gateway's guess or a default. */
function preferredStatus(found: readonly Found[], replies: readonly Found[]): Found | undefined {
  const telling = found.filter(({ code }) => !code.endsWith(".0.0"));
  const answered = telling.find((status) =>
    replies.some((reply) => isBeside(reply, status) && reply.code[0] === status.code[0]),
  );
  return answered ?? telling[0] ?? found[0];
}

function preferredReply(found: readonly Found[], status: Found | undefined): Found | undefined {
  if (!status) return found[0];
  const sameClass = (reply: Found): boolean => reply.code[0] === status.code[0];
  return found.findLast((reply) => isBeside(reply, status) && sameClass(reply)) ?? found.find(sameClass) ?? found[0];
}

/** `550 5.1.1`, `550-5.1.1`, `550-'5.1.1`, `550 #5.1.1`. */
function isBeside(reply: Found, status: Found): boolean {
  return reply.at < status.at && status.at - reply.at <= 6;
}

/** What MTAs write about the point at which the remote refused. First column lower case. */
const STAGE_WORDS: readonly (readonly [string, SmtpStage])[] = [
  // Postfix smtp_chat.c / smtp_trouble.c: "(in reply to RCPT TO command)".
  ["in reply to rcpt to", "rcpt"],
  ["in reply to mail from", "mail"],
  ["in reply to end of data", "data"],
  ["in reply to data", "data"],
  ["in reply to bdat", "data"],
  ["in reply to helo", "connect"],
  ["in reply to ehlo", "connect"],
  ["in reply to starttls", "starttls"],
  ["in reply to auth", "auth"],
  ["refused to talk to me", "connect"],
  // Exim transports/smtp.c and deliver.c: "SMTP error from remote mail server after RCPT TO:<...>".
  ["after rcpt to", "rcpt"],
  ["after mail from", "mail"],
  ["after pipelined mail from", "mail"],
  ["after pipelined rcpt to", "rcpt"],
  ["after end of data", "data"],
  ["after pipelined end of data", "data"],
  ["after data", "data"],
  ["after initial connection", "connect"],
  ["after ehlo", "connect"],
  ["after helo", "connect"],
  ["after starttls", "starttls"],
  ["after rcpt command", "rcpt"],
  ["after mail command", "mail"],
  ["following rcpt command", "rcpt"],
  // GMX and 1&1: "SMTP error from remote server for RCPT TO command, host: ...".
  ["remote server for rcpt to", "rcpt"],
  ["remote server for mail from", "mail"],
  ["remote server for data", "data"],
  ["after transfer of mail text", "data"],
  // qmail-remote.c.
  ["does not like recipient", "rcpt"],
  ["but sender was rejected", "mail"],
  ["but my name was rejected", "connect"],
  ["but greeting failed", "connect"],
  ["failed on data command", "data"],
  ["failed after i sent the message", "data"],
  // DragonFly dma net.c.
  ["did not like our rcpt to", "rcpt"],
  ["did not like our mail from", "mail"],
  ["did not like our final data", "data"],
  ["did not like our data", "data"],
  ["did not like our ehlo", "connect"],
  ["did not like our helo", "connect"],
  // Yahoo, Sendmail and IMail transcripts.
  ["[rcpt_to]", "rcpt"],
  ["[mail_from]", "mail"],
  [">>> rcpt to:", "rcpt"],
  [">>> mail from:", "mail"],
  ["rcpt to generated following response", "rcpt"],
  ["smtp:rcpt", "rcpt"],
  ["body of message generated response", "data"],
  ["recipient address rejected", "rcpt"],
];

const STAGES = new PhraseIndex(STAGE_WORDS.map(([words]) => words));

/**
 * The stage that the text names, as far as it names one. A Sendmail transcript names several; the last command before the
 * refusal is the one that counts, so of two the later place wins.
 */
export function stageOf(text: string): SmtpStage | undefined {
  const lower = text.toLowerCase();
  let best: SmtpStage | undefined;
  let bestAt = -1;
  for (const number of STAGES.matches(lower)) {
    const [words, stage] = STAGE_WORDS[number] as readonly [string, SmtpStage];
    const at = lower.lastIndexOf(words);
    if (at <= bestAt) continue;
    best = stage;
    bestAt = at;
  }
  return best;
}
