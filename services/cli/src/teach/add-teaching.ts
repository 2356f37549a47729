/** The words of `triage correct` and `triage model`; what they do is loaded when it is asked for. */
import type { CorrectedVerdict } from "@triage/contracts";
import { Argument, type Command, InvalidArgumentError } from "commander";

/** Written out: `triage pipe` starts once a message, and must not load all contracts for it. */
const VERDICTS: readonly CorrectedVerdict[] = ["genuine-dsn", "user-report", "backscatter", "automated", "spam"];

const API_URL = "http://127.0.0.1:8025";

export function addTeaching(program: Command, done: (exitCode: number) => void): void {
  addCorrect(program, done);
  const model = program
    .command("model")
    .description("what the service learned from corrections: versions, training, going back");
  addReading(model, done);
  addChanging(model, done);
}

function addCorrect(program: Command, done: (exitCode: number) => void): void {
  throughApi(program.command("correct"))
    .description("say what a message is: it goes where it belongs at once, and the service learns from it")
    .argument("<id>", "id of the message, as the footer of the mail shows it")
    .addArgument(new Argument("<verdict>", "what it is").choices(VERDICTS))
    .option("--note <text>", "why, for people")
    .option("--by <name>", "who says so (else the name of the key)")
    .action(async (id: string, verdict: CorrectedVerdict, options) => {
      const { correctCommand } = await import("./correct-command.ts");
      done(await correctCommand(id, verdict, options));
    });
}

function addReading(model: Command, done: (exitCode: number) => void): void {
  throughApi(model.command("list"))
    .description("the versions that are kept, the active one, and how training is doing")
    .action(async (options) => {
      const { listModelsCommand } = await import("./model-commands.ts");
      done(await listModelsCommand(options));
    });
  throughApi(model.command("show"))
    .description("one version, compared with the one that was active before it")
    .argument("[version]", "its number (else the active one)", readVersion)
    .action(async (version: number | undefined, options) => {
      const { showModelCommand } = await import("./model-commands.ts");
      done(await showModelCommand(version, options));
    });
}

function addChanging(model: Command, done: (exitCode: number) => void): void {
  throughApi(model.command("train"))
    .description("train now, and activate what is not worse; also ends what a rollback holds")
    .action(async (options) => {
      const { trainModelCommand } = await import("./model-commands.ts");
      done(await trainModelCommand(options));
    });
  throughApi(model.command("rollback"))
    .description("go back to an older version and stay there")
    .argument("[version]", "its number, 0 for what the service ships (else the one before the active one)", readVersion)
    .action(async (version: number | undefined, options) => {
      const { rollBackModelCommand } = await import("./model-commands.ts");
      done(await rollBackModelCommand(version, options));
    });
}

function throughApi(command: Command): Command {
  return command
    .option("--url <url>", "the ingest service", API_URL)
    .option("--key-file <file>", "file that holds the API key (else $TRIAGE_API_KEY, else the one in ./data)")
    .option("--json", "the answer of the service as it is", false);
}

function readVersion(text: string): number {
  if (!/^(?:0|[1-9]\d{0,8})$/.test(text)) throw new InvalidArgumentError("It must be a version, 0 or more.");
  return Number(text);
}
