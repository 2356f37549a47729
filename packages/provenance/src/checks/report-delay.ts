/**
 * Report delay: does the time between the returned message's Date and the report fit a message that was really sent?
 *
 * MTAs give up after some days (RFC 5321 section 4.5.4.1: at least 4 to 5), so that the report of a message comes within
 * two weeks, a receipt or an automatic reply when somebody reads it. Bulk software writes a Date of its own, often years
 * off or in the future. Only ever soft, and only against: a date that fits is what most forgers write, too.
 */
import type { DsnReport } from "@triage/reports";
import { type Evidence, evidence, softEvidence } from "../evidence.ts";
import type { CheckInput } from "./check.ts";

const CHECK = "report-delay";
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** LIMIT: clocks of desktop computers are minutes off, those with a wrong time zone up to 14 hours. */
const MAX_AHEAD_MS = DAY_MS;
/** LIMIT: queues live for 5 days, some for 14; held or restored ones for longer. */
const MAX_DELAY_MS = 30 * DAY_MS;

export function checkReportDelay({ report }: CheckInput): Evidence {
  if (report.kind !== "dsn") return evidence(CHECK, "skip", "Only a delivery status notification comes within days.");
  const sent = timeOf(report.returned.headers?.first("date")?.rawValue);
  if (sent === undefined) return evidence(CHECK, "neutral", "The returned message has no date that could be read.");
  const { reported, by } = reportTime(report);
  if (reported === undefined) return evidence(CHECK, "neutral", "The report does not say when it was written.");
  const delayMs = reported - sent;
  if (delayMs < -MAX_AHEAD_MS) {
    return softEvidence(CHECK, "fail", `The returned message is dated ${format(-delayMs)} after ${by}.`);
  }
  if (delayMs > MAX_DELAY_MS) {
    return softEvidence(
      CHECK,
      "fail",
      `The returned message is dated ${format(delayMs)} before ${by}; no server tries for that long.`,
    );
  }
  return evidence(
    CHECK,
    "neutral",
    `The returned message is dated ${format(Math.abs(delayMs))} from ${by}, as any may be.`,
  );
}

/** The clock of the host that took the message (Arrival-Date, RFC 3464 section 2.2.5), else of the one that reports. Never ours: old reports are read in, too. */
function reportTime(report: DsnReport): { readonly reported: number | undefined; readonly by: string } {
  const arrival = timeOf(report.arrivalDate);
  return arrival === undefined
    ? { reported: timeOf(report.date), by: "its report" }
    : { reported: arrival, by: "it arrived where it failed" };
}

function timeOf(date: string | undefined): number | undefined {
  const time = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(time) ? undefined : time;
}

function format(ms: number): string {
  return ms < 2 * DAY_MS ? `${Math.round(ms / HOUR_MS)} hours` : `${Math.round(ms / DAY_MS)} days`;
}
