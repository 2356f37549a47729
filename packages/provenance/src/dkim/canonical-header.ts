/**
 * Header canonicalisation (RFC 6376 section 3.4) and the choice of the fields that are signed (sections 3.7 and 5.4.2).
 *
 * Strings here are latin1: one character is one byte.
 */
import type { HeaderField, HeaderList } from "@triage/message";
import type { DkimSignature } from "./signature.ts";

/** Takes a whole field and gives it in the form that is signed, with its final CRLF. */
type FieldForm = (field: HeaderField) => string;

/** `simple`: the bytes as sent. Line ends become CRLF, since what was signed travelled over SMTP. */
const simpleField: FieldForm = (field) => `${withCrlf(withoutLineEnd(field.raw))}\r\n`;

/** `relaxed`: name lower-cased, unfolded, runs of white space one space, none at the ends of the value. */
const relaxedField: FieldForm = (field) => {
  const unfolded = withoutLineEnd(field.rawValue).replace(/[\r\n]+/g, "");
  const value = unfolded.replace(/[ \t]+/g, " ");
  const start = value.startsWith(" ") ? 1 : 0;
  const end = value.length > start && value.endsWith(" ") ? -1 : undefined;
  return `${field.name}:${value.slice(start, end)}\r\n`;
};

/**
 * What bouncing MTAs do to the folding of what they return, undone. QUIRK: they refold (a tab for a space, long lines
 * broken, lines joined), which `simple` does not survive and `relaxed` only as long as each fold is at white space. A form
 * that was signed can then be found again, and a signature that fits one proves as much as one that fits the bytes.
 */
const SIMPLE_FORMS: readonly FieldForm[] = [
  simpleField,
  // a long line was broken at its white space
  (field) => simpleField(field).replace(/\r\n(?=[ \t])/g, ""),
  (field) => simpleField(field).replace(/\r\n\t/g, "\r\n "),
  (field) => simpleField(field).replace(/\r\n /g, "\r\n\t"),
  (field) => simpleField(field).replace(/\r\n[ \t]+/g, " "),
  // a long line was broken where it had no white space, as between the addresses of a list
  (field) => simpleField(field).replace(/\r\n[ \t]+/g, ""),
];
const RELAXED_FORMS: readonly FieldForm[] = [
  relaxedField,
  (field) => relaxedField({ ...field, rawValue: withoutLineEnd(field.rawValue).replace(/[\r\n]+[ \t]+/g, "") }),
  // a fold lost its white space
  (field) => relaxedField({ ...field, rawValue: withoutLineEnd(field.rawValue).replace(/[\r\n]+/g, " ") }),
];

/** LIMIT: forms that are tried of one signature; each different one costs a verification, some 40 us. */
const MAX_FORMS = 12;

/**
 * Builds the bytes that b= signs (see `signedFieldsText`, section 3.7), first as they came, then with changes of the folding
 * undone. The DKIM-Signature field is folded by its signer, the others by the author's program, so that they may need
 * different forms.
 *
 * @returns At most MAX_FORMS different texts in latin1, lazily: nearly always the first one fits.
 */
export function* signedHeaderForms(headers: HeaderList, signature: DkimSignature): Generator<string, void> {
  const forms = signature.headerForm === "relaxed" ? RELAXED_FORMS : SIMPLE_FORMS;
  const own = withoutSignature(signature.field);
  const ownTexts = forms.map((form) => withoutLineEnd(form(own)));
  const fieldTexts: string[] = [];
  const seen = new Set<string>();
  for (const [fieldsAt, ownAt] of pairsOf(forms.length)) {
    const fieldsForm = forms[fieldsAt];
    if (fieldsForm === undefined) continue;
    fieldTexts[fieldsAt] ??= signedFieldsText(headers, signature, fieldsForm);
    const text = `${fieldTexts[fieldsAt]}${ownTexts[ownAt] ?? ""}`;
    if (seen.has(text)) continue;
    if (seen.size >= MAX_FORMS) return;
    seen.add(text);
    yield text;
  }
}

/** Likeliest first: all fields suffered the same; then only one of the two kinds did; then the rest. */
function* pairsOf(count: number): Generator<readonly [number, number], void> {
  for (let at = 0; at < count; at += 1) yield [at, at];
  for (let at = 1; at < count; at += 1) {
    yield [at, 0];
    yield [0, at];
  }
  for (let fields = 1; fields < count; fields += 1) {
    for (let own = 1; own < count; own += 1) if (fields !== own) yield [fields, own];
  }
}

/** The fields of h=: repeated names from the bottom up (section 5.4.2), names without a field left (over-signing) as nothing. */
function signedFieldsText(headers: HeaderList, signature: DkimSignature, form: FieldForm): string {
  const taken = new Map<string, number>();
  let text = "";
  for (const name of signature.signedFields) {
    const fields = headers.all(name);
    const fromBottom = taken.get(name) ?? 0;
    const field = fields[fields.length - 1 - fromBottom];
    taken.set(name, fromBottom + 1);
    // A signature never signs itself by h= (section 3.7).
    if (field !== undefined && field !== signature.field) text += form(field);
  }
  return text;
}

/** The field with the value of b= deleted, all white space around the value included (section 3.5). */
function withoutSignature(field: HeaderField): HeaderField {
  const empty = (text: string) => text.replace(/(^|;)(\s*b\s*=)[^;]*/, "$1$2");
  const colon = field.raw.indexOf(":") + 1;
  return { ...field, raw: field.raw.slice(0, colon) + empty(field.raw.slice(colon)), rawValue: empty(field.rawValue) };
}

function withoutLineEnd(text: string): string {
  if (text.endsWith("\r\n")) return text.slice(0, -2);
  return text.endsWith("\n") || text.endsWith("\r") ? text.slice(0, -1) : text;
}

/** Returned mail is often stored with LF alone, sometimes with CR alone. */
function withCrlf(text: string): string {
  return text.replace(/\r\n?|\n/g, "\r\n");
}
