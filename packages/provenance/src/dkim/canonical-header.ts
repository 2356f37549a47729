/**
 * Header canonicalisation (RFC 6376 section 3.4) and the choice of the fields that are signed (sections 3.7 and 5.4.2).
 *
 * Strings here are latin1: one character is one byte.
 */
import type { HeaderField, HeaderList } from "@triage/message";
import type { Canonicalization, DkimSignature } from "./signature.ts";

/** Takes a whole field and gives it in the form that is signed, with its final CRLF. */
export type FieldForm = (field: HeaderField) => string;

/** `simple`: the bytes as sent. Line ends become CRLF, since what was signed travelled over SMTP. */
export const simpleField: FieldForm = (field) => `${withCrlf(withoutLineEnd(field.raw))}\r\n`;

/** `relaxed`: name lower-cased, unfolded, runs of white space one space, none at the ends of the value. */
export const relaxedField: FieldForm = (field) => {
  const unfolded = withoutLineEnd(field.rawValue).replace(/[\r\n]+/g, "");
  const value = unfolded.replace(/[ \t]+/g, " ");
  const start = value.startsWith(" ") ? 1 : 0;
  const end = value.length > start && value.endsWith(" ") ? -1 : undefined;
  return `${field.name}:${value.slice(start, end)}\r\n`;
};

/**
 * Forms to try for `simple`, likeliest first. QUIRK: bouncing MTAs refold what they return (joined lines, a tab for a
 * space), which `simple` does not survive; a form that was signed can then be found again, and a signature that fits
 * one proves as much as one that fits the bytes.
 */
export const SIMPLE_FORMS: readonly FieldForm[] = [
  simpleField,
  (field) => simpleField(field).replace(/\r\n(?=[ \t])/g, ""),
  (field) => simpleField(field).replace(/\r\n\t/g, "\r\n "),
  (field) => simpleField(field).replace(/\r\n /g, "\r\n\t"),
  (field) => simpleField(field).replace(/\r\n[ \t]+/g, " "),
];

export function fieldForms(form: Canonicalization): readonly FieldForm[] {
  return form === "relaxed" ? [relaxedField] : SIMPLE_FORMS;
}

/**
 * Builds the bytes that b= signs: the fields of h=, repeated names from the bottom up, names without a field left (over-signing)
 * as nothing, then the DKIM-Signature field itself with an empty b= and without its line end.
 */
export function signedHeaderBytes(headers: HeaderList, signature: DkimSignature, form: FieldForm): Buffer {
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
  text += withoutLineEnd(form(withoutSignature(signature.field)));
  return Buffer.from(text, "latin1");
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
