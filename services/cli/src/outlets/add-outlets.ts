/** The words of `triage outlets`; what they do is loaded when it is asked for. */
import type { Command } from "commander";

export function addOutlets(program: Command, done: (exitCode: number) => void): void {
  program
    .command("outlets")
    .description("where mail for humans is handed over")
    .command("test")
    .description("send one test mail through each outlet, and print what the other side said")
    .option("--config <file>", "triage.yaml (else $TRIAGE_CONFIG)")
    .option("--outlet <id>", "only this one")
    .action(async (options) => {
      const { testOutletsCommand } = await import("./test-outlets-command.ts");
      done(await testOutletsCommand(options));
    });
}
