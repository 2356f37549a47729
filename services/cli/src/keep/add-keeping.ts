import type { Command } from "commander";

export function addKeeping(program: Command, done: (exitCode: number) => void): void {
  program
    .command("retention")
    .description("drop what the site keeps no longer, as the service does once a day; or say what that would be")
    .option("--config <file>", "triage.yaml of the service (else $TRIAGE_CONFIG)")
    .option("--dry-run", "change nothing", false)
    .option("--yes", "the clock is right, although nothing was seen for long", false)
    .action(async (options) => {
      const { retentionCommand } = await import("./retention-command.ts");
      done(await retentionCommand(options));
    });
  program
    .command("erase")
    .description("remove what is kept of a person: mail from them, mail that names them, their address everywhere")
    .requiredOption("--address <address>", "the person's address; say it once for each address")
    .option("--config <file>", "triage.yaml of the service (else $TRIAGE_CONFIG)")
    .option("--dry-run", "count, and change nothing", false)
    .option("--yes", "do not ask", false)
    .action(async (options) => {
      const { eraseCommand } = await import("./erase-command.ts");
      done(await eraseCommand(options));
    });
}
