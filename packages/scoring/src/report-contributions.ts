/** What the kind of a report, its traits and its structure add: everything but provenance and the words. */
import type { Envelope, Message } from "@triage/message";
import type { Report, ReportKind, Trait } from "@triage/reports";
import { type Contribution, NOTHING } from "./add-up.ts";
import { mapValues } from "./map-values.ts";
import { VERDICT_CLASSES } from "./verdict.ts";
import { type LogOdds, NO_USABLE_HEADER, PRIORS, REPORT_WITH_REVERSE_PATH, TRAIT_WEIGHTS } from "./weights.ts";

/** What each kind is called in a sentence. */
export const KIND_WORDS: Readonly<Record<ReportKind, string>> = {
  dsn: "a delivery status notification",
  feedback: "a feedback report",
  mdn: "a read receipt (MDN)",
  "auto-reply": "an automatic reply",
  challenge: "a challenge that asks the sender to confirm",
  "virus-notice": "a virus notice",
  "dmarc-aggregate": "a DMARC aggregate report",
  "tls-report": "a TLS report",
  person: "a message that a person seems to have written",
  other: "mail that no person seems to have written",
};

const TRAIT_WORDS: Readonly<Record<Trait, string>> = {
  "null-reverse-path": "the reverse-path is null, as reports must have it (RFC 5321 section 4.5.5)",
  "auto-submitted": "the header says that no person sent it (Auto-Submitted, RFC 3834)",
  "precedence-bulk": "the header asks for bulk treatment (Precedence)",
  "list-mail": "it came through a mailing list (List-Id)",
  "from-daemon": "the sender is a mail system (MAILER-DAEMON or the like)",
  "from-no-reply": "the sender wants no reply",
  "subject-auto-reply": "the subject is that of an automatic reply",
  "subject-bounce": "the subject is that of a bounce",
  "reply-or-forward": "it answers or forwards another message",
  "attached-report": "a report is attached to it",
  "quoted-report": "it quotes a report",
  cron: "it is the output of a scheduled job or a monitor",
  "ticket-acknowledgement": "it acknowledges a ticket",
  "calendar-reply": "it answers an invitation (METHOD:REPLY, RFC 5546)",
  "letter-form": "it has the form of a letter: a greeting, and a question or a farewell",
  "contact-form": "a form on a web site carried it, and somebody else is to be answered (Reply-To)",
  "html-only": "it has HTML and no plain text",
  "bulk-headers": "it carries the fields of bulk mailings",
};

/** `pass` when the line speaks for a class that a person acts on, `fail` when it speaks against one. */
function outcomeOf(logOdds: LogOdds): "pass" | "fail" | "neutral" {
  const shown = Math.max(logOdds["genuine-dsn"] ?? 0, logOdds["user-report"] ?? 0);
  const hidden = Math.max(logOdds.backscatter ?? 0, logOdds.automated ?? 0, logOdds.spam ?? 0);
  if (shown === hidden) return "neutral";
  return shown > hidden ? "pass" : "fail";
}

function line(check: string, logOdds: LogOdds, detail: string): Contribution {
  return { check, outcome: outcomeOf(logOdds), logOdds, detail };
}

/** Neither sender nor subject nor recipient: bytes that nobody can make anything of. */
export function lacksUsableHeader({ root }: Message, { defects }: Report): boolean {
  if (defects.some(({ code }) => code === "no-header")) return true;
  return !(root.headers.has("from") || root.headers.has("subject") || root.headers.has("to"));
}

/** Every message is one of few kinds with some of few traits: their lines are made once. */
const PRIOR_LINES = mapValues(PRIORS, (row, kind): Contribution => {
  const logOdds = Object.fromEntries(VERDICT_CLASSES.map((name) => [name, Math.log(row[name])]));
  return { check: "prior", outcome: "neutral", logOdds, detail: `it is ${KIND_WORDS[kind]}` };
});

const TRAIT_LINES = mapValues(TRAIT_WEIGHTS, (weights) =>
  mapValues(TRAIT_WORDS, (words, trait) => line(trait, weights[trait] ?? NOTHING, words)),
);

const REVERSE_PATH_LINE = line(
  "reverse-path",
  REPORT_WITH_REVERSE_PATH,
  "a report must have the null reverse-path, this one has not",
);

const NO_USABLE_HEADER_LINE: Contribution = {
  check: "no-usable-header",
  outcome: "fail",
  logOdds: NO_USABLE_HEADER,
  detail: "it has no usable header (neither From, nor To, nor Subject): nothing it seems to be can be believed",
};

function structureLines(message: Message, report: Report, envelope: Envelope): readonly Contribution[] {
  const isReport = report.kind === "dsn" || report.kind === "virus-notice";
  if (isReport && envelope.reversePath?.kind === "address") return [REVERSE_PATH_LINE];
  const isOther = report.kind === "person" || report.kind === "other";
  return isOther && lacksUsableHeader(message, report) ? [NO_USABLE_HEADER_LINE] : [];
}

/** What mail of that kind is before anything else is known of it. */
export function priorOf(kind: ReportKind): Contribution {
  return PRIOR_LINES[kind];
}

/** One line for each trait. */
export function contributionsOfTraits({ kind, traits }: Pick<Report, "kind" | "traits">): Contribution[] {
  const traitLines = TRAIT_LINES[kind];
  return traits.map((trait) => traitLines[trait]);
}

/** The prior of the kind first, then one line for each trait, then what the structure shows. */
export function contributionsOfReport(message: Message, report: Report, envelope: Envelope): Contribution[] {
  const prior = priorOf(report.kind);
  const shown = report.kind === "dsn" ? { ...prior, detail: `${prior.detail} (${report.format})` } : prior;
  const structure = structureLines(message, report, envelope);
  // Without a usable header its traits are no more believable than the rest: a null reverse-path must not hide it.
  if (structure.includes(NO_USABLE_HEADER_LINE)) return [shown, ...structure];
  return [shown, ...contributionsOfTraits(report), ...structure];
}
