import { type Command, Option } from "commander";

const format = () =>
  new Option("--format <format>", "text: for a person; json: one line per message")
    .choices(["text", "json"])
    .default("text");

export function addPolicy(program: Command, done: (exitCode: number) => void): void {
  const policy = program.command("policy").description("the table that says what reaches a person");
  policy
    .command("explain")
    .description("every row of the policy for a message, in order: whether it matches, and what kept it from it")
    .argument("<path...>", "what to read, in this order: files, folders, mbox files, or - for standard input")
    .option("--config <file>", "triage.yaml: whose policy, and what makes a message ours (else $TRIAGE_CONFIG)")
    .addOption(format())
    .option("--reverse-path <address>", "envelope sender of every message; '' or '<>' is the null reverse-path")
    .option("--forward-path <address...>", "envelope recipients of every message")
    .action(async (paths: string[], options) => {
      const { policyExplainCommand } = await import("./policy-explain-command.ts");
      done(await policyExplainCommand(paths, options));
    });
  policy
    .command("list")
    .description("the table in effect")
    .option("--config <file>", "triage.yaml (else $TRIAGE_CONFIG, else the built-in table)")
    .addOption(format())
    .action(async (options) => {
      const { policyListCommand } = await import("./policy-list-command.ts");
      done(await policyListCommand(options));
    });
}
