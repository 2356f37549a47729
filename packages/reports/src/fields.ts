/**
 * The field lists inside reports: delivery-status (RFC 3464 section 2.1), feedback-report (RFC 5965 section 3) and
 * disposition-notification (RFC 8098 section 3.1) all use the header syntax of RFC 5322 within a body.
 *
 * Lenient where reports in the wild are: a blank before the colon (Mimecast), indented first lines, lines that are no
 * field at all (dropped), blank lines anywhere (kept as a mark, because groups are told apart by them).
 */

/** LIMIT: characters of one report part that are read; 1,000 recipients at 260 characters each. */
export const MAX_FIELD_TEXT_CHARS = 262_144;
/** LIMIT: one unfolded value; a longer one is cut, so that a hostile fold cannot make a megabyte of diagnostic. */
export const MAX_FIELD_VALUE_CHARS = 8_192;
/** A field name longer than this is prose with a colon in it. */
const MAX_FIELD_NAME_CHARS = 60;

export interface ReportField {
  /** Lower-cased. */
  readonly name: string;
  /** Unfolded, trimmed. */
  readonly value: string;
  /** True when a blank line stands before this field. */
  readonly startsGroup: boolean;
}

/** QUIRK(nullmailer): the lines of a reply stand in Diagnostic-Code as they came, not folded. */
const REPLY_LINE = /^[245]\d\d[ -]/;

/** Reads fields in order; text that holds none gives an empty list. */
export function readFields(text: string): readonly ReportField[] {
  const fields: { name: string; value: string; startsGroup: boolean }[] = [];
  const end = Math.min(text.length, MAX_FIELD_TEXT_CHARS);
  let blank = false;
  let open: { name: string; value: string; startsGroup: boolean } | undefined;
  for (let at = 0; at < end; ) {
    const newline = text.indexOf("\n", at);
    const lineEnd = newline === -1 || newline > end ? end : newline;
    const line = text.slice(at, lineEnd);
    at = lineEnd + 1;
    const first = line.charCodeAt(0);
    const folded = first === 32 || first === 9;
    const content = line.trim();
    if (content === "") {
      blank = true;
      open = undefined;
    } else if (open !== undefined && (folded || REPLY_LINE.test(content))) {
      if (open.value.length < MAX_FIELD_VALUE_CHARS)
        open.value = open.value === "" ? content : `${open.value} ${content}`;
    } else {
      open = splitField(content, blank);
      if (open !== undefined) {
        fields.push(open);
        blank = false;
      }
    }
  }
  return fields;
}

function splitField(line: string, startsGroup: boolean) {
  const colon = line.indexOf(":");
  if (colon < 1 || colon > MAX_FIELD_NAME_CHARS) return undefined;
  const name = line.slice(0, colon).trimEnd().toLowerCase();
  if (!/^[!-9;-~]+$/.test(name)) return undefined;
  return { name, value: line.slice(colon + 1, colon + 1 + MAX_FIELD_VALUE_CHARS).trim(), startsGroup };
}

/** Value of the first field of that lower-case name. */
export function fieldValue(fields: readonly ReportField[], name: string): string | undefined {
  return fields.find((field) => field.name === name)?.value;
}

/** Values of all fields of that lower-case name, in order. */
export function fieldValues(fields: readonly ReportField[], name: string): readonly string[] {
  return fields.filter((field) => field.name === name).map((field) => field.value);
}
