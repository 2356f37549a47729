import type { Dialect, DialectFinding, DialectInput } from "../dialect.ts";
import { heardMarker, registerMarkers } from "./markers.ts";
import { type ReportText, splitReport } from "./report-text.ts";

/** LIMIT: recipients of one report; RFC 5321 section 4.5.3.1.8 asks servers for at least 100. */
const MAX_RECIPIENTS = 1000;

export interface DialectDefinition {
  readonly name: string;
  readonly source: string;
  /** Any of these stands in the head of the text. Lower case, on one line. */
  readonly markers: readonly string[];
  /** And this holds too, if given: a sender, a subject, a header field. */
  readonly also?: (input: DialectInput) => boolean;
  readonly parse: (report: ReportText, input: DialectInput) => DialectFinding | undefined;
}

/** A dialect that is known by its opening words; the text comes to `parse` split from the returned message. */
export function defineDialect(definition: DialectDefinition): Dialect {
  const range = registerMarkers(definition.markers);
  return {
    name: definition.name,
    source: definition.source,
    markers: range,
    detect: (input) => {
      const marker = heardMarker(input, range);
      if (marker === undefined || definition.also?.(input) === false) return false;
      return isFromMachine(input) || opensText(marker, input.text);
    },
    parse: (input) => {
      const finding = definition.parse(splitReport(input.text), input);
      if (finding === undefined) return undefined;
      const recipients = finding.recipients
        .slice(0, MAX_RECIPIENTS)
        .filter((one) => isPlausible(one.addressText, input));
      if (recipients.length === finding.recipients.length) return recipients.length === 0 ? undefined : finding;
      return recipients.length > 0 ? { ...finding, recipients } : undefined;
    },
  };
}

/** Senders that no person uses, the null reverse-path, and RFC 3834's field. */
function isFromMachine(input: DialectInput): boolean {
  const { headers } = input.message.root;
  if (/^$|daemon|postmaster|post_master|mail[._-]?delivery|no-?reply|^microsoftexchange/.test(input.from)) return true;
  if (headers.value("return-path") === "<>") return true;
  return /^auto-(?:generated|replied)/i.test(headers.value("auto-submitted") ?? "");
}

/** LIMIT: a gateway's banner may stand above the opening words. */
const MAX_BANNER_CHARS = 400;

/** What people write above a bounce that they quote. "Hi. This is the qmail-send program" is no greeting. */
const PERSONAL =
  /\b(?:hello|hi(?!\. )|hey|dear|hallo|liebe|guten|bonjour|hola|ciao|salut|i|i'm|i've|my|me|ich|je|yo|fwd|wrote)\b/i;

/** Mail from somebody who may be a person must begin with the MTA's own words, not come to them. */
function opensText(marker: string, text: string): boolean {
  const words = marker.split("*", 1)[0] as string;
  const at = text
    .slice(0, MAX_BANNER_CHARS + words.length)
    .toLowerCase()
    .indexOf(words);
  return at >= 0 && !PERSONAL.test(text.slice(0, Math.max(0, text.lastIndexOf("\n", at))));
}

/**
 * A mail system tells the sender about others. Mail that tells its own addressee that his address failed, and comes from
 * neither the null reverse-path nor a postmaster, is a phisher's ("3 messages to you could not be delivered").
 */
function isPlausible(addressText: string, input: DialectInput): boolean {
  if (addressText === "") return false;
  if (isFromMachine(input)) return true;
  return !input.message.root.headers.value("to")?.toLowerCase().includes(addressText.toLowerCase());
}
