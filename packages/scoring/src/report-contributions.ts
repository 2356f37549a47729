/** What the kind of a report, its traits and its structure add: everything but provenance and the words. */
import type { Envelope, Message } from "@triage/message";
import type { Report, ReportKind, Trait } from "@triage/reports";
import { type Contribution, NOTHING } from "./add-up.ts";
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
  cron: "it is the output of a scheduled job",
  "ticket-acknowledgement": "it acknowledges a ticket",
  "html-only": "it has HTML and no plain text",
  "bulk-headers": "it carries the fields of bulk mailings",
  "own-message": "it carries the mark of this service: one of our own notices came back",
};

const logPriors = Object.fromEntries(
  Object.entries(PRIORS).map(([kind, row]) => [
    kind,
    Object.fromEntries(VERDICT_CLASSES.map((name) => [name, Math.log(row[name])])),
  ]),
) as Record<ReportKind, LogOdds>;

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

function structureLines(message: Message, report: Report, envelope: Envelope): Contribution[] {
  const isReport = report.kind === "dsn" || report.kind === "virus-notice";
  if (isReport && envelope.reversePath?.kind === "address") {
    return [
      line("reverse-path", REPORT_WITH_REVERSE_PATH, "a report must have the null reverse-path, this one has not"),
    ];
  }
  if ((report.kind === "person" || report.kind === "other") && lacksUsableHeader(message, report)) {
    const detail =
      "it has no usable header (neither From, nor To, nor Subject): nothing it seems to be can be believed";
    return [{ check: "no-usable-header", outcome: "fail", logOdds: NO_USABLE_HEADER, detail }];
  }
  return [];
}

export function priorOf(kind: ReportKind, detail: string): Contribution {
  return { check: "prior", outcome: "neutral", logOdds: logPriors[kind], detail };
}

/** The prior of the kind first, then one line for each trait that has a weight, then what the structure shows. */
export function contributionsOfReport(message: Message, report: Report, envelope: Envelope): Contribution[] {
  const kind = KIND_WORDS[report.kind];
  const prior = priorOf(report.kind, report.kind === "dsn" ? `it is ${kind} (${report.format})` : `it is ${kind}`);
  const weights = TRAIT_WEIGHTS[report.kind];
  const traits = report.traits.map((trait) => line(trait, weights[trait] ?? NOTHING, TRAIT_WORDS[trait]));
  return [prior, ...traits, ...structureLines(message, report, envelope)];
}
