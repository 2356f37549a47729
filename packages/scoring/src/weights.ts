/**
 * Every weight of scoring, in one reviewed table. docs/scoring.md says for each where it comes from and when it is wrong.
 *
 * All numbers but the text model's are judgement, not estimates: no labelled stream of a real postmaster mailbox is
 * public. Change one only together with its row in docs/scoring.md, and raise WEIGHTS_VERSION.
 * Unit: natural log-odds, added to the named class before the softmax. +0.7 doubles the odds, +2.3 makes them tenfold.
 */
import type { ProvenanceCheckId } from "@triage/provenance";
import type { ReportKind, Trait } from "@triage/reports";
import type { Thresholds, VerdictClass } from "./verdict.ts";

/** Of this table; the text model has its own in model-data.ts. */
export const WEIGHTS_VERSION = 3;

/** What one line adds to each class. A class that is not named gets nothing. */
export type LogOdds = Readonly<Partial<Record<VerdictClass, number>>>;

type Probabilities = Readonly<Record<VerdictClass, number>>;

/** What mail of that kind is before anything else is known of it. Each row adds up to 1. */
export const PRIORS: Readonly<Record<ReportKind, Probabilities>> = {
  dsn: { "genuine-dsn": 0.47, "user-report": 0.03, backscatter: 0.42, automated: 0.03, spam: 0.05 },
  "virus-notice": { "genuine-dsn": 0.22, "user-report": 0.03, backscatter: 0.68, automated: 0.03, spam: 0.04 },
  "auto-reply": { "genuine-dsn": 0.01, "user-report": 0.03, backscatter: 0.14, automated: 0.8, spam: 0.02 },
  challenge: { "genuine-dsn": 0.01, "user-report": 0.02, backscatter: 0.6, automated: 0.34, spam: 0.03 },
  mdn: { "genuine-dsn": 0.01, "user-report": 0.02, backscatter: 0.06, automated: 0.89, spam: 0.02 },
  feedback: { "genuine-dsn": 0.005, "user-report": 0.955, backscatter: 0.01, automated: 0.01, spam: 0.02 },
  "dmarc-aggregate": { "genuine-dsn": 0.002, "user-report": 0.005, backscatter: 0.003, automated: 0.98, spam: 0.01 },
  "tls-report": { "genuine-dsn": 0.002, "user-report": 0.005, backscatter: 0.003, automated: 0.98, spam: 0.01 },
  person: { "genuine-dsn": 0.005, "user-report": 0.76, backscatter: 0.005, automated: 0.01, spam: 0.22 },
  other: { "genuine-dsn": 0.01, "user-report": 0.25, backscatter: 0.01, automated: 0.6, spam: 0.13 },
};

/** How strongly each outcome of a provenance check speaks; EVIDENCE_CLASSES says for which class. */
export interface CheckWeight {
  readonly pass: number;
  readonly fail: number;
  /** For evidence whose `strength` is soft: a forger could have written it, or honest mail looks like it. */
  readonly softPass: number;
  readonly softFail: number;
}

/**
 * The provenance checks. A token or signature proves; a path or a domain can be forged. Of those that speak against, only
 * a complete ledger and a path that begins elsewhere reach the threshold of backscatter alone: a token that does not
 * verify is more often one of ours, from another key or changed on its way, than a forged one.
 */
export const CHECK_WEIGHTS: Readonly<Record<ProvenanceCheckId, CheckWeight>> = {
  "own-mail": { pass: 9, fail: 0, softPass: 0, softFail: 0 },
  batv: { pass: 8, fail: 2.5, softPass: 4, softFail: 1.2 },
  srs: { pass: 7, fail: 2.5, softPass: 4, softFail: 1.2 },
  verp: { pass: 8, fail: 2.5, softPass: 1.5, softFail: 1.2 },
  "envelope-id": { pass: 7, fail: 2, softPass: 0.7, softFail: 1 },
  "header-token": { pass: 7.5, fail: 1.5, softPass: 4, softFail: 0.7 },
  "returned-dkim": { pass: 7.5, fail: 1, softPass: 4, softFail: 0.5 },
  "sent-ledger": { pass: 6.5, fail: 4, softPass: 1.2, softFail: 1.5 },
  "received-path": { pass: 4, fail: 3.6, softPass: 1, softFail: 1.5 },
  spf: { pass: 3, fail: 1.5, softPass: 1.5, softFail: 0.8 },
  "message-id-domain": { pass: 1.3, fail: 2.4, softPass: 0.6, softFail: 0.9 },
  "reporting-mta": { pass: 2.5, fail: 1.5, softPass: 0.8, softFail: 0.8 },
  "returned-sender-domain": { pass: 0.4, fail: 2.2, softPass: 0.2, softFail: 2.2 },
  "report-delay": { pass: 0, fail: 0.8, softPass: 0, softFail: 0.8 },
  dnsbl: { pass: 0.2, fail: 0.8, softPass: 0.2, softFail: 0.8 },
  // Enough for a DSN of which nothing else is known (3.1 would do), too little against a relay's line (4) or a token.
  storm: { pass: 0, fail: 3.6, softPass: 0, softFail: 1.2 },
};

