/** The words of `triage rota`, `triage acknowledge` and `triage release`; what they do is loaded when it is asked for. */
import { type Command, InvalidArgumentError } from "commander";

const API_URL = "http://127.0.0.1:8025";

export function addHumans(program: Command, done: (exitCode: number) => void): void {
  program
    .command("rota")
    .description("who is on duty now and next, of each human who has a rota")
    .argument("[file]", "triage.yaml (else $TRIAGE_CONFIG)")
    .option("--at <instant>", "instead of now, as 2026-12-24T18:00Z", readInstant)
    .option("--turns <count>", "how many hand-overs to show", readTurns, 3)
    .action(async (file: string | undefined, options: { readonly at?: Date; readonly turns: number }) => {
      const { rotaCommand } = await import("./rota-command.ts");
      done(await rotaCommand(file, options));
    });
  program
    .command("acknowledge")
    .description("say that somebody sees to a message: it goes to no further human")
    .argument("<id>", "id of the message, as the footer of the mail shows it")
    .option("--by <name>", "who sees to it (else the name of the key)")
    .option("--url <url>", "the ingest service", API_URL)
    .option("--key-file <file>", "file that holds the API key (else $TRIAGE_API_KEY, else the one in ./data)")
    .option("--json", "the answer of the service as it is", false)
    .action(async (id: string, options) => {
      const { acknowledgeCommand } = await import("./acknowledge-command.ts");
      done(await acknowledgeCommand(id, options));
    });
  program
    .command("release")
    .description("send a message that was archived, or only told of by a notice, to the human after all")
    .argument("<id>", "id of the message, as the digest or the notice shows it")
    .option("--url <url>", "the ingest service", API_URL)
    .option("--key-file <file>", "file that holds the API key (else $TRIAGE_API_KEY, else the one in ./data)")
    .option("--json", "the answer of the service as it is", false)
    .action(async (id: string, options) => {
      const { releaseCommand } = await import("./release-command.ts");
      done(await releaseCommand(id, options));
    });
}

function readInstant(text: string): Date {
  const instant = new Date(text);
  if (Number.isNaN(instant.getTime()))
    throw new InvalidArgumentError("It must be an instant such as 2026-12-24T18:00Z.");
  return instant;
}

function readTurns(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError("It must be 1 to 999.");
  return Number(text);
}
