/**
 * Sent ledger: does our own record of what we sent know the returned message?
 *
 * Found is near certain. Absent counts only when the ledger is complete, the message is young enough to be in it still,
 * and the report names a Message-ID: a queue id or ENVID alone may be some other host's.
 */
import type { Report } from "@triage/reports";
import { type Evidence, evidence } from "../evidence.ts";
import type { SentLedgerAnswer } from "../ports.ts";
import { sentKeysOf } from "../sent-keys.ts";
import type { LedgerProfile } from "../site-profile.ts";
import type { CheckInput } from "./check.ts";

const DAY_MS = 86_400_000;

export function checkSentLedger({ report, site, ports }: CheckInput): Evidence | Promise<Evidence> {
  if (ports.ledger === undefined) return found("skip", "No sent ledger is at hand.");
  const keys = sentKeysOf(report, site.profile);
  if (keys === undefined) {
    return found("neutral", "The report names no Message-ID, queue id or ENVID that the sent ledger could know.");
  }
  return ports.ledger
    .find(keys)
    .then((answer) => judge(answer, keys.messageId !== undefined, report, site.profile.ledger, ports.now));
}

function found(outcome: Evidence["outcome"], detail: string): Evidence {
  return evidence("sent-ledger", outcome, detail);
}

function judge(
  answer: SentLedgerAnswer,
  hasMessageId: boolean,
  report: Report,
  ledger: LedgerProfile,
  now: Date,
): Evidence {
  switch (answer.kind) {
    case "found":
      return found(
        "pass",
        `The sent ledger knows the returned message by its ${KEY_NAMES[answer.by]}: sent ${day(answer.at)}.`,
      );
    case "temperror":
      return found("temperror", `The sent ledger could not be asked: ${answer.detail}.`);
    case "absent":
      return judgeAbsence(hasMessageId, report, ledger, now);
    default:
      return answer satisfies never;
  }
}

function judgeAbsence(hasMessageId: boolean, report: Report, ledger: LedgerProfile, now: Date): Evidence {
  if (!ledger.complete) {
    return found("neutral", "The sent ledger does not know the returned message, but it is not complete.");
  }
  if (!hasMessageId) {
    return found("neutral", "The sent ledger does not know the returned message, but the report names no Message-ID.");
  }
  const sentAt = dateOfReturned(report);
  if (sentAt === undefined) {
    return found("neutral", "The sent ledger does not know the returned message, but its date is not known either.");
  }
  const ageDays = (now.getTime() - sentAt) / DAY_MS;
  if (ageDays > ledger.days) {
    return found(
      "neutral",
      `The sent ledger does not know the returned message, which is ${Math.floor(ageDays)} days old; the ledger keeps ${ledger.days}.`,
    );
  }
  return found(
    "fail",
    `The sent ledger is complete for the last ${ledger.days} days and does not know the returned message.`,
  );
}

/** Date of the returned header, else the Arrival-Date of the DSN; milliseconds since 1970. */
function dateOfReturned(report: Report): number | undefined {
  const dates = [report.returned.headers?.value("date"), report.kind === "dsn" ? report.arrivalDate : undefined];
  for (const text of dates) {
    const time = text === undefined ? Number.NaN : Date.parse(text);
    if (!Number.isNaN(time)) return time;
  }
  return undefined;
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

const KEY_NAMES = { "message-id": "Message-ID", "queue-id": "queue id", "envelope-id": "ENVID" } as const;