/** Which class a passed check speaks for, which a failed one, and how much of its strength counts. */
export interface EvidenceClasses {
  readonly pass: VerdictClass;
  readonly fail: VerdictClass;
  readonly passFactor: number;
  readonly failFactor: number;
}

export const FAILURE: EvidenceClasses = { pass: "genuine-dsn", fail: "backscatter", passFactor: 1, failFactor: 1 };
const ANSWER: EvidenceClasses = { pass: "automated", fail: "backscatter", passFactor: 1, failFactor: 1 };

/** Kinds that return something of ours. Provenance says nothing about the others. */
export const EVIDENCE_CLASSES: Readonly<Partial<Record<ReportKind, EvidenceClasses>>> = {
  dsn: FAILURE,
  "virus-notice": FAILURE,
  "auto-reply": ANSWER,
  challenge: ANSWER,
  mdn: ANSWER,
  // A feedback report matters to a person even where the path of the reported message is cut off or redacted.
  feedback: { pass: "user-report", fail: "backscatter", passFactor: 0.5, failFactor: 0.2 },
};

/**
 * Most that the checks of a failure report may say against us together (a storm apart) where no header of the message
 * came back, or one without Received fields and Message-ID, or where a signature in our name could not be verified for want of
 * DNS: too little to hide it. A DSN takes 3.1 to be hidden, a virus notice 1.9.
 */
export const MOST_DOUBT_WITHOUT_TRACE = 1.5;

type TraitWeights = Readonly<Partial<Record<Trait, LogOdds>>>;

const REPORT_TRAITS: TraitWeights = {
  "null-reverse-path": { spam: -1.5, "user-report": -1 },
  "from-daemon": { spam: -0.5 },
  "html-only": { spam: 0.7 },
  "reply-or-forward": { "user-report": 1.5 },
  "list-mail": { automated: 0.7 },
};

const MACHINE_TRAITS: TraitWeights = {
  "null-reverse-path": { "user-report": -1 },
  "auto-submitted": { "user-report": -1 },
  "precedence-bulk": { "user-report": -0.5 },
};

/** What the outer header and structure add, by kind: the same trait says different things of a letter and of a DSN. */
export const TRAIT_WEIGHTS: Readonly<Record<ReportKind, TraitWeights>> = {
  dsn: REPORT_TRAITS,
  "virus-notice": REPORT_TRAITS,
  "auto-reply": MACHINE_TRAITS,
  challenge: MACHINE_TRAITS,
  mdn: MACHINE_TRAITS,
  "dmarc-aggregate": MACHINE_TRAITS,
  "tls-report": MACHINE_TRAITS,
  feedback: {},
  // A person may write from noreply@, through a list, or with a null reverse-path: none of these hides a letter alone.
  person: {
    "reply-or-forward": { "user-report": 0.5 },
    "attached-report": { "user-report": 2 },
    "quoted-report": { "user-report": 1.5 },
    "null-reverse-path": { automated: 1 },
    "auto-submitted": { automated: 2 },
    "precedence-bulk": { automated: 1 },
    "list-mail": { automated: 1.5 },
    "bulk-headers": { automated: 1, spam: 0.7 },
    "from-daemon": { automated: 0.5 },
    "from-no-reply": { automated: 0.7 },
    "subject-auto-reply": { automated: 1 },
    "ticket-acknowledgement": { automated: 2 },
    cron: { automated: 2 },
    "html-only": { spam: 0.3 },
  },
  // One of these alone shows it (as undecided), two hide it: it takes 1.3 to be `automated`.
  other: {
    "reply-or-forward": { "user-report": 0.5 },
    "attached-report": { "user-report": 0.7 },
    "null-reverse-path": { automated: 1 },
    "auto-submitted": { automated: 2.5 },
    "precedence-bulk": { automated: 2 },
    "list-mail": { automated: 2.5 },
    "bulk-headers": { automated: 2, spam: 2 },
    "from-daemon": { automated: 1 },
    "from-no-reply": { automated: 1 },
    "subject-auto-reply": { automated: 1.5 },
    "subject-bounce": { automated: 0.3 },
    "ticket-acknowledgement": { automated: 3 },
    cron: { automated: 3 },
    "calendar-reply": { automated: 3 },
    // Only against a machine, never against spam: phishing has the form of a letter too.
    "letter-form": { automated: -1.2 },
    "contact-form": { "user-report": 1.5, automated: -4 },
    "html-only": { spam: 0.3 },
  },
};

