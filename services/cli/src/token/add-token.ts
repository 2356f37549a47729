/** The words of `triage token`; what they do is loaded when it is asked for. */
import { type Command, InvalidArgumentError, Option } from "commander";

const SCHEMES = ["batv", "srs", "verp", "envelope-id", "header"] as const;

export function addToken(program: Command, done: (exitCode: number) => void): void {
  const token = program
    .command("token")
    .description("sign and verify the tokens that prove our mail ours (BATV, SRS, VERP, ENVID, header field)");
  addSign(token, done);
  addVerify(token, done);
}

function addSign(token: Command, done: (exitCode: number) => void): void {
  token
    .command("sign")
    .description("make a token as our mail servers would, with the keys of the configuration")
    .argument("<scheme>", SCHEMES.join(", "), readScheme)
    .argument("[value]", "the address (batv, srs) or the message file, - for standard input (header)")
    .option("--config <file>", "triage.yaml (else $TRIAGE_CONFIG)")
    .option("--at <date>", "the day of signing, such as 2026-11-22 (default: today)", readDate)
    .option("--key <number>", "batv: the key, where there are several")
    .option("--pattern <number>", "verp: which pattern of site.verp, from 1", readCount, 1)
    .option("--id <text>", "verp, envelope-id: what stands for {id}")
    .option("--any <text>", "verp, envelope-id: what stands for {any}")
    .option("--recipient <address>", "verp, envelope-id: what stands for {recipient}, {local} and {domain}")
    .action(async (scheme: (typeof SCHEMES)[number], value: string | undefined, options) => {
      const { signTokenCommand } = await import("./sign-token.ts");
      done(await signTokenCommand(scheme, value, options));
    });
}

function addVerify(token: Command, done: (exitCode: number) => void): void {
  token
    .command("verify")
    .description("say what a token is, of which key, how old, and whether it is valid (exit code 0) or why not (1)")
    .argument("<token>", "an address, an ENVID, or a message file as it came back, - for standard input")
    .addOption(
      new Option("--as <what>", "what the token is").choices(["address", "envelope-id", "message"]).default("address"),
    )
    .option("--config <file>", "triage.yaml (else $TRIAGE_CONFIG)")
    .option("--at <date>", "the day on which it comes back, such as 2026-11-22 (default: today)", readDate)
    .action(async (text: string, options) => {
      const { verifyTokenCommand } = await import("./verify-token.ts");
      done(await verifyTokenCommand(text, options));
    });
}

function readScheme(text: string): (typeof SCHEMES)[number] {
  const scheme = SCHEMES.find((known) => known === text);
  if (scheme === undefined) throw new InvalidArgumentError(`It must be one of ${SCHEMES.join(", ")}.`);
  return scheme;
}

function readDate(text: string): Date {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new InvalidArgumentError("It must be a date such as 2026-11-22.");
  return new Date(time);
}

function readCount(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError("It must be a number from 1.");
  return Number(text);
}
