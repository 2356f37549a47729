/** Which period of the schedule is over. Pure. */
import { lastDue, type Schedule } from "@triage/runtime";

/**
 * A digest ends a minute before its mail: what was judged in that minute may not be on disk yet, and would be in no digest.
 * No statement that writes a verdict may take longer (30 s), and clocks of hosts differ by seconds.
 */
const SETTLE_MS = 60_000;

export interface DuePeriod {
  /** When its mail is due. */
  readonly due: Date;
  readonly until: Date;
  /** Where it begins if it is the first of all; else it begins where the one before ended. */
  readonly firstSince: Date;
}

export function duePeriod(schedule: Schedule, now: Date): DuePeriod {
  const due = lastDue(schedule, now);
  const before = lastDue(schedule, new Date(due.getTime() - 1));
  return { due, until: settled(due), firstSince: settled(before) };
}

function settled(due: Date): Date {
  return new Date(due.getTime() - SETTLE_MS);
}
