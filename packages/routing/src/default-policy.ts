/**
 * The default policy: what reaches a person, and why. Ordered; the first row that matches decides.
 *
 * Human rows stand above the rows that hide, so that of several recipients the most urgent one decides. The last row
 * matches everything: what nobody thought of goes to the human. Digests list what they hold without asking for
 * anything, so nothing that a person must see goes there.
 */
import type { DsnReason } from "@triage/reports";
import type { PolicyRow } from "./route.ts";

/** Refusals that are about us, whoever the recipient was: they come back until someone here changes something. */
const ABOUT_US: readonly DsnReason[] = [
  "auth-failure",
  "bad-reputation",
  "blocked",
  "failed-starttls",
  "feedback",
  "no-relaying",
  "not-compliant-rfc",
  "policy-violation",
  "rate-limited",
  "rejected",
  "require-ptr",
  "security-error",
  "spam-detected",
  "too-many-conn",
  "virus-detected",
];

/** Failures where our own host, route, DNS or content may be at fault; while they last only as a delay, they may resolve. */
const PERHAPS_US: readonly DsnReason[] = [
  "content-error",
  "mailer-error",
  "network-error",
  "syntax-error",
  "system-error",
  "system-full",
];

/** The report does not say why, or contradicts itself (a failure that was delivered). */
const UNEXPLAINED: readonly DsnReason[] = ["delivered", "on-hold", "undefined"];

/** About one recipient; only the sender can do something, and the sender has been told. */
const ABOUT_ONE_RECIPIENT: readonly DsnReason[] = [
  "has-moved",
  "host-unknown",
  "mailbox-full",
  "suspend",
  "user-unknown",
  "vacation",
];

/** Nothing to do about one of them; many of them are worth a glance. */
const WORTH_A_GLANCE: readonly DsnReason[] = [
  "exceed-limit",
  "expired",
  "filtered",
  "message-too-big",
  "not-accept",
  "suppressed",
];

export const DEFAULT_POLICY: readonly PolicyRow[] = [
  {
    id: "undecided",
    verdict: ["undecided"],
    route: "human",
    because: "Hiding is the costly mistake: what is not sure enough is shown.",
  },
  {
    id: "feedback",
    kind: ["feedback"],
    route: "human",
    because: "A recipient complains about our mail; providers block senders who ignore that.",
  },
  {
    id: "user-report",
    verdict: ["user-report"],
    route: "human",
    because: "A person wrote and expects a person to read.",
  },
  {
    id: "backscatter",
    verdict: ["backscatter"],
    route: "archive",
    because: "This site did not send the message, so it can mend nothing.",
  },
  { id: "spam", verdict: ["spam"], route: "archive", because: "Nothing to do." },
  { id: "automated", verdict: ["automated"], route: "archive", because: "A machine wrote it and expects no answer." },
  {
    id: "dsn-greylisted",
    verdict: ["genuine-dsn"],
    kind: ["dsn"],
    action: ["delayed"],
    reasonRule: ["greylisted"],
    route: "digest",
    because: "The receiver only wants a second try, and our mail system is making it.",
  },
  {
    id: "dsn-about-us",
    verdict: ["genuine-dsn"],
    kind: ["dsn"],
    action: ["failed", "delayed"],
    reason: ABOUT_US,
    route: "human",
    because:
      "The receiver objects to our server, address, domain or content: it will refuse more until that is mended.",
  },
  {
    id: "dsn-perhaps-us",
    verdict: ["genuine-dsn"],
    kind: ["dsn"],
    action: ["failed"],
    reason: PERHAPS_US,
    route: "human",
    because: "A system failed, and it may be ours: a loop, our DNS or route, a full disk, a broken message.",
  },
  {
    id: "dsn-no-space",
    verdict: ["genuine-dsn"],
    kind: ["dsn"],
    action: ["delayed"],
    reason: ["system-full"],
    route: "human",
    because:
      "A disk is full. When it is ours, no mail moves until somebody makes room, and the delay is the first sign.",
  },
  {
    id: "dsn-unexplained",
    verdict: ["genuine-dsn"],
    kind: ["dsn"],
    action: ["failed"],
    reason: UNEXPLAINED,
    route: "human",
    because: "The report does not say why mail of ours failed, so a person has to read it.",
  },
  {
    id: "dsn-worth-a-glance",
    verdict: ["genuine-dsn"],
    kind: ["dsn"],
    action: ["failed"],
    reason: WORTH_A_GLANCE,
    route: "digest",
    because: "One such failure needs nobody here, a series may.",
  },
  {
    id: "dsn-one-recipient",
    verdict: ["genuine-dsn"],
    kind: ["dsn"],
    action: ["failed"],
    reason: ABOUT_ONE_RECIPIENT,
    route: "archive",
    because: "One recipient cannot be reached; the sender got the same report and can correct the address.",
  },
  {
    id: "dsn-delay",
    verdict: ["genuine-dsn"],
    kind: ["dsn"],
    action: ["delayed"],
    route: "digest",
    because: "The mail system is still trying, and reports again if it gives up.",
  },
  {
    id: "dsn-success",
    verdict: ["genuine-dsn"],
    kind: ["dsn"],
    action: ["delivered", "relayed", "expanded"],
    route: "archive",
    because: "The mail went where it should.",
  },
  { id: "anything-else", route: "human", because: "No row foresaw it, so a person looks at it." },
];
