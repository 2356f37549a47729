/**
 * Delivery into an mbox file (RFC 4155), in the variant mboxrd: every line that begins with any number of `>` and `From ` gets
 * one more `>`, which readers can take away again without loss.
 */
import type { MboxConfig } from "@triage/runtime";
import type { OutboundMail } from "../compose/outbound-mail.ts";
import { shortenDetail } from "./cut-text.ts";
import { withDotLock } from "./dot-lock.ts";
import { appendToMbox } from "./mbox-file.ts";
import type { Outlet, OutletResult } from "./outlet.ts";
import { openSlots } from "./slots.ts";
import { FILE_LIMIT_MS, withinTime } from "./time-limit.ts";

const FROM = "From ";
const LINE_FEED = 0x0a;
const QUOTE = 0x3e;

/** @param limitMs  For one mail, beside the time that another program may hold the lock. */
export function openMboxOutlet(config: MboxConfig, limitMs = FILE_LIMIT_MS): Outlet {
  // One at a time: our own workers need not wait for each other's lock file.
  const slots = openSlots(1);
  return {
    id: config.id,
    lineEnd: "lf",
    async deliver(mail, recipients) {
      const outcome = await slots.run(() => appendOnce(config, mail, limitMs));
      return recipients.map((recipient) => ({ recipient, ...outcome }));
    },
    close: () => slots.idle(),
  };
}

async function appendOnce(
  config: MboxConfig,
  mail: OutboundMail,
  limitMs: number,
): Promise<Omit<OutletResult, "recipient">> {
  // nodemailer folds a long one. What is redirected has ours in its Resent- fields.
  const fields = ["Message-ID: ", "Message-ID:\n ", "Resent-Message-ID: "];
  const markers = fields.map((field) => Buffer.from(`\n${field}${mail.messageId}\n`));
  try {
    const appending = withDotLock(config.path, config.lockTimeoutMs, () =>
      appendToMbox(config.path, formatMboxEntry(mail), markers),
    );
    const appended = await withinTime(appending, config.lockTimeoutMs + limitMs, "the file system");
    return { outcome: "delivered", detail: appended ? `appended to ${config.path}` : "already there" };
  } catch (error) {
    // A lock, a full disk, a quota, a mount that is away: all of them may be gone on the next attempt.
    return { outcome: "error", detail: shortenDetail(error instanceof Error ? error.message : String(error)) };
  }
}

/** The From_ line, the mail, and one empty line. The reverse-path is null, which mbox writes as MAILER-DAEMON. */
export function formatMboxEntry({ id, raw }: Pick<OutboundMail, "id" | "raw">): Buffer {
  const chunks: Buffer[] = [Buffer.from(`${FROM}MAILER-DAEMON ${formatAsctime(timeOf(id))}\n`)];
  let begin = 0;
  for (let at = raw.indexOf(FROM); at >= 0; at = raw.indexOf(FROM, at + 1)) {
    const lineBegin = beginOfQuoted(raw, at);
    if (lineBegin < begin || (lineBegin > 0 && raw[lineBegin - 1] !== LINE_FEED)) continue;
    chunks.push(raw.subarray(begin, lineBegin), Buffer.from(">"));
    begin = lineBegin;
  }
  chunks.push(raw.subarray(begin));
  chunks.push(Buffer.from(raw.at(-1) === LINE_FEED ? "\n" : "\n\n"));
  return Buffer.concat(chunks);
}

function beginOfQuoted(raw: Buffer, at: number): number {
  let begin = at;
  while (begin > 0 && raw[begin - 1] === QUOTE) begin -= 1;
  return begin;
}

/** UUIDv7: milliseconds in its first 48 bits. The same for every repeat. */
function timeOf(id: string): Date {
  const milliseconds = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
  return new Date(Number.isFinite(milliseconds) ? milliseconds : 0);
}

/** `Sun Nov 22 09:00:00 2026`, in UTC (RFC 4155, appendix A). */
function formatAsctime(date: Date): string {
  const [weekday = "", day = "", month = "", year = "", time = ""] = date.toUTCString().split(" ");
  return `${weekday.slice(0, 3)} ${month} ${String(Number(day)).padStart(2, " ")} ${time} ${year}`;
}
