import type { Config } from "../config-file.ts";
import type { RetentionConfig } from "../resolved-config.ts";
import type { ReportProblem } from "./secret-files.ts";

/** Facts without bytes make sense, bytes without facts do not: nobody could say what they are. */
export function resolveRetention(retention: NonNullable<Config["retention"]>, report: ReportProblem): RetentionConfig {
  const days = {
    human: retention.human ?? 90,
    digest: retention.digest ?? 30,
    archive: retention.archive ?? 30,
    facts: retention.facts ?? 400,
  };
  const longest = Math.max(days.human, days.digest, days.archive);
  if (days.facts < longest) {
    report(["retention", "facts"], `must be at least ${longest}, the longest time that bytes are kept`);
  }
  return days;
}
