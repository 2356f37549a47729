/** The words of `triage dead-letters`; what they do is loaded when it is asked for. */
import { type Command, InvalidArgumentError, Option } from "commander";

const API_URL = "http://127.0.0.1:8025";

export function addDeadLetters(program: Command, done: (exitCode: number) => void): void {
  const command = program
    .command("dead-letters")
    .description("messages that were given up on: look at them, try again, give them to somebody else, put them away");
  addReading(command, done);
  addRetry(command, done);
  addSettling(command, done);
}

function addReading(command: Command, done: (exitCode: number) => void): void {
  filtered(throughApi(command.command("list")))
    .description("those that wait, newest first, a hundred at most")
    .action(async (options) => {
      const { listDeadLettersCommand } = await import("./dead-letter-commands.ts");
      done(await listDeadLettersCommand(options));
    });
  throughApi(command.command("show"))
    .description("one of them: what was given up and why, whom it can be given to, what was done before")
    .argument("<id>", "id of the message")
    .action(async (id: string, options) => {
      const { showDeadLetterCommand } = await import("./dead-letter-commands.ts");
      done(await showDeadLetterCommand(id, options));
    });
}

function addRetry(command: Command, done: (exitCode: number) => void): void {
  signed(filtered(throughApi(command.command("retry"))))
    .description("try again: one, or all that --stage, --since and --error-text leave of --all")
    .argument("[id]", "id of the message")
    .option("--all", "every one that waits", false)
    .action(async (id: string | undefined, options) => {
      const { retryDeadLettersCommand } = await import("./dead-letter-commands.ts");
      done(await retryDeadLettersCommand(id, options));
    });
}

function addSettling(command: Command, done: (exitCode: number) => void): void {
  signed(throughApi(command.command("redirect")))
    .description("deliver it to another human of the configuration instead")
    .argument("<id>", "id of the message")
    .argument("<human>", "id of the human, as triage dead-letters show lists them")
    .action(async (id: string, human: string, options) => {
      const { redirectDeadLetterCommand } = await import("./dead-letter-commands.ts");
      done(await redirectDeadLetterCommand(id, human, options));
    });
  throughApi(command.command("discard"))
    .description("put it away: nobody needs to get it; the message stays in the archive")
    .argument("<id>", "id of the message")
    .requiredOption("--note <text>", "why, for people")
    .option("--by <name>", "who does it (else the name of the key)")
    .action(async (id: string, options) => {
      const { discardDeadLetterCommand } = await import("./dead-letter-commands.ts");
      done(await discardDeadLetterCommand(id, options));
    });
}

function throughApi(command: Command): Command {
  return command
    .option("--url <url>", "the ingest service", API_URL)
    .option("--key-file <file>", "file that holds the API key (else $TRIAGE_API_KEY, else the one in ./data)")
    .option("--json", "the answer of the service as it is", false);
}

function filtered(command: Command): Command {
  return command
    .addOption(new Option("--stage <stage>", "what was given up").choices(["classify", "deliver"]))
    .option("--since <time>", "given up since then, as 2026-11-22 or 2026-11-22T09:00:00Z", readTime)
    .option("--error-text <text>", "part of the error, in any case of letters");
}

function signed(command: Command): Command {
  return command
    .option("--note <text>", "why, for people")
    .option("--by <name>", "who does it (else the name of the key)");
}

function readTime(text: string): string {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new InvalidArgumentError("It must be a time such as 2026-11-22T09:00:00Z.");
  return new Date(ms).toISOString();
}
