/**
 * The default policy: what reaches a person, how soon, and why. Ordered; the first row that matches decides.
 *
 * Rows that show stand above those that hide, and a row that hides matches only when every recipient that failed or is
 * delayed fits it: of several recipients the most urgent one decides. The last row matches everything: what nobody thought
 * of goes to the human. Digests list what they hold without asking for anything, so nothing that a person must see goes there.
 *
 * `urgency: high` is for what gets worse by the hour; a single refused message is not.
 */
import type { DsnReason } from "@triage/reports";
import type { PolicyRow } from "./route.ts";

/** Everything that we send there, or everywhere, fails until someone here changes something. */
const STOPS_OUR_MAIL: readonly DsnReason[] = [
  "auth-failure",
  "bad-reputation",
  "blocked",
  "failed-starttls",
  "no-relaying",
  "require-ptr",
  "security-error",
  "virus-detected",
];

/** Refusals that are about us, whoever the recipient was, but of some messages only. */
const OBJECTS_TO_US: readonly DsnReason[] = [
  "feedback",
  "not-compliant-rfc",
  "policy-violation",
  "rate-limited",
  "rejected",
  "spam-detected",
  "too-many-conn",
];

/** Failures where our own host, route, DNS or content may be at fault; while they last only as a delay, they may resolve. */
const PERHAPS_US: readonly DsnReason[] = [
  "content-error",
  "mailer-error",
  "network-error",
  "syntax-error",
  "system-error",
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

/** Refused by a rule of the receiver: once, it is one recipient's; the words of a new rule are worth reading. */
const BY_A_RULE: readonly DsnReason[] = ["filtered", "not-accept", "suppressed"];

/** Nothing to do about one of them; many of them are worth a glance. */
const WORTH_A_GLANCE: readonly DsnReason[] = [...BY_A_RULE, "exceed-limit", "expired", "message-too-big"];

/** A report of a mail system about mail that this site sent. */
const GENUINE = { verdict: ["genuine-dsn"], kind: ["dsn"] } as const;

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
  {
    id: "automated-answer",
    verdict: ["automated"],
    kind: ["auto-reply", "challenge", "dmarc-aggregate", "mdn", "tls-report"],
    route: "archive",
    because: "A machine answered or counted, and expects nothing; programs read such reports better than people.",
  },
  {
    id: "automated",
    verdict: ["automated"],
    route: "digest",
    because: "A program wrote it, perhaps a job or a monitor of ours that says what failed: one line of it is seen.",
  },
  {
    id: "virus-notice",
    verdict: ["genuine-dsn"],
    kind: ["virus-notice"],
    route: "human",
    urgency: "high",
    because: "A virus was found in mail that this site sent: a machine or an account here may be infected.",
  },
  {
    id: "dsn-spike",
    ...GENUINE,
    action: ["failed", "delayed"],
    volume: { atLeast: 25, withinHours: 1 },
    route: "human",
    urgency: "high",
    because:
      "So many of one cause in an hour are no longer about single recipients: a broken list, a stolen account, a receiver that is down.",
  },
  {
    id: "dsn-greylisted",
    ...GENUINE,
    action: ["delayed"],
    reasonRule: ["greylisted"],
    route: "digest",
    because: "The receiver only wants a second try, and our mail system is making it.",
  },
  {
    id: "dsn-stops-our-mail",
    ...GENUINE,
    action: ["failed", "delayed"],
    reason: STOPS_OUR_MAIL,
    route: "human",
    urgency: "high",
    because:
      "The receiver refuses our server, address or domain (blocklist, reputation, authentication, TLS, DNS): it refuses all mail until that is mended.",
  },
  {
    id: "dsn-no-space",
    ...GENUINE,
    action: ["failed", "delayed"],
    reason: ["system-full"],
    route: "human",
    urgency: "high",
    because:
      "A disk is full. When it is ours, no mail moves until somebody makes room, and the delay is the first sign.",
  },
  {
    id: "dsn-loop",
    ...GENUINE,
    action: ["failed", "delayed"],
    statusClass: ["x.4.6"],
    route: "human",
    urgency: "high",
    because: "The mail goes in a circle: a forwarding or a route, often ours, that no waiting mends.",
  },
  {
    id: "dsn-double-bounce",
    ...GENUINE,
    doubleBounce: true,
    action: ["failed"],
    route: "human",
    because: "A report of our own could not be delivered, so nobody but the postmaster will ever know.",
  },
  {
    id: "dsn-objects-to-us",
    ...GENUINE,
    action: ["failed", "delayed"],
    reason: OBJECTS_TO_US,
    route: "human",
    because: "The receiver objects to what we send, or how fast: it will refuse more until that is mended.",
  },
  {
    id: "dsn-perhaps-us",
    ...GENUINE,
    action: ["failed"],
    reason: PERHAPS_US,
    route: "human",
    because: "A system failed, and it may be ours: our DNS, a route, a delivery program, a broken message.",
  },
  {
    id: "dsn-security-status",
    ...GENUINE,
    action: ["failed", "delayed"],
    reason: [...WORTH_A_GLANCE, ...PERHAPS_US],
    statusClass: ["5.7", "4.7"],
    route: "human",
    because: "The receiver calls it a matter of security or policy (RFC 3463 section 3.8), whatever its words say.",
  },
  {
    id: "dsn-unexplained",
    ...GENUINE,
    action: ["failed"],
    reason: UNEXPLAINED,
    route: "human",
    because: "The report does not say why mail of ours failed, so a person has to read it.",
  },
  {
    id: "dsn-series",
    ...GENUINE,
    action: ["failed", "delayed"],
    reason: [...WORTH_A_GLANCE, ...PERHAPS_US, ...UNEXPLAINED],
    volume: { atLeast: 10, withinHours: 24 },
    route: "human",
    because: "One such failure or delay needs nobody here, ten of the same at one organisation in a day do.",
  },
  {
    id: "dsn-new-rule",
    ...GENUINE,
    action: ["failed"],
    reason: BY_A_RULE,
    novelty: { days: 30 },
    route: "human",
    urgency: "low",
    because: "A receiver refuses by a rule of its own, in words not seen for a month: the first one is worth reading.",
  },
  {
    id: "dsn-one-recipient",
    ...GENUINE,
    action: ["failed"],
    reason: ABOUT_ONE_RECIPIENT,
    route: "archive",
    because: "One recipient cannot be reached; the sender got the same report and can correct the address.",
  },
  {
    id: "dsn-worth-a-glance",
    ...GENUINE,
    action: ["failed"],
    reason: [...WORTH_A_GLANCE, ...ABOUT_ONE_RECIPIENT],
    route: "digest",
    because: "One such failure needs nobody here, a series may.",
  },
  {
    id: "dsn-delay",
    ...GENUINE,
    action: ["delayed"],
    route: "digest",
    because: "The mail system is still trying, and reports again if it gives up.",
  },
  {
    id: "dsn-partly-delayed",
    ...GENUINE,
    action: ["failed", "delayed"],
    reason: [...WORTH_A_GLANCE, ...ABOUT_ONE_RECIPIENT, ...PERHAPS_US, ...UNEXPLAINED],
    route: "digest",
    because: "Some recipients failed and others are delayed, each for a reason that alone needs nobody here.",
  },
  {
    id: "dsn-success",
    ...GENUINE,
    action: ["delivered", "relayed", "expanded"],
    route: "archive",
    because: "The mail went where it should.",
  },
  { id: "anything-else", route: "human", because: "No row foresaw it, so a person looks at it." },
];
