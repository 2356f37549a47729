/**
 * What the human reads about a storm: what happens, how large it is, what it looks like, what to do.
 *
 * A person reads it on a phone at night: the answer first, plain text, 76 columns. Words of strangers (subjects, names of
 * reporting MTAs) are cleaned, short and quoted. Pure.
 */
import type { NoticeStep, StormFacts } from "@triage/contracts";
import { cleanLine, QUOTE_MARK, wrapLine } from "../compose/plain-text.ts";

export interface StormText {
  readonly incidentId: string;
  readonly step: NoticeStep;
  /** When the first report that was seen as part of it came in, and when this step was reached. */
  readonly firstSeen: Date;
  readonly at: Date;
  readonly facts: StormFacts;
}

const MAX_SCOPE_CHARS = 80;
const MAX_EXAMPLE_CHARS = 70;

export function formatStormSubject({ step, facts }: StormText): string {
  const scope = cleanLine(facts.scope, MAX_SCOPE_CHARS);
  switch (step) {
    case "begin":
      return facts.strength === "unprovable"
        ? `[triage] Many bounces about mail from ${scope}`
        : `[triage] Storm: somebody sends mail ${facts.by === "content" ? `under your name: ${scope}` : `as ${scope}`}`;
    case "end":
      return `[triage] Storm over: ${scope}, about ${facts.unproven} reports`;
    default:
      return `[triage] Storm: more than ${step} reports about ${scope}`;
  }
}

/** @returns Lines joined by LF, none longer than 76 columns unless a single word is. */
export function formatStormText(input: StormText): string {
  const { facts } = input;
  const sections = [
    wrapLine(whatHappens(input), ""),
    ["So far:", ...countLines(input)],
    exampleLines(facts),
    input.step === "end" ? [] : ["What becomes of it:", ...wrapLine(whatBecomes(facts), "  ")],
    groupedLines(input),
    adviceLines(input),
    wrapLine(`Incident ${input.incidentId}.${input.step === "end" ? "" : NEXT}`, ""),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

const NEXT = " You hear of it again at ten times the number, and when it is over.";

function whatHappens({ step, facts }: StormText): string {
  const scope = cleanLine(facts.scope, MAX_SCOPE_CHARS);
  const what = {
    address: `the address ${scope}`,
    domain: `made-up addresses of ${scope}`,
    content: `addresses of yours (subject: "${scope}")`,
  };
  if (step === "end") return `The storm of reports about ${what[facts.by]} is over: nothing more has come in.`;
  if (facts.strength === "unprovable") {
    return (
      `Many mail systems report that mail from ${what[facts.by]} was not delivered. This site has configured nothing by which ` +
      "it could tell its own mail from forged mail, so this may be a mailing of yours or a joe job (spam under your name)."
    );
  }
  const storm = `sends mail under ${what[facts.by]}, and the mail systems that refuse it report to you (a joe job).`;
  return facts.strength === "full"
    ? `Somebody ${storm} Hardly any of these messages came from your servers.`
    : `It looks as if somebody ${storm} Nothing shows that these messages came from your servers, and little that they did not.`;
}

function countLines({ firstSeen, at, facts }: StormText): string[] {
  const { unproven, contradicted, proven, reporters, recipients, senders } = facts;
  return [
    `  reports:        about ${unproven}`,
    `  of these:       about ${contradicted} show that your servers were not involved`,
    `  proven yours:   ${proven}`,
    `  reported by:    about ${reporters} organisations`,
    `  recipients:     about ${recipients}`,
    `  forged senders: about ${senders}`,
    `  since:          ${formatTime(firstSeen)}`,
    `  this notice:    ${formatTime(at)}`,
  ];
}

function exampleLines({ examples }: StormFacts): string[] {
  if (examples.length === 0) return [];
  const lines = examples.flatMap(({ messageId, subject, reporter }) => [
    `  ${messageId}`,
    `  ${QUOTE_MARK}${cleanLine(`${subject ?? "(nothing returned)"}, reported by ${reporter ?? "unknown"}`, MAX_EXAMPLE_CHARS)}`,
  ]);
  return ["Examples:", ...lines, "  (GET /v1/messages/ID shows one, POST /v1/messages/ID/release sends it)"];
}

function whatBecomes({ strength }: StormFacts): string {
  switch (strength) {
    case "full":
      return "Reports that belong to it are archived, doubtful ones are kept for you. A report about mail that is proven yours reaches you as always.";
    case "soft":
      return "Reports that show no sign of your servers are archived; those that are doubtful still reach you.";
    case "unprovable":
      return "Nothing is held back for it: every report that is doubtful reaches you.";
    default:
      return strength satisfies never;
  }
}

/** Doubtful reports for which this mail stands. */
function groupedLines({ facts: { strength, grouped = 0 }, incidentId, step }: StormText): string[] {
  if (strength !== "full" || (step === "end" && grouped === 0)) return [];
  const what =
    grouped === 0
      ? "No report was doubtful. If one is, you do not get it by itself, unless more than a copied Message-ID speaks for it."
      : `${grouped} reports were doubtful, and were not sent to you one by one: nothing but a copied Message-ID speaks for them.`;
  return [
    "Doubtful reports:",
    ...wrapLine(what, "  "),
    `  GET /v1/incidents/${incidentId}/messages`,
    "  lists them, and POST /v1/messages/ID/release sends one of them to you.",
  ];
}

const PROTECTION = [
  "DMARC: publish p=quarantine, then p=reject, once all your own mail is signed or sent from listed hosts; receivers then refuse the forgeries without a report.",
  "SPF: end the record with -all once it lists all your hosts.",
  "BATV: sign your reverse-paths and set site.batv here: a report without a valid tag is then not about mail of yours.",
];

function adviceLines({ step, facts }: StormText): string[] {
  const open =
    facts.strength === "full"
      ? []
      : [
          "If you sent this mailing: list every host that sends for you in site.relays, or report what you send to the ledger (POST /v1/sent).",
        ];
  const advice =
    step === "end"
      ? PROTECTION
      : [...open, ...PROTECTION, "Nothing has to be answered: the reports come from innocent servers."];
  return ["What to do:", ...advice.flatMap((line) => wrapLine(line, "  - ", "    "))];
}

/** `2026-11-22 12:05 UTC` */
function formatTime(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
