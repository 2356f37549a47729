/**
 * Tokens of our own form (VERP addresses, ENVIDs): filled from a pattern, and verified against it.
 *
 * The HMAC is over the whole text in lower case with nothing in its own place, `bounces+42-@example.com` for
 * `bounces+42-{hmac}@example.com`, so that any program can make it: `printf %s TEXT | openssl dgst -sha256 -hmac SECRET`.
 * Pure: the day comes in.
 */
import type { Address } from "@triage/message";
import { isSameHash, keyedHash } from "./keyed-hash.ts";
import { type Captures, matchPattern } from "./match-pattern.ts";
import { hmacOf, type PlaceholderName, type TokenPattern } from "./token-pattern.ts";

const DAY_MS = 86_400_000;

/** A pattern with what it needs to be verified. */
export interface PatternedTokenProfile {
  readonly pattern: TokenPattern;
  /** The newest first; all are accepted. Empty exactly when the pattern has no HMAC. */
  readonly secrets: readonly string[];
  /** For patterns with a {date}: older tokens prove nothing. */
  readonly maxAgeDays: number;
}

/** What is known of a text that fits the pattern. */
export interface TokenFacts {
  /** Lower-cased `local@domain`, where the pattern names the recipient. */
  readonly recipient: string | undefined;
  /** Where the pattern has a {date}; below 0: in the future. */
  readonly ageDays: number | undefined;
}

export type PatternedToken =
  | { readonly kind: "no-match" }
  /** Fits a pattern that has no HMAC. */
  | ({ readonly kind: "alike" } & TokenFacts)
  | { readonly kind: "wrong-hash" }
  /** `secretNumber`: 1 for the newest. */
  | ({ readonly kind: "signed"; readonly secretNumber: number; readonly isCurrent: boolean } & TokenFacts);

/** @param text A whole address (`local@domain`) or an ENVID, in any case of letters. */
export function verifyPatternedToken(text: string, profile: PatternedTokenProfile, now: Date): PatternedToken {
  const folded = text.toLowerCase();
  const local = localPartFor(profile.pattern, folded);
  const captures = local === undefined ? undefined : matchPattern(profile.pattern, local);
  if (local === undefined || captures === undefined) return { kind: "no-match" };
  const facts = { recipient: recipientOf(captures, local), ageDays: ageOf(captures, local, now) };
  const hmac = captures.get("hmac") ?? captures.get("hmac-sha1");
  if (hmac === undefined) return { kind: "alike", ...facts };
  const given = local.slice(hmac.start, hmac.end);
  const signed = folded.slice(0, hmac.start) + folded.slice(hmac.end);
  const algorithm = captures.has("hmac") ? "sha256" : "sha1";
  const index = profile.secrets.findIndex((secret) =>
    isSameHash(given, keyedHash(algorithm, secret, signed).toString("hex").slice(0, given.length)),
  );
  if (index < 0) return { kind: "wrong-hash" };
  const age = facts.ageDays;
  // One day ahead is a clock that goes fast. A date that is none, as 20261399, was signed by us all the same.
  const isCurrent = age === undefined ? !captures.has("date") : age >= -1 && age <= profile.maxAgeDays;
  return { kind: "signed", secretNumber: index + 1, isCurrent, ...facts };
}

/** Whether the text has the form of the pattern, whoever signed it: without the price of an HMAC. */
export function fitsTokenPattern(text: string, pattern: TokenPattern): boolean {
  const local = localPartFor(pattern, text.toLowerCase());
  return local !== undefined && matchPattern(pattern, local) !== undefined;
}

/** What the elements of the pattern are matched with; undefined where the domain is another one. */
function localPartFor({ domain }: TokenPattern, folded: string): string | undefined {
  if (domain === undefined) return folded;
  const at = folded.lastIndexOf("@");
  return folded.slice(at + 1) === domain ? folded.slice(0, at) : undefined;
}

export interface TokenValues {
  readonly id?: string | undefined;
  readonly any?: string | undefined;
  readonly recipient?: Address | undefined;
}

export type FilledToken =
  | { readonly kind: "filled"; readonly text: string }
  | { readonly kind: "missing"; readonly name: "id" | "recipient" }
  /** With these values the text would be read back differently. */
  | { readonly kind: "ambiguous" };

/** Fills a pattern, signed with its newest secret. */
export function fillTokenPattern(profile: PatternedTokenProfile, values: TokenValues, now: Date): FilledToken {
  const { pattern } = profile;
  let hmacAt = -1;
  let text = "";
  for (const element of pattern.elements) {
    if (element.kind === "literal") {
      text += element.text;
      continue;
    }
    if (element.name === "hmac" || element.name === "hmac-sha1") {
      hmacAt = text.length;
      continue;
    }
    const value = valueFor(element.name, values, now);
    if (value === undefined) return { kind: "missing", name: element.name === "id" ? "id" : "recipient" };
    text += value;
  }
  if (pattern.domain !== undefined) text += `@${pattern.domain}`;
  // The values keep their case, for people and logs; what is signed does not depend on it.
  const filled = hmacAt < 0 ? text : text.slice(0, hmacAt) + hmacFor(profile, text.toLowerCase()) + text.slice(hmacAt);
  return isReadBack(filled, profile, values, now) ? { kind: "filled", text: filled } : { kind: "ambiguous" };
}

function hmacFor({ pattern, secrets }: PatternedTokenProfile, folded: string): string {
  const name = hmacOf(pattern);
  const element = pattern.elements.find((item) => item.kind === "placeholder" && item.name === name);
  const length = element?.kind === "placeholder" ? element.length : undefined;
  const hash = keyedHash(name === "hmac-sha1" ? "sha1" : "sha256", secrets[0] ?? "", folded);
  return hash.toString("hex").slice(0, length);
}

function isReadBack(text: string, profile: PatternedTokenProfile, values: TokenValues, now: Date): boolean {
  const read = verifyPatternedToken(text, profile, now);
  if (read.kind === "no-match" || read.kind === "wrong-hash") return false;
  const { recipient } = values;
  if (read.recipient === undefined || recipient === undefined) return true;
  return read.recipient === `${recipient.localPart}@${recipient.domain}`.toLowerCase();
}

function valueFor(name: PlaceholderName, values: TokenValues, now: Date): string | undefined {
  switch (name) {
    case "local":
      return values.recipient?.localPart;
    case "domain":
      return values.recipient?.domain;
    case "id":
      return values.id;
    case "any":
      return values.any ?? "";
    case "date":
      return now.toISOString().slice(0, 10).replaceAll("-", "");
    case "hmac":
    case "hmac-sha1":
      return "";
    default:
      return name satisfies never;
  }
}

function recipientOf(captures: Captures, text: string): string | undefined {
  const local = captures.get("local");
  const domain = captures.get("domain");
  if (local === undefined || domain === undefined) return undefined;
  return `${text.slice(local.start, local.end)}@${text.slice(domain.start, domain.end)}`;
}

/** Whole days between the {date} and today. */
function ageOf(captures: Captures, text: string, now: Date): number | undefined {
  const date = captures.get("date");
  if (date === undefined) return undefined;
  const digits = text.slice(date.start, date.end);
  const sent = Date.parse(`${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}T00:00:00Z`);
  return Number.isNaN(sent) ? undefined : Math.floor(now.getTime() / DAY_MS) - sent / DAY_MS;
}
