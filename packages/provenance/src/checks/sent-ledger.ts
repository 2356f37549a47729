/**
 * Sent ledger: does our own record of what we sent know the returned message?
 *
 * Found by an id is near certain; by the mere fact that we wrote to the recipient lately it is a hint, because forgers
 * choose addresses that others write to as well. Absence counts only when the ledger is complete, the report names a
 * Message-ID (a queue id or ENVID alone may be some other host's), and the ledger covers the time of the message: its
 * feed has gone on since, and has not stopped.
 */
import { type Evidence, evidence, softEvidence } from "../evidence.ts";
import type { SentKeys, SentLedgerAnswer, SentLedgerCoverage } from "../ports.ts";
import { sentKeysOf } from "../sent-keys.ts";
import type { LedgerProfile } from "../site-profile.ts";
import type { CheckInput } from "./check.ts";

const CHECK = "sent-ledger";
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A report about a message comes at most this long after we logged it: queues give up after five days (RFC 5321 section 4.5.4.1). */
const REPORT_WITHIN_DAYS = 7;
/** Clocks of mail programs are set by people. */
const CLOCK_SLACK_MS = DAY_MS / 2;
/** Our own bounce can be here before the log line of what it returns is: feeds collect lines for some seconds. */
const FEED_LAG_MS = 30_000;
const STALE_AFTER_MINUTES = 60;

const NO_LEDGER = found("skip", "No sent ledger is at hand.");

export function checkSentLedger({ report, site, ports }: CheckInput): Evidence | Promise<Evidence> {
  if (ports.ledger === undefined) return NO_LEDGER;
  const keys = sentKeysOf(report, site.profile);
  if (keys === undefined) {
    return found(
      "neutral",
      "The report names no Message-ID, queue id, ENVID or recipient that the sent ledger could know.",
    );
  }
  const question: Question = { keys, ledger: site.profile.ledger, now: ports.now };
  return ports.ledger.find(keys).then((answer) => judge(answer, question));
}

interface Question {
  readonly keys: SentKeys;
  readonly ledger: LedgerProfile;
  readonly now: Date;
}

function found(outcome: Evidence["outcome"], detail: string): Evidence {
  return evidence(CHECK, outcome, detail);
}

function judge(answer: SentLedgerAnswer, question: Question): Evidence {
  switch (answer.kind) {
    case "found":
      return judgePresence(answer, question);
    case "temperror":
      return found("temperror", `The sent ledger could not be asked: ${answer.detail}.`);
    case "absent": {
      const doubt = doubtOfAbsence(answer.coverage, question);
      if (doubt !== undefined) return found("neutral", `The sent ledger does not know the returned message, ${doubt}.`);
      return found(
        "fail",
        `The sent ledger is complete for the last ${question.ledger.days} days and does not know the returned message.`,
      );
    }
    default:
      return answer satisfies never;
  }
}

function judgePresence(
  { by, at }: Extract<SentLedgerAnswer, { readonly kind: "found" }>,
  { keys, now }: Question,
): Evidence {
  switch (by) {
    case "message-id":
    case "envelope-id":
      return found("pass", `The sent ledger knows the returned message by its ${KEY_NAMES[by]}: sent ${day(at)}.`);
    case "queue-id": {
      const detail = `The sent ledger knows the queue id ${keys.queueId}: used ${day(at)}`;
      if (keys.sentAt === undefined)
        return softEvidence(CHECK, "pass", `${detail}; the date of the message is not known.`);
      if (!isInTime(at, keys.sentAt)) {
        return found("neutral", `${detail}, not when the message was sent; MTAs use short queue ids again.`);
      }
      return found("pass", `${detail}, when the returned message was sent.`);
    }
    case "recipient": {
      const ageDays = (now.getTime() - at.getTime()) / DAY_MS;
      if (ageDays > REPORT_WITHIN_DAYS) {
        return found(
          "neutral",
          `We wrote to the recipient on ${day(at)} last; a report on that would have come earlier.`,
        );
      }
      return softEvidence(
        CHECK,
        "pass",
        `The report has no id to look up, but we wrote to its recipient on ${day(at)}.`,
      );
    }
    default:
      return by satisfies never;
  }
}

/** QUIRK(postfix): short queue ids are microseconds and inode; a busy host uses each again within days. */
function isInTime(loggedAt: Date, sentAt: Date): boolean {
  const delayMs = loggedAt.getTime() - sentAt.getTime();
  return delayMs >= -CLOCK_SLACK_MS && delayMs <= REPORT_WITHIN_DAYS * DAY_MS;
}

/** @returns Why absence says nothing, as the end of a sentence; undefined when it does speak against us. */
function doubtOfAbsence(coverage: SentLedgerCoverage | undefined, question: Question): string | undefined {
  const { keys, ledger, now } = question;
  if (!ledger.complete) return "but it is not complete";
  if (keys.messageId === undefined) return "but the report names no Message-ID";
  if (keys.sentAt === undefined) return "but its date is not known either";
  const ageDays = (now.getTime() - keys.sentAt.getTime()) / DAY_MS;
  if (ageDays > ledger.days) return `which is ${Math.floor(ageDays)} days old; the ledger keeps ${ledger.days}`;
  if (coverage === undefined) return "but it is empty";
  const silentMinutes = Math.floor((now.getTime() - coverage.newest.getTime()) / MINUTE_MS);
  if (silentMinutes > (ledger.staleAfterMinutes ?? STALE_AFTER_MINUTES)) {
    return `but its newest entry is ${silentMinutes} minutes old: its feed may have stopped`;
  }
  if (keys.sentAt < coverage.oldest) return `but it begins only on ${day(coverage.oldest)}, after the message was sent`;
  if (keys.sentAt.getTime() + FEED_LAG_MS > coverage.newest.getTime()) {
    return "but its newest entry is not later than the message: it may not have come so far";
  }
  return undefined;
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

const KEY_NAMES = { "message-id": "Message-ID", "envelope-id": "ENVID" } as const;
