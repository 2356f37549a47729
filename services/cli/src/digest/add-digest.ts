/** The words of `triage digest`; what it does is loaded when it is asked for. */
import { type Command, InvalidArgumentError } from "commander";

export function addDigest(program: Command, done: (exitCode: number) => void): void {
  program
    .command("digest")
    .description("what was kept from people since the last digest: print it, or send it")
    .option(
      "--since <instant>",
      "begin of the period, as 2026-11-20T07:00:00Z (else the end of the last digest)",
      readInstant,
    )
    .option("--until <instant>", "end of the period (else now)", readInstant)
    .option("--of <id>", "the period of this digest, such as one that nobody took (GET /v1/digests lists them)")
    .option(
      "--send",
      "send it instead, by the delivery role that runs; the schedule goes on as if it had not been",
      false,
    )
    .option("--config <file>", "triage.yaml of the service (else $TRIAGE_CONFIG)")
    .action(async (options) => {
      const { digestCommand } = await import("./digest-command.ts");
      done(await digestCommand(options));
    });
}

function readInstant(text: string): Date {
  const time = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(time.getTime())) {
    throw new InvalidArgumentError("It must be a date or a point in time, such as 2026-11-20T07:00:00Z.");
  }
  return time;
}
