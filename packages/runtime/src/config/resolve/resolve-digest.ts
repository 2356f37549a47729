/** The digest that a person wrote -> the one that code uses. */
import { isTimeZone } from "../../rota/zone-clock.ts";
import { findScheduleMistake } from "../../schedule.ts";
import type { Config } from "../config-file.ts";
import type { DigestConfig, HumanConfig } from "../resolved-config.ts";
import type { ReportProblem } from "./secret-files.ts";

export function resolveDigest(
  digest: NonNullable<Config["digest"]>,
  humans: readonly HumanConfig[],
  report: ReportProblem,
): DigestConfig | undefined {
  const { schedule = "0 7 * * 1-5", timeZone = "UTC", to = [] } = digest;
  if (!isTimeZone(timeZone))
    report(["digest", "timeZone"], `must be a time zone such as Europe/Vienna, not "${timeZone}"`);
  const mistake = findScheduleMistake(schedule);
  if (mistake !== undefined) report(["digest", "schedule"], mistake);
  const known = humans.map(({ id }) => id);
  to.forEach((id, index) => {
    if (!known.includes(id)) report(["digest", "to", index], `must be one of ${known.join(", ")}, not "${id}"`);
  });
  if (digest.enabled === false) return undefined;
  return { schedule, timeZone, to, always: digest.always ?? false, maxEntries: digest.maxEntries ?? 5 };
}
