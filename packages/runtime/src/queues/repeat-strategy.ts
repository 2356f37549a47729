/**
 * When the next job of a schedule is due, for BullMQ's job schedulers: by the same clock as everybody else's.
 *
 * QUIRK(bullmq): its own way, cron-parser, counts an hour that is shown twice as two, and finds no next time at all around some
 * changes of clocks ("loop limit exceeded"); then the chain of jobs ends without a word.
 */
import type { RepeatOptions } from "bullmq";
import { nextDue } from "../schedule.ts";

/**
 * @param afterMs  Milliseconds since 1970.
 * @throws {RangeError} A schedule that the configuration would refuse.
 */
export function repeatStrategy(afterMs: number, { pattern = "", tz = "UTC" }: RepeatOptions): number {
  return nextDue({ schedule: pattern, timeZone: tz }, new Date(afterMs)).getTime();
}
