/**
 * `triage token sign`: makes a token as the site's own systems would, from its configuration. For trying out a recipe,
 * and for scripts that make bounce addresses.
 */
import { type Address, formatAddress, parseAddress, readHeader } from "@triage/message";
import {
  fillTokenPattern,
  type PatternedTokenProfile,
  type SiteProfile,
  signBatv,
  signHeaders,
  signSrs,
} from "@triage/provenance";
import { loadConfig } from "@triage/runtime";
import { readOneMessage } from "./read-one-message.ts";

type SignedScheme = "batv" | "srs" | "verp" | "envelope-id" | "header";

/** RFC 5321 section 4.5.3.1.1: what every MTA must take; longer ones are refused by some. */
const MAX_LOCAL_PART_OCTETS = 64;

export interface SignOptions {
  readonly config?: string;
  /** The day of signing; default: now. */
  readonly at?: Date;
  /** BATV key number. */
  readonly key?: string;
  /** Which of site.verp, from 1. */
  readonly pattern: number;
  readonly id?: string;
  readonly any?: string;
  readonly recipient?: string;
}

/**
 * Prints one token: an address, an ENVID, or a header line.
 *
 * @param value The address to sign (batv, srs) or the message (header; `-` is standard input).
 * @returns     0, or 1 when it cannot be made (said on stderr).
 */
export async function signTokenCommand(
  scheme: SignedScheme,
  value: string | undefined,
  options: SignOptions,
): Promise<number> {
  const { site } = loadConfig({ path: options.config, env: process.env });
  const token = await makeToken(scheme, value, site, options);
  process.stdout.write(`${token}\n`);
  const octets = scheme === "header" || scheme === "envelope-id" ? 0 : Buffer.byteLength(localPartOf(token));
  if (octets > MAX_LOCAL_PART_OCTETS) {
    process.stderr.write(
      `triage token: the local part has ${octets} octets; RFC 5321 lets MTAs refuse more than ${MAX_LOCAL_PART_OCTETS}\n`,
    );
  }
  return 0;
}

function localPartOf(token: string): string {
  return token.slice(0, token.lastIndexOf("@"));
}

function makeToken(
  scheme: SignedScheme,
  value: string | undefined,
  site: SiteProfile,
  options: SignOptions,
): string | Promise<string> {
  const now = options.at ?? new Date();
  switch (scheme) {
    case "batv":
      return formatAddress(signBatv(needAddress(value), chooseKey(site, options.key), now, site.batv?.validDays));
    case "srs": {
      const [secret] = site.srs?.secrets ?? [];
      if (site.srs === undefined || secret === undefined) throw new Error("site.srs is not configured");
      return formatAddress(signSrs(needAddress(value), site.srs.domain, secret, now));
    }
    case "verp":
      return fill(site.verp?.[options.pattern - 1], `site.verp has no pattern ${options.pattern}`, options, now);
    case "envelope-id":
      return fill(site.envelopeId, "site.envelopeId is not configured", options, now);
    case "header":
      return signHeader(site, value);
    default:
      return scheme satisfies never;
  }
}

function needAddress(text: string | undefined): Address {
  const address = parseAddress(text ?? "");
  if (address === undefined || address.domain === "") throw new Error(`"${text ?? ""}" is not an address`);
  return address;
}

function chooseKey(site: SiteProfile, asked: string | undefined): { number: string; secret: string } {
  const keys = site.batv?.keys ?? new Map<string, string>();
  const numbers = [...keys.keys()];
  if (numbers.length === 0) throw new Error("site.batv is not configured");
  if (asked === undefined && numbers.length > 1) throw new Error(`give --key: one of ${numbers.join(", ")}`);
  const number = asked ?? numbers[0] ?? "";
  const secret = keys.get(number);
  if (secret === undefined) throw new Error(`there is no BATV key ${number}, only ${numbers.join(", ")}`);
  return { number, secret };
}

function fill(profile: PatternedTokenProfile | undefined, missing: string, options: SignOptions, now: Date): string {
  if (profile === undefined) throw new Error(missing);
  const recipient = options.recipient === undefined ? undefined : needAddress(options.recipient);
  const filled = fillTokenPattern(profile, { id: options.id, any: options.any, recipient }, now);
  switch (filled.kind) {
    case "filled":
      return filled.text;
    case "missing":
      throw new Error(`the pattern ${profile.pattern.source} needs --${filled.name}`);
    case "ambiguous":
      throw new Error(`with these values an address of ${profile.pattern.source} could not be read back`);
    default:
      return filled satisfies never;
  }
}

async function signHeader(site: SiteProfile, path: string | undefined): Promise<string> {
  const [secret] = site.headerToken?.secrets ?? [];
  if (site.headerToken === undefined || secret === undefined) throw new Error("site.headerToken is not configured");
  if (path === undefined) throw new Error("name the message to sign (- is standard input)");
  const signed = signHeaders(readHeader(await readOneMessage(path)), secret);
  if (signed.kind === "missing") throw new Error(`${path} has no ${signed.name} that could be signed`);
  return `${site.headerToken.field}: ${signed.text}`;
}
