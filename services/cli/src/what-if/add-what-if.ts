import { type Command, InvalidArgumentError, Option } from "commander";
import { parseThreshold, type SupposedThresholds } from "./supposed-thresholds.ts";

/** LIMIT: how long a configuration can let retention keep messages. */
const MAX_DAYS = 366;

export function addWhatIf(program: Command, done: (exitCode: number) => void): void {
  program
    .command("what-if")
    .description("judge the stored messages of the last days again, and say what would change; writes nothing")
    .addOption(
      new Option("--threshold <verdict=probability>", "suppose this threshold, as spam=0.95; for several, say it again")
        .argParser((text: string, before: SupposedThresholds) => ({ ...before, ...readThreshold(text) }))
        .default({}, "those of the configuration"),
    )
    .option("--config <file>", "suppose this triage.yaml instead of the one of the service")
    .option("--days <days>", "how far back", parseDays, 7)
    .addOption(
      new Option("--format <format>", "text: for a person; json: one object").choices(["text", "json"]).default("text"),
    )
    .action(async (options) => {
      const { whatIfCommand } = await import("./what-if-command.ts");
      done(await whatIfCommand(options));
    });
}

function readThreshold(text: string): SupposedThresholds {
  const threshold = parseThreshold(text);
  if (typeof threshold === "string") throw new InvalidArgumentError(threshold);
  return threshold;
}

function parseDays(text: string): number {
  const days = Number(text);
  if (!/^\d{1,3}$/.test(text) || days < 1 || days > MAX_DAYS) {
    throw new InvalidArgumentError(`It must be a whole number of days from 1 to ${MAX_DAYS}.`);
  }
  return days;
}
