/** The words of the command line. What a command does is loaded when it is asked for: `--help` and `pipe` start light. */
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { addDeadLetters } from "./dead-letters/add-dead-letters.ts";
import { addDigest } from "./digest/add-digest.ts";
import { MEASURE_NAMES, MEASURES, type MeasureName } from "./evaluate/thresholds.ts";
import { addHumans } from "./humans/add-humans.ts";
import { addIncidents } from "./incidents/add-incidents.ts";
import { addKeeping } from "./keep/add-keeping.ts";
import { addOutlets } from "./outlets/add-outlets.ts";
import { addPolicy } from "./policy/add-policy.ts";
import { addTeaching } from "./teach/add-teaching.ts";
import { addToken } from "./token/add-token.ts";
import { addWhatIf } from "./what-if/add-what-if.ts";

/** sysexits.h: the MTA keeps the message and tries again. */
const EX_TEMPFAIL = 75;

/**
 * Runs one command line.
 *
 * @param argv  As in `process.argv`: interpreter, script, then the words.
 * @returns     The exit code: 0 done, 1 something could not be done (said on stderr); `pipe` uses those of sysexits.h,
 *              of which 75 is for a mistake in its options: on 1 an MTA would bounce the message.
 */
export async function runCli(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = buildProgram((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    // Commander has already written its message; `--help` and `--version` end up here with exit code 0.
    const failed = argv[2] === "pipe" ? EX_TEMPFAIL : 1;
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : failed;
    process.stderr.write(`triage: ${error instanceof Error ? error.message : String(error)}\n`);
    return failed;
  }
  return exitCode;
}

function buildProgram(done: (exitCode: number) => void): Command {
  const program = new Command("triage")
    .description("Triage for the postmaster mailbox: says what each message is, and why.")
    .exitOverride()
    .showHelpAfterError("(triage --help lists the commands)");
  addClassify(program, done);
  addWhy(program, done);
  addWhatIf(program, done);
  addCheckConfig(program, done);
  addOutlets(program, done);
  addPolicy(program, done);
  addRun(program, done);
  addPipe(program, done);
  addToken(program, done);
  addFollow(program, done);
  addTeaching(program, done);
  addDeadLetters(program, done);
  addIncidents(program, done);
  addHumans(program, done);
  addKeeping(program, done);
  addDigest(program, done);
  addEvaluate(program, done);
  return program;
}

function addClassify(program: Command, done: (exitCode: number) => void): void {
  program
    .command("classify")
    .description("classify messages: files, folders, mbox files, or - for standard input")
    .argument("<path...>", "what to read, in this order")
    .option("--config <file>", "triage.yaml: what makes a message ours (else $TRIAGE_CONFIG, else an empty site)")
    .addOption(
      new Option("--format <format>", "json: one line per message; text: for a person")
        .choices(["json", "text"])
        .default("json"),
    )
    .option("--reverse-path <address>", "envelope sender of every message; '' or '<>' is the null reverse-path")
    .option("--forward-path <address...>", "envelope recipients of every message")
    .action(async (paths: string[], options) => {
      const { classifyCommand } = await import("./classify/classify-command.ts");
      done(await classifyCommand(paths, options));
    });
}

function addWhy(program: Command, done: (exitCode: number) => void): void {
  program
    .command("why")
    .description("why a message is what it is: every check, the sums, the route, and what would change the verdict")
    .argument("<path...>", "what to read, in this order")
    .option("--config <file>", "triage.yaml: what makes a message ours (else $TRIAGE_CONFIG, else an empty site)")
    .addOption(
      new Option("--format <format>", "text: for a person; json: one line per message")
        .choices(["text", "json"])
        .default("text"),
    )
    .option("--reverse-path <address>", "envelope sender of every message; '' or '<>' is the null reverse-path")
    .option("--forward-path <address...>", "envelope recipients of every message")
    .action(async (paths: string[], options) => {
      const { whyCommand } = await import("./why/why-command.ts");
      done(await whyCommand(paths, options));
    });
}

function addCheckConfig(program: Command, done: (exitCode: number) => void): void {
  program
    .command("check-config")
    .description("read the configuration as the service would, say what is wrong with it, and start nothing")
    .argument("[file]", "triage.yaml (else $TRIAGE_CONFIG)")
    .action(async (file: string | undefined) => {
      const { checkConfigCommand } = await import("./check-config-command.ts");
      done(await checkConfigCommand(file));
    });
}

function addRun(program: Command, done: (exitCode: number) => void): void {
  program
    .command("run")
    .description("run one role of the service; start any number of each")
    .argument("<role>", "ingest, classifier or delivery")
    .action(async (role: string) => {
      const { runCommand } = await import("./run-command.ts");
      done(await runCommand(role));
    });
}

function addPipe(program: Command, done: (exitCode: number) => void): void {
  program
    .command("pipe")
    .description("hand one message on standard input to the service: for a pipe transport or an alias of an MTA")
    .option("--url <url>", "the ingest service", "http://127.0.0.1:8025")
    .option("--key-file <file>", "file that holds the API key (else $TRIAGE_API_KEY)")
    .option("--reverse-path <address>", "envelope sender; '' or '<>' is the null reverse-path")
    .option("--forward-path <address...>", "envelope recipients")
    .option(
      "--from-environment",
      "what is not given of the envelope is in $SENDER, $ORIGINAL_RECIPIENT or $RECIPIENT, as Exim and Postfix's aliases have it",
    )
    .option("--client-ip <ip>", "the SMTP client that handed the message over")
    .option("--client-helo <name>", "what that client said in HELO or EHLO")
    .option("--queue-id <id>", "the queue id of the MTA")
    .action(async (options) => {
      const { pipeCommand } = await import("./pipe-command.ts");
      done(await pipeCommand(options));
    });
}

function addFollow(program: Command, done: (exitCode: number) => void): void {
  program
    .command("follow")
    .description("feed the sent ledger from the logs of Postfix or Exim: what this site sent")
    .argument("<log...>", "logs, as /var/log/mail.log (rotated files are found), or - for standard input")
    .option("--url <url>", "the ingest service", "http://127.0.0.1:8025")
    .option("--key-file <file>", "file that holds the API key (else $TRIAGE_API_KEY, else the one in ./data)")
    .option("--state <file>", "where it remembers how far it is (else follow.json in the data folder)")
    .addOption(
      new Option("--format <format>", "auto: each line says itself")
        .choices(["auto", "postfix", "exim"])
        .default("auto"),
    )
    .option("--once", "end at the end of the log instead of waiting for more", false)
    .option("--from-start", "read everything there is, rotated and compressed files too", false)
    .option("--time-zone <zone>", "of stamps that name none, as Europe/Vienna (else that of this process)")
    .option("--config <file>", "triage.yaml: mail from elsewhere to site.domains is left out (a gateway's)")
    .action(async (logs: string[], options) => {
      const { followCommand } = await import("./follow/follow-command.ts");
      done(await followCommand(logs, options));
    });
}

function addEvaluate(program: Command, done: (exitCode: number) => void): void {
  const minimums: Partial<Record<MeasureName, number>> = {};
  const command = program
    .command("evaluate")
    .description("count what is found of what is labelled in a corpus, and what is wrongly called a bounce")
    .argument("[corpus]", "a folder with labels.tsv (else $TRIAGE_CORPUS)")
    // QUIRK(commander): takes a name that begins with no- for a negation, and keeps the value as `bounces`.
    .option("--no-bounces <folder...>", "folders of mail (.eml, .txt) that is no bounce", [])
    .option("--spam-assassin", "the SpamAssassin corpus as mail that is no bounce (fetches it once: 20 MB)", false)
    .option("--twins", "judge each bounce for sites that sent the returned message and for sites that did not", false)
    .option("--json", "one JSON object instead of tables", false)
    .option("--max-false-bounces <count>", "most messages that may be called a bounce and are none", parseCount);
  for (const name of MEASURE_NAMES) {
    command.option(`--min-${name} <percent>`, `least share: ${MEASURES[name].means}`, (text) => {
      minimums[name] = parsePercent(text);
    });
  }
  command.action(async (corpus: string | undefined, { bounces, spamAssassin, twins, json, maxFalseBounces }) => {
    if (twins) {
      const { twinsCommand } = await import("./evaluate/twins/twins-command.ts");
      return done(await twinsCommand(corpus, json));
    }
    const { evaluateCommand } = await import("./evaluate/evaluate-command.ts");
    const thresholds = { minimums, maxFalseBounces };
    done(await evaluateCommand(corpus, { noBounces: bounces, spamAssassin, json, thresholds }));
  });
}

function parsePercent(text: string): number {
  const percent = Number(text);
  if (text.trim() === "" || !(percent >= 0 && percent <= 100)) throw new InvalidArgumentError("Not a percentage.");
  return percent;
}

function parseCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("Not a count.");
  return Number(text);
}
