// biome-ignore-all format: a table is read by its rows, one rule a line
/**
 * What a sentence is about and what became of it: "mailbox ... restricted", "recipient ... no longer exists". Servers say
 * the same in thousands of ways, and no list of sentences has them all; so these pairs are asked last, when neither a known
 * sentence nor the status code has explained anything. Who is refused (a host, a sender) is asked before whom it was for,
 * because refusals name the recipient along with it.
 */
import type { ReasonRule } from "../reason-rule.ts";

const RECIPIENT = ["user", "account", "mailbox", "mail box", "recipient", "address", "alias", "inbox", "rcpt"] as const;
const SENDER = ["sender", "mail from", "mailfrom", "from address", "from header", "envelope from", "return path"] as const;
const HOST = [" ip ", "ip address", "ip-address", "client host", "your host", "your server", "mail server", "your network", "host ["] as const;
const UNKNOWN = ["unknown", "not exist", "n't exist", "no longer exist", "not found", "invalid", "not valid", "not known", "nonexist", "non-exist", "not recognized", "not recognised", "not listed", "not defined", "not be verified", "illegal", "unavailable"] as const;
const CLOSED = ["disabled", "suspended", "locked", "deactivated", "inactive", "expired", "closed", "terminated", "not active", "frozen", "cancelled", "canceled", "restricted", "discontinued", "archived"] as const;
const REFUSED = ["rejected", "refused", "denied", "blocked", "banned", "not allowed", "not permitted", "not accepted", "not welcome"] as const;

export const WORD_PAIR_RULES: readonly ReasonRule[] = [
  { id: "pair-relay", reason: "no-relaying", phrases: [...pairs(["relay"], [...REFUSED, "prohibited", "forbidden"]), "unauthorized relay", "permitted to relay", "allowed to relay"], example: "500 Unauthorized relay msg rejected" },
  { id: "pair-spam", reason: "spam-detected", phrases: [...pairs(["spam", "junk"], REFUSED), ...pairs(["rejected", "refused", "blocked", "denied"], ["spam", "junk"]), "spamtrap", "as a junk", "content reject", "content*refused", "mail data refused", "message*scored too"], example: "553 Message blocked by our SpamTrap, call us" },
  { id: "pair-form", reason: "content-error", phrases: ["mime error", "mime/reject", "mime*invalid", "invalid*mime", "invalid header", "invalid structure", "invalid data in message", "malformed header"], example: "552 MIME/REJECT: Invalid structure" },
  { id: "pair-host", reason: "blocked", phrases: [...pairs(HOST, [...REFUSED, "listed", "blacklist"]), "denyip", "connections from", "connection*refused by", "geographic"], example: "554 Mail from your network is not welcome here" },
  { id: "pair-sender", reason: "rejected", phrases: [...pairs(SENDER, [...REFUSED, ...UNKNOWN, "failed", "mismatch", "not in my", "not authorized", "forge"]), "forgery"], example: "550 Error: MAIL FROM is mismatched with the header" },
  { id: "pair-full", reason: "mailbox-full", phrases: pairs(RECIPIENT, [" full", "quota", "out of space", "no space", "too many messages"]), example: "550 Inbox of joe has no space left" },
  { id: "pair-closed", reason: "suspend", phrases: pairs(RECIPIENT, CLOSED), example: "553 mailbox joe@example.net is restricted" },
  { id: "pair-unknown", reason: "user-unknown", phrases: [...pairs(RECIPIENT, UNKNOWN), ...adjacent(["unknown", "invalid", "no such", "illegal", "wrong", "incorrect", "nonexistent", "non-existent"], RECIPIENT)], unlessRcpt: "filtered", example: "553 Recipient address joe@example.net no longer exists" },
  { id: "pair-unwanted", reason: "filtered", phrases: pairs(RECIPIENT, ["refused to receive", "refuses", "not accepting", "does not want", "doesn't want", "does not wish"]), example: "553 User refused to receive this mail." },
  { id: "pair-login", reason: "security-error", phrases: ["auth failed", "authentication mechanism", "login failed", "not logged in", "local user only", "unauthenticated", "not authenticated"], example: "550 Local user only or Authentication mechanism" },
  { id: "pair-busy", reason: "system-error", phrases: ["system*busy", "server*busy", "resources*unavailable", "temporarily unavailable", "temporary error", "temporary failure", "try again later", "please try later"], example: "451 System(u) busy, please hold" },
  { id: "pair-permission", reason: "policy-violation", phrases: ["no permit", "not permitted", "prohibited", "forbidden"], example: "550 No permit" },
];

function pairs(subjects: readonly string[], predicates: readonly string[]): readonly string[] {
  return subjects.flatMap((subject) => predicates.map((predicate) => `${subject}*${predicate}`));
}

function adjacent(adjectives: readonly string[], nouns: readonly string[]): readonly string[] {
  return adjectives.flatMap((adjective) => nouns.map((noun) => `${adjective} ${noun}`));
}