/** A report whose envelope names a real reverse-path: RFC 3464 section 2 wants the null one, and pretenders rarely have it. */
export const REPORT_WITH_REVERSE_PATH: LogOdds = { spam: 1, "user-report": 0.5 };

/** Bytes without a usable header: whatever they seem to be, nothing is believed of them. */
export const NO_USABLE_HEADER: LogOdds = { "user-report": -2.4, automated: -2.4 };

/** The text model's log-odds stay within these, so that words alone never outweigh a proof. */
export const TEXT_WEIGHT_RANGE = { min: -4, max: 12 } as const;

/**
 * How far corrections may move what the words of a message say, in the text's own log-odds. Hiding takes some three of them: a letter
 * that reads like one, or like nothing, stays shown whatever was taught (1,000 letters taught as spam by twenty people hide none of 6,198;
 * with 2 here and an earlier model it was 8 of 4,814). Towards a letter more is allowed, since showing is cheap.
 */
export const LEARNED_TEXT_SHIFT = { min: -4, max: 1 } as const;

/**
 * What it adds to the class of a correction that a message shares so many of its words with it, as a share of all words
 * that either has. From `least` on half of the weight counts, from `sure` on all of it.
 *
 * `shown` beats every trait and the surest words: who has been shown to be a person is not hidden again. What hides makes up
 * for words that read like a letter's (-2), not for those of a sure letter (-3 and less): then the correction was rather a
 * mistake, and the writer, who got no answer, sends his letter again. `automated` starts from a prior of 0.01 for a person.
 */
export const NEAR_DUPLICATE_WEIGHTS = {
  similarity: { least: 0.8, sure: 0.92 },
  shown: 30,
  spam: 6.5,
  automated: 7,
} as const;

/**
 * What a site's own override adds to the class that it names: more than everything else together could add to another, so
 * that its score is the surest there is, whatever the evidence says.
 */
export const OVERRIDE_LOG_ODDS = 1_000;

/**
 * The probability that every class keeps, however sure the sum is: no evidence is perfect, and no score is 0 or 1.
 * The surest score is therefore 1 - 4 * SMALLEST_DOUBT.
 */
export const SMALLEST_DOUBT = 0.0001;

/**
 * See `Thresholds` for what they are compared with. Showing is cheap, so the two classes that are shown have low ones.
 * `spam` follows from the costs: hiding a person's letter costs 1,000 times showing a spam. The prior of `person` counts
 * one spam to three letters where an unfiltered postmaster mailbox gets some forty to one, so that odds of 7 (0.88) here are
 * about 1,000 there. It is a little higher, because on held-out mail 0.88 hid 11 of 6,203 letters of people, nearly all of those that were
 * written to share their words with scams, and this one hides 5: less than 1 in 1,000 (docs/scoring.md has the table).
 */
export const DEFAULT_THRESHOLDS: Thresholds = {
  "genuine-dsn": 0.75,
  "user-report": 0.5,
  backscatter: 0.95,
  automated: 0.9,
  spam: 0.92,
};

/** A class that hides must also be the clear one among those that do. */
export const SMALLEST_LEAD = 0.5;
