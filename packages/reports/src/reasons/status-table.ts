/**
 * What an enhanced status code says by itself (RFC 3463 section 3, the IANA registry "SMTP Enhanced Status Codes",
 * RFC 7372 and 7505), where it says something. `5.0.0` says nothing, and neither do the codes that MTAs invent.
 */
import type { DsnReason } from "./reason.ts";

/** Subject and detail, for both classes. */
const BY_DETAIL: ReadonlyMap<string, DsnReason> = new Map([
  ["1.1", "user-unknown"],
  ["1.2", "host-unknown"],
  ["1.3", "user-unknown"],
  ["1.4", "user-unknown"],
  ["1.6", "has-moved"],
  ["1.7", "rejected"],
  ["1.8", "rejected"],
  ["1.9", "system-error"],
  ["1.10", "not-accept"],
  ["2.0", "filtered"],
  ["2.1", "suspend"],
  ["2.2", "mailbox-full"],
  ["2.3", "exceed-limit"],
  ["2.4", "filtered"],
  ["3.1", "system-full"],
  ["3.2", "not-accept"],
  ["3.3", "system-error"],
  ["3.4", "message-too-big"],
  ["3.5", "system-error"],
  ["4.0", "network-error"],
  ["4.1", "expired"],
  ["4.2", "network-error"],
  ["4.3", "system-error"],
  ["4.4", "host-unknown"],
  ["4.5", "rate-limited"],
  ["4.6", "network-error"],
  ["4.7", "expired"],
  ["5.1", "syntax-error"],
  ["5.2", "syntax-error"],
  ["5.3", "too-many-conn"],
  ["5.4", "syntax-error"],
  ["7.2", "rejected"],
  ["7.8", "security-error"],
  ["7.10", "failed-starttls"],
  ["7.11", "failed-starttls"],
  ["7.13", "suspend"],
  ["7.15", "policy-violation"],
  ["7.16", "message-too-big"],
  ["7.17", "has-moved"],
  ["7.18", "has-moved"],
  ["7.20", "auth-failure"],
  ["7.21", "auth-failure"],
  ["7.22", "auth-failure"],
  ["7.23", "auth-failure"],
  ["7.24", "auth-failure"],
  ["7.25", "require-ptr"],
  ["7.26", "auth-failure"],
  ["7.27", "rejected"],
  ["7.28", "rate-limited"],
]);

/** Where the two classes differ: a transient refusal of a mailbox or by policy is aimed at the sending host. */
const TRANSIENT: ReadonlyMap<string, DsnReason> = new Map([
  ["2.1", "blocked"],
  ["7.1", "blocked"],
  ["7.2", "blocked"],
]);

/** What the subject alone says (RFC 3463 section 3): the last resort. */
const BY_SUBJECT: ReadonlyMap<string, DsnReason> = new Map([
  ["1", "user-unknown"],
  ["3", "system-error"],
  ["4", "network-error"],
  ["5", "syntax-error"],
  ["6", "content-error"],
  ["7", "security-error"],
]);

/** @param status  `class.subject.detail`. Undefined when the code says nothing certain. */
export function reasonOfStatus(status: string): DsnReason | undefined {
  const detail = status.slice(2);
  return (status.startsWith("4") ? TRANSIENT.get(detail) : undefined) ?? BY_DETAIL.get(detail);
}

/** What is left to say when neither code nor words said it. */
export function reasonOfSubject(status: string): DsnReason | undefined {
  return BY_SUBJECT.get(status.slice(2, status.indexOf(".", 2)));
}

/** Reply codes that mean one thing only (RFC 5321 section 4.2, RFC 7504, RFC 5248). */
const BY_REPLY: ReadonlyMap<string, DsnReason> = new Map([
  ["503", "syntax-error"],
  ["521", "not-accept"],
  ["523", "failed-starttls"],
  ["524", "failed-starttls"],
  ["525", "suspend"],
  ["530", "security-error"],
  ["534", "security-error"],
  ["535", "security-error"],
  ["538", "failed-starttls"],
  ["551", "has-moved"],
  ["552", "mailbox-full"],
  ["556", "not-accept"],
]);

export function reasonOfReply(replyCode: string): DsnReason | undefined {
  return BY_REPLY.get(replyCode);
}
