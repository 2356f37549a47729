/**
 * A header field of our own that proves a returned header ours: `X-Triage-Token: HMAC(secret, From, Date, Message-ID)`.
 *
 * What is signed, lines joined by LF without one at the end:
 *   1. the first address of From, in lower case: `ann@example.com`
 *   2. Date: unfolded, each run of white space one space, none at the ends
 *   3. Message-ID with its angle brackets, without white space
 * The value is the hash in hexadecimal: 64 digits are an HMAC-SHA256, 40 an HMAC-SHA1 (for Exim, whose expansions know
 * no HMAC-SHA256). Display names, folding and the case of the address do not count, because gateways change them. Pure.
 */
import { formatAddress, type HeaderList, parseAddress } from "@triage/message";
import { isSameHash, keyedHash } from "./keyed-hash.ts";

/** LIMIT: a header can repeat the field; ours stands once. */
const MAX_TOKENS = 8;

export type HeaderTokenFinding =
  | { readonly kind: "no-token" }
  /** One of the three fields is missing or has no address: nothing can be computed. */
  | { readonly kind: "unsigned-fields"; readonly missing: string }
  | { readonly kind: "wrong-hash" }
  /** `secretNumber`: 1 for the newest. */
  | { readonly kind: "signed"; readonly secretNumber: number };

export type CanonicalFields =
  | { readonly kind: "fields"; readonly text: string }
  | { readonly kind: "missing"; readonly name: "From" | "Date" | "Message-ID" };

/** The text that is signed. */
export function canonicalFields(headers: HeaderList): CanonicalFields {
  const from = parseAddress(headers.value("from") ?? "");
  if (from === undefined) return { kind: "missing", name: "From" };
  const date = withoutRuns(headers.value("date"), " ");
  if (date === "") return { kind: "missing", name: "Date" };
  const messageId = withoutRuns(headers.value("message-id"), "");
  if (messageId === "") return { kind: "missing", name: "Message-ID" };
  return { kind: "fields", text: `${formatAddress(from).toLowerCase()}\n${date}\n${messageId}` };
}

/** @returns The value of the field, or which field the message lacks. */
export function signHeaders(headers: HeaderList, secret: string): CanonicalFields {
  const fields = canonicalFields(headers);
  if (fields.kind === "missing") return fields;
  return { kind: "fields", text: keyedHash("sha256", secret, fields.text).toString("hex") };
}

/** @param field Name of the field, lower-cased. */
export function verifyHeaderToken(headers: HeaderList, field: string, secrets: readonly string[]): HeaderTokenFinding {
  const tokens = headers.all(field).slice(0, MAX_TOKENS);
  if (tokens.length === 0) return { kind: "no-token" };
  const fields = canonicalFields(headers);
  if (fields.kind === "missing") return { kind: "unsigned-fields", missing: fields.name };
  for (const [index, secret] of secrets.entries()) {
    for (const token of tokens) {
      if (isTokenOf(token.rawValue.trim().toLowerCase(), secret, fields.text)) {
        return { kind: "signed", secretNumber: index + 1 };
      }
    }
  }
  return { kind: "wrong-hash" };
}

function isTokenOf(given: string, secret: string, text: string): boolean {
  const algorithm = given.length === 64 ? "sha256" : given.length === 40 ? "sha1" : undefined;
  return algorithm !== undefined && isSameHash(given, keyedHash(algorithm, secret, text).toString("hex"));
}

function withoutRuns(value: string | undefined, separator: string): string {
  return (value ?? "")
    .split(/\s+/)
    .filter((word) => word !== "")
    .join(separator);
}
