import type { Message } from "@triage/message";
import type { DsnAction } from "../report.ts";
import type { MarkerRange } from "./grammar/markers.ts";

/** What every dialect gets to see; computed once per message. */
export interface DialectInput {
  readonly message: Message;
  /** Decoded Subject, "" if there is none. */
  readonly subject: string;
  /** Lower-cased addr-spec of the first header From, "" if there is none. */
  readonly from: string;
  /** Text of the first text part, charset decoded, LF line ends, at most MAX_DIALECT_CHARS; an HTML-only message as plain text. */
  readonly text: string;
}

/** One recipient as the dialect names it; codes and reason that it leaves out are derived from `diagnostic`. */
export interface DialectRecipient {
  readonly addressText: string;
  readonly action?: DsnAction;
  readonly status?: string;
  readonly replyCode?: string;
  readonly diagnostic?: string;
  readonly remoteMta?: string;
  readonly willRetryUntil?: string;
}

export interface DialectFinding {
  /** At least one. */
  readonly recipients: readonly DialectRecipient[];
  readonly reportingMta?: string;
  readonly queueId?: string;
  /** Index into `input.text` at which the returned header (or message) begins, where it stands inline. */
  readonly returnedAt?: number;
}

/** The non-standard bounce text of one MTA. One file each, listed in index.ts; see CONTRIBUTING "add a dialect". */
export interface Dialect {
  /** Kebab-case, shown as `dialect:<name>`. */
  readonly name: string;
  /** The MTA's source file or manual that says what it emits. */
  readonly source: string;
  /** Its opening words: a text that has none of them is not asked further. */
  readonly markers: MarkerRange;
  /** Cheap and strict: no regular expression over the whole text. */
  detect(input: DialectInput): boolean;
  /** Undefined when the text turns out not to be this dialect after all. */
  parse(input: DialectInput): DialectFinding | undefined;
}
