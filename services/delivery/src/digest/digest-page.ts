/**
 * What a digest says, in words: the one source of its text and its HTML. Pure.
 *
 * Words of strangers are cleaned and short here; the two forms quote or escape them.
 */
import type { DigestCause, DigestEntry, DigestFacts, DigestStorm } from "@triage/contracts";
import { escapeHtml } from "@triage/runtime";
import { encodedSize } from "../compose/encoded-size.ts";
import type { LinkMaker } from "../compose/link-maker.ts";
import { cleanLine } from "../compose/plain-text.ts";
import { formatPercent, KIND_LABEL, nameReason } from "../compose/wording.ts";
import { formatCount, type WallClock } from "./wall-clock.ts";

export interface DigestInput {
  readonly since: Date;
  readonly until: Date;
  /** When it was made. */
  readonly at: Date;
  readonly facts: DigestFacts;
  readonly clock: WallClock;
  /** undefined: entries name their id, and the page the call of the API. */
  readonly links: LinkMaker | undefined;
}

export interface DigestPage {
  readonly subject: string;
  readonly heading: string;
  readonly lead: string;
  /** What a person should look at: open incidents, dead letters. */
  readonly attention: readonly string[];
  /** What was kept, by verdict and route: the table, and its bars. */
  readonly kept: readonly KeptRow[];
  readonly timeline: TimelinePage | undefined;
  /** Undecided ones stand apart from the rest. */
  readonly undecided: readonly CausePage[];
  readonly causes: readonly CausePage[];
  readonly others: string | undefined;
  readonly senders: readonly { readonly name: string; readonly messages: number }[];
  readonly learning: string | undefined;
  readonly footer: readonly string[];
}

export interface KeptRow {
  readonly name: string;
  readonly route: string;
  readonly messages: number;
}

export interface TimelinePage {
  readonly messages: readonly number[];
  /** For who does not see the bars. */
  readonly words: string;
}

export interface CausePage {
  readonly title: string;
  readonly messages: number;
  readonly why: string;
  /** The remote's own. */
  readonly words: string | undefined;
  /** How to see all of it. */
  readonly call: string | undefined;
  readonly entries: readonly EntryPage[];
  /** Not listed. */
  readonly more: number;
}

export interface EntryPage {
  readonly id: string;
  readonly when: string;
  readonly sureness: string;
  /** Of a stranger. */
  readonly from: string | undefined;
  readonly subject: string | undefined;
  readonly recipient: string | undefined;
  readonly link: string | undefined;
}

const MAX_WORDS_CHARS = 160;
const MAX_ENTRY_CHARS = 70;

/**
 * LIMIT: octets of all entries in both forms, about 90 of usual words; the rest is counted. With all else at its largest a digest
 * is 384 kB, and 20 to 100 kB on usual days.
 */
const MAX_ENTRIES_OCTETS = 128_000;
/** Of an entry besides what its sender wrote, in both forms. */
const ENTRY_FRAME_OCTETS = 900;

/** A course of fewer messages says nothing. */
const MIN_TIMELINE_MESSAGES = 10;

const VERDICT_NAME: Readonly<Record<string, string>> = {
  "genuine-dsn": "Bounces of your mail",
  "user-report": "Letters and complaints",
  backscatter: "Answers to forged mail",
  automated: "Automatic mail",
  spam: "Spam",
  undecided: "Undecided",
};

const SMALL_NAME: Readonly<Record<string, string>> = { digest: "for a glance", archive: "archived" };

export function describeDigest(input: DigestInput): DigestPage {
  const { facts, clock, since, until } = input;
  const { totals, others } = facts;
  const kept = sumOf(totals.kept);
  const entries = shareRoom(facts.causes.map((cause) => cause.entries.map((entry) => describeEntry(entry, input))));
  const causes = facts.causes.map((cause, index) => ({ cause, page: describeCause(cause, entries[index] ?? []) }));
  return {
    subject: subjectOf(facts, kept),
    heading: `${clock.minute(since)} to ${clock.minute(until)} (${clock.zone})`,
    lead: leadOf(facts, kept),
    attention: attentionOf(facts),
    kept: totals.kept.map(({ verdict, route, messages }) => ({
      name: VERDICT_NAME[verdict] ?? verdict,
      route: SMALL_NAME[route] ?? route,
      messages,
    })),
    timeline: timelineOf(input),
    undecided: causes.filter(({ cause }) => cause.verdict === "undecided").map(({ page }) => page),
    causes: [
      ...(facts.storms ?? []).map((storm) => describeStorm(storm, clock)),
      ...causes.filter(({ cause }) => cause.verdict !== "undecided").map(({ page }) => page),
    ],
    others:
      others.messages === 0
        ? undefined
        : `${formatCount(others.messages)} more with ${formatCount(others.causes)} other causes are not listed.`,
    senders: facts.senders.map(({ name, messages }) => ({ name: cleanLine(name, MAX_ENTRY_CHARS), messages })),
    learning: learningOf(facts),
    footer: footerOf(input),
  };
}

function subjectOf({ totals, causes }: DigestFacts, kept: number): string {
  if (kept === 0 && totals.grouped === 0) return "[triage] Digest: nothing was kept from you";
  const undecided = causes
    .filter(({ verdict }) => verdict === "undecided")
    .reduce((sum, { messages }) => sum + messages, 0);
  const apart = undecided === 0 ? "" : `, ${formatCount(undecided)} undecided`;
  return `[triage] Digest: ${formatCount(kept)} kept${apart}`;
}

