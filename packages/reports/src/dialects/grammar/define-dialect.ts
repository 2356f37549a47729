import type { Dialect, DialectFinding, DialectInput } from "../dialect.ts";
import { heardMarkers, registerMarkers } from "./markers.ts";
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
  const markers = registerMarkers(definition.markers);
  return {
    name: definition.name,
    source: definition.source,
    detect: (input) => {
      const heard = heardMarkers(input);
      return heard.size > 0 && markers.some((marker) => heard.has(marker)) && (definition.also?.(input) ?? true);
    },
    parse: (input) => {
      const finding = definition.parse(splitReport(input.text), input);
      const recipients =
        finding?.recipients.slice(0, MAX_RECIPIENTS).filter((one) => isPlausible(one.addressText, input)) ?? [];
      return finding && recipients.length > 0 ? { ...finding, recipients } : undefined;
    },
  };
}

/**
 * A mail system tells the sender about others. Mail that tells its own addressee that his address failed, and comes from
 * neither the null reverse-path nor a postmaster, is a phisher's ("3 messages to you could not be delivered").
 */
function isPlausible(addressText: string, input: DialectInput): boolean {
  if (addressText === "") return false;
  const { headers } = input.message.root;
  if (/^(?:postmaster|mailer-daemon|mail\.delivery)/.test(input.from) || headers.value("return-path") === "<>")
    return true;
  return !headers.value("to")?.toLowerCase().includes(addressText.toLowerCase());
}
