/**
 * Lines of Postfix's log (postlogd, syslog, journal): cleanup(8) tells the Message-ID of a queue id, qmgr(8) its sender
 * and its end, the delivery agents what became of each recipient.
 *
 * `program` is `postfix/smtp`, `postfix/relay/smtp` (syslog_name of a service) or `postfix-out/smtp` (an instance): the last
 * part is the daemon, the first the instance. Queue ids are unique in one instance of one host only. Pure.
 */
import type { SentLine } from "@triage/contracts";
import { domainOf, type IsOwnDomain, isElsewhere, sentLineOf } from "./log-delivery.ts";
import type { OpenMessages } from "./open-messages.ts";

export interface PostfixLine {
  readonly timeMs: number;
  readonly host: string;
  readonly program: string;
  /** From the queue id on. */
  readonly text: string;
}

/** Daemons that hand mail on and log `to=<...>, ..., status=...` (postfix(1)). */
const AGENTS: ReadonlySet<string> = new Set(["smtp", "lmtp", "local", "virtual", "pipe", "error", "retry", "discard"]);
/** bounce(8) or our defer log returns these to the sender, whoever was to deliver them. */
const NOT_DELIVERED: ReadonlySet<string> = new Set(["bounced", "deferred", "expired"]);

/** Short ids are hexadecimal, long ones letters and digits without vowels (enable_long_queue_ids). */
const QUEUE_ID = /^[0-9A-Za-z]{5,32}$/;
const SHORT_QUEUE_ID = /^[0-9A-F]+$/;

export function isPostfixDaemon(daemon: string): boolean {
  return daemon === "cleanup" || daemon === "qmgr" || AGENTS.has(daemon);
}

/** @returns What the line tells that we sent; undefined for nearly all of them. */
export function readPostfixLine(
  line: PostfixLine,
  open: OpenMessages,
  isOwn: IsOwnDomain | undefined,
): SentLine | undefined {
  const { program, text } = line;
  const colon = text.indexOf(": ");
  const queueId = text.slice(0, colon);
  if (colon < 0 || !QUEUE_ID.test(queueId)) return undefined;
  const body = text.slice(colon + 2);
  const daemon = program.slice(program.lastIndexOf("/") + 1);
  const key = `${line.host} ${instanceOf(program, queueId)} ${queueId}`;
  if (daemon === "cleanup") {
    if (body.startsWith("message-id=")) noteMessageId(key, body, open);
    return undefined;
  }
  if (daemon === "qmgr") return readQueueManager(line, { key, queueId, body }, open, isOwn);
  if (!body.startsWith("to=<")) return undefined;
  const fate = fateOf(daemon, body);
  if (fate === "delivered-here") return undefined;
  const recipients = [fieldIn(body, 0, "to=<"), fieldIn(body, 0, ", orig_to=<")].filter((text) => text !== "");
  return sentLineOf({ queueId, left: fate === "left", timeMs: line.timeMs, recipients, message: open.get(key) }, isOwn);
}

/**
 * Short ids of two instances may be the same at the same time. Long ones hold the time in microseconds: those are one
 * message even where services have a syslog_name that does not begin with the instance's (`postfix/relay`, in Debian's
 * master.cf, beside a syslog_name of `postfix-out` in main.cf).
 */
function instanceOf(program: string, queueId: string): string {
  return SHORT_QUEUE_ID.test(queueId) ? program.slice(0, program.indexOf("/")) : "";
}

function noteMessageId(key: string, body: string, open: OpenMessages): void {
  const messageId = body.slice("message-id=".length).trim();
  if (messageId !== "" && messageId !== "<>") open.note(key, { messageId });
}

function readQueueManager(
  { timeMs }: PostfixLine,
  { key, queueId, body }: { readonly key: string; readonly queueId: string; readonly body: string },
  open: OpenMessages,
  isOwn: IsOwnDomain | undefined,
): SentLine | undefined {
  if (body.startsWith("removed")) {
    open.end(key);
    return undefined;
  }
  if (!body.startsWith("from=<")) return undefined;
  open.note(key, { senderDomain: domainOf(fieldIn(body, 0, "from=<")) });
  if (!body.includes(", status=expired")) return undefined;
  return sentLineOf({ queueId, left: false, timeMs, recipients: [], message: open.get(key) }, isOwn);
}

/** `delivered-here` is also what is neither: address probes (`deliverable`), a status of some later Postfix. */
function fateOf(daemon: string, body: string): "left" | "not-delivered" | "delivered-here" {
  const status = wordIn(body, ", status=");
  if (NOT_DELIVERED.has(status)) return "not-delivered";
  const left = status === "sent" && daemon === "smtp" && isElsewhere(wordIn(body, ", relay="));
  return left ? "left" : "delivered-here";
}

/** The address between `name` and the `>` that ends it: an address may hold a quoted `>` itself, but not `>,`. */
function fieldIn(body: string, from: number, name: string): string {
  const start = body.indexOf(name, from);
  if (start < 0) return "";
  const end = body.indexOf(">,", start);
  return body.slice(start + name.length, end < 0 ? undefined : end);
}

/** From `name` to the next blank or comma. The remote's words, which could hold the same name, come last, in parentheses. */
function wordIn(body: string, name: string): string {
  const start = body.indexOf(name);
  if (start < 0) return "";
  let end = start + name.length;
  while (end < body.length && body.charAt(end) !== "," && body.charAt(end) !== " ") end += 1;
  return body.slice(start + name.length, end);
}
