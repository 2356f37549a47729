/**
 * The envelope of a message whose MTA did not tell it (a file, a pipe without arguments).
 *
 * The MTA that made the final delivery has written it into the header: the reverse-path as `Return-Path`
 * (RFC 5321 section 4.4), the forward-path as `Delivered-To` (Postfix, qmail, Exim; RFC 9228) or `X-Original-To` (Postfix, before
 * aliases were expanded).
 *
 * Trust: anybody can put these fields into a message, and an MTA that does not write its own lets a stranger's through.
 * So a known envelope always wins, each half on its own; only the topmost Return-Path counts (an MTA prepends);
 * and what is taken from here only ever weighs as much as such a claim may: a null reverse-path is a soft trait, and a
 * BATV or SRS token in a forged Delivered-To proves nothing without the secret that it was made with.
 */
import { type Address, type Envelope, type HeaderList, parseAddress, parseReversePath } from "@triage/message";

/** LIMIT: forwarding adds a Delivered-To a hop; more than this is not a delivery, it is an attack on our loops. */
const MAX_FORWARD_PATHS = 20;

/** Most telling first: X-Original-To is what the sender of the report wrote to, token and all. */
const FORWARD_PATH_FIELDS = ["x-original-to", "delivered-to", "envelope-to"] as const;

/** @returns `envelope` with the unknown reverse-path and the missing forward-paths filled from the header, where it has them. */
export function completeEnvelope(envelope: Envelope, headers: HeaderList): Envelope {
  if (envelope.reversePath !== undefined && envelope.forwardPaths.length > 0) return envelope;
  const { reversePath = readReversePath(headers) } = envelope;
  const forwardPaths = envelope.forwardPaths.length > 0 ? envelope.forwardPaths : readForwardPaths(headers);
  return { ...envelope, reversePath, forwardPaths };
}

function readReversePath(headers: HeaderList): Envelope["reversePath"] {
  const value = headers.value("return-path");
  return value === undefined ? undefined : parseReversePath(value);
}

function readForwardPaths(headers: HeaderList): readonly Address[] {
  const paths: Address[] = [];
  for (const name of FORWARD_PATH_FIELDS) {
    for (const field of headers.all(name).slice(0, MAX_FORWARD_PATHS)) {
      const address = parseAddress(field.rawValue.trim());
      if (address !== undefined) paths.push(address);
    }
  }
  return paths;
}
