/**
 * Links in mails that let a person act on a message without a key: release it, acknowledge it.
 *
 * The token says what may be done to which message until when, and an HMAC over all of it. It is the only credential:
 * whoever has the mail has the link. So it names one action on one message, ends, and is acted on by POST only, because
 * mail scanners follow every link that they see. Clock and secrets come in. Pure.
 *
 * 38 octets: version (1), action (1), expiry in seconds since 1970 (4, big-endian), UUID (16), MAC (16); as base64url
 * without padding (RFC 4648 section 5) 51 characters, so that a line of a mail holds it.
 */
import { createHmac, timingSafeEqual } from "node:crypto";

export const LINK_ACTIONS = ["release", "acknowledge"] as const;
export type LinkAction = (typeof LINK_ACTIONS)[number];

export interface ActionLink {
  readonly action: LinkAction;
  /** Id of the message (UUID). */
  readonly id: string;
  /** Whole seconds; from then on the link does nothing. */
  readonly expires: Date;
}

/** `expired` and `valid` are ours for certain; `forged` is whatever we did not sign, or not with these secrets. */
export type ReadActionLink =
  | { readonly kind: "valid" | "expired"; readonly link: ActionLink }
  | { readonly kind: "forged" };

const VERSION = 1;
const ACTION_CODES: Readonly<Record<LinkAction, number>> = { release: 1, acknowledge: 2 };
/** Version, action, expiry, UUID. */
const CLAIM_BYTES = 22;
/** 128 bits (NIST SP 800-107 section 5.3.3 asks for 32 at least). */
const MAC_BYTES = 16;
/** What else the same secret may sign is no link. */
const PURPOSE = "postmaster-triage:action-link\0";
const TOKEN = /^[A-Za-z0-9_-]{51}$/;

/**
 * @param secret  At least 16 octets.
 * @returns       51 characters of the base64url alphabet; the same for the same arguments.
 */
export function signActionLink({ action, id, expires }: ActionLink, secret: Uint8Array): string {
  const claim = Buffer.alloc(CLAIM_BYTES);
  claim.writeUInt8(VERSION, 0);
  claim.writeUInt8(ACTION_CODES[action], 1);
  claim.writeUInt32BE(Math.floor(expires.getTime() / 1_000), 2);
  claim.write(id.replaceAll("-", ""), 6, "hex");
  return Buffer.concat([claim, macOf(claim, secret)]).toString("base64url");
}

/**
 * @param secrets  Any of them may have signed it: the newest first, older ones until their links have expired.
 */
export function readActionLink(token: string, secrets: readonly Uint8Array[], now: Date): ReadActionLink {
  if (!TOKEN.test(token)) return { kind: "forged" };
  const octets = Buffer.from(token, "base64url");
  // The last character has two bits to spare: one link has one spelling.
  if (octets.toString("base64url") !== token) return { kind: "forged" };
  const claim = octets.subarray(0, CLAIM_BYTES);
  const mac = octets.subarray(CLAIM_BYTES);
  let signed = false;
  for (const secret of secrets) signed = timingSafeEqual(mac, macOf(claim, secret)) || signed;
  const action = LINK_ACTIONS.find((known) => ACTION_CODES[known] === claim[1]);
  if (!signed || claim[0] !== VERSION || action === undefined) return { kind: "forged" };
  const expires = new Date(claim.readUInt32BE(2) * 1_000);
  const link = { action, id: formatUuid(claim.subarray(6)), expires };
  return { kind: now < expires ? "valid" : "expired", link };
}

function macOf(claim: Uint8Array, secret: Uint8Array): Buffer {
  return createHmac("sha256", secret).update(PURPOSE).update(claim).digest().subarray(0, MAC_BYTES);
}

function formatUuid(octets: Buffer): string {
  const hex = octets.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
