/**
 * `triage token verify`: what the service would make of a token, in its own words, by its own checks.
 *
 * An address is looked at as the forward-path of a bounce that returns nothing, a message as the one that came back.
 */
import { type Envelope, NULL_REVERSE_PATH, parseAddress, parseReversePath, readHeader } from "@triage/message";
import { type Evidence, type ProvenanceCheckId, proveProvenance } from "@triage/provenance";
import { type DsnReport, NOTHING_RETURNED, type Returned } from "@triage/reports";
import { loadConfig } from "@triage/runtime";
import { readOneMessage } from "./read-one-message.ts";

export interface VerifyOptions {
  readonly config?: string;
  /** The day on which the report comes in; default: now. */
  readonly at?: Date;
  /** What the argument is; default: an address. */
  readonly as: "address" | "envelope-id" | "message";
}

/** Which checks can say something of what. */
const CHECKS_OF: Readonly<Record<VerifyOptions["as"], readonly ProvenanceCheckId[]>> = {
  address: ["batv", "srs", "verp"],
  "envelope-id": ["envelope-id"],
  message: ["header-token", "batv", "srs", "verp"],
};

/** Prints a line for each check that has something to say. @returns 0 when the token is valid, else 1. */
export async function verifyTokenCommand(token: string, options: VerifyOptions): Promise<number> {
  const { site } = loadConfig({ path: options.config, env: process.env });
  const { report, envelope } = await presentToken(token, options.as);
  const all = await proveProvenance(report, envelope, site, { now: options.at ?? new Date() });
  const checks = CHECKS_OF[options.as];
  const asked = all.filter(({ check }) => checks.includes(check));
  const decided = asked.filter(({ outcome }) => outcome === "pass" || outcome === "fail");
  const isValid = decided.some(({ outcome }) => outcome === "pass");
  const lines = (decided.length > 0 ? decided : asked).map(formatLine);
  process.stdout.write(`${isValid ? "valid" : "not valid"}: ${token}\n${lines.join("\n")}\n`);
  return isValid ? 0 : 1;
}

function formatLine({ check, outcome, strength, detail }: Evidence): string {
  return `  ${check} ${outcome}${strength === undefined ? "" : `, ${strength}`}: ${detail}`;
}

async function presentToken(
  token: string,
  as: VerifyOptions["as"],
): Promise<{ readonly report: DsnReport; readonly envelope: Envelope }> {
  const nobody: Envelope = { reversePath: NULL_REVERSE_PATH, forwardPaths: [] };
  switch (as) {
    case "address": {
      const address = parseAddress(token);
      if (address === undefined || address.domain === "") throw new Error(`"${token}" is not an address`);
      return { report: bounceOf({}), envelope: { ...nobody, forwardPaths: [address] } };
    }
    case "envelope-id":
      return { report: bounceOf({ envelopeId: token }), envelope: nobody };
    case "message":
      return { report: bounceOf({ returned: await readReturned(token) }), envelope: nobody };
    default:
      return as satisfies never;
  }
}

function bounceOf(known: Partial<DsnReport>): DsnReport {
  return {
    kind: "dsn",
    format: "rfc3464",
    returned: NOTHING_RETURNED,
    traits: [],
    defects: [],
    reportingMta: undefined,
    envelopeId: undefined,
    arrivalDate: undefined,
    queueId: undefined,
    recipients: [],
    ...known,
  };
}

/** @param path `-` is standard input. */
async function readReturned(path: string): Promise<Returned> {
  const bytes = await readOneMessage(path);
  const headers = readHeader(bytes);
  const reversePath = headers.value("return-path");
  return {
    form: "headers",
    headers,
    bytes,
    body: undefined,
    from: parseAddress(headers.value("from") ?? ""),
    reversePath: reversePath === undefined ? undefined : parseReversePath(reversePath),
    messageId: headers.value("message-id"),
    subject: headers.text("subject"),
  };
}