function leadOf({ totals }: DigestFacts, kept: number): string {
  if (totals.judged === 0) return "No message came in.";
  const grouped = totals.grouped === 0 ? "" : `, ${formatCount(totals.grouped)} told of by a notice`;
  return (
    `${formatCount(totals.judged)} ${totals.judged === 1 ? "message was" : "messages were"} judged: ` +
    `${formatCount(totals.human)} for a person${grouped}, ${formatCount(kept)} kept.`
  );
}

function attentionOf({ incidents, deadLetters }: DigestFacts): string[] {
  const lines = incidents.map(
    ({ kind, about, messages }) =>
      `Open incident (${kind}): ${cleanLine(about, MAX_ENTRY_CHARS)}, ${formatCount(messages)} ${messages === 1 ? "message" : "messages"}`,
  );
  if (deadLetters > 0) {
    lines.push(
      `${formatCount(deadLetters)} dead ${deadLetters === 1 ? "letter waits" : "letters wait"} for a decision (GET /v1/dead-letters)`,
    );
  }
  return lines;
}

function timelineOf({ facts, since, clock }: DigestInput): TimelinePage | undefined {
  const { stepMinutes, messages } = facts.timeline;
  const most = Math.max(0, ...messages);
  const few = messages.reduce((sum, count) => sum + count, 0) < MIN_TIMELINE_MESSAGES;
  if (few || messages.length < 2) return undefined;
  const peak = messages.indexOf(most);
  const begin = new Date(since.getTime() + peak * stepMinutes * 60_000);
  const step = stepMinutes % 60 === 0 ? `${stepMinutes / 60} h` : `${stepMinutes} min`;
  return {
    messages,
    words: `Each bar is ${step === "1 h" ? "an hour" : step}; most from ${clock.minute(begin)}: ${formatCount(most)}.`,
  };
}

function describeCause(cause: DigestCause, entries: readonly EntryPage[]): CausePage {
  const { verdict, kind, route, messages, reason, remote, words, why } = cause;
  const name = reason === undefined ? KIND_LABEL[kind].toLowerCase() : nameReason(reason);
  const from = remote === undefined ? "" : ` at ${cleanLine(remote, MAX_ENTRY_CHARS)}`;
  return {
    title: `${VERDICT_NAME[verdict] ?? verdict}, ${name}${from} (${SMALL_NAME[route] ?? route})`,
    messages,
    why: cleanLine(why, MAX_WORDS_CHARS),
    words: words === undefined ? undefined : cleanLine(words, MAX_WORDS_CHARS),
    call: undefined,
    entries,
    more: messages - entries.length,
  };
}

/** The first entry of each cause, then the second of each, and so on, as long as there is room. */
function shareRoom(causes: readonly (readonly EntryPage[])[]): readonly (readonly EntryPage[])[] {
  const shown = causes.map((): EntryPage[] => []);
  let octets = 0;
  for (let rank = 0; rank < Math.max(0, ...causes.map(({ length }) => length)); rank += 1) {
    for (const [index, entries] of causes.entries()) {
      const entry = entries[rank];
      if (entry === undefined) continue;
      octets += sizeOf(entry);
      if (octets > MAX_ENTRIES_OCTETS) return shown;
      shown[index]?.push(entry);
    }
  }
  return shown;
}

function sizeOf({ from = "", subject = "", recipient = "", link = "" }: EntryPage): number {
  const fields = [from, subject, recipient, link];
  return encodedSize(fields) + encodedSize(fields.map(escapeHtml)) + ENTRY_FRAME_OCTETS;
}

/** One joe job, however many reported it: each by itself would say the same again. */
function describeStorm({ id, scope, messages, reporters, since, over }: DigestStorm, clock: WallClock): CausePage {
  const end = over === undefined ? "and it goes on" : `and over since ${clock.minute(new Date(over))}`;
  const organisations = `${formatCount(reporters)} ${reporters === 1 ? "organisation" : "organisations"}`;
  return {
    title: `${VERDICT_NAME.backscatter}, one storm: ${cleanLine(scope, MAX_ENTRY_CHARS)} (${SMALL_NAME.archive})`,
    messages,
    why: `Reported by about ${organisations} since ${clock.minute(new Date(since))}, ${end}.`,
    words: undefined,
    call: `GET /v1/incidents/${id}`,
    entries: [],
    more: 0,
  };
}

function describeEntry(entry: DigestEntry, { links, clock, at }: DigestInput): EntryPage {
  const line = (text: string | undefined) => (text === undefined ? undefined : cleanLine(text, MAX_ENTRY_CHARS));
  return {
    id: entry.id,
    when: clock.minute(new Date(entry.receivedAt)),
    sureness: formatPercent(entry.score),
    from: line(entry.from),
    subject: line(entry.subject),
    recipient: line(entry.recipient),
    link: links?.linkTo("release", entry.id, at),
  };
}

function learningOf({ learning: { corrections, modelVersion } }: DigestFacts): string | undefined {
  if (corrections === 0 && modelVersion === 0) return undefined;
  const said = `${formatCount(corrections)} ${corrections === 1 ? "correction" : "corrections"} by people`;
  return modelVersion === 0
    ? `${said}; nothing learned is in use.`
    : `${said}; version ${modelVersion} of what was learned is in use.`;
}

function footerOf({ links, facts }: DigestInput): string[] {
  if (facts.causes.every(({ entries }) => entries.length === 0)) return [];
  const call = "To release one: POST /v1/messages/ID/release. To see why: GET /v1/messages/ID.";
  const order = "Of each cause those are listed first that were nearest to reaching you.";
  return links === undefined
    ? [order, call]
    : [order, `A link asks before it releases anything, and works for ${links.days} days.`];
}

function sumOf(rows: readonly { readonly messages: number }[]): number {
  return rows.reduce((sum, { messages }) => sum + messages, 0);
}
