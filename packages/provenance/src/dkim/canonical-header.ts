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
const relaxedField: FieldForm = (field) => relaxedValue(field, withoutLineEnd(field.rawValue).replace(/[\r\n]+/g, ""));

/**
 * What bouncing MTAs do to the folding of what they return, undone. QUIRK: they break long lines, and write a tab for a
 * space or the other way round, which `simple` does not survive, and `relaxed` only as long as each fold is at white space.
 * A form that was signed can then be found again, and a signature that fits one proves as much as one that fits the bytes.
 * Lines that were joined cannot be parted again where `simple` was signed: nobody knows where.
 */
const SIMPLE_REPAIRS: readonly FieldForm[] = [
  (field) => simpleField(field).replace(/\r\n /g, "\r\n\t"),
  (field) => simpleField(field).replace(/\r\n\t/g, "\r\n "),
  // a long line was broken in front of its white space, at it, or where it had none (between the addresses of a list)
  (field) => simpleField(field).replace(/\r\n(?=[ \t])/g, ""),
  (field) => simpleField(field).replace(/\r\n[ \t]+/g, " "),
  (field) => simpleField(field).replace(/\r\n[ \t]+/g, ""),
];
const RELAXED_REPAIRS: readonly FieldForm[] = [
  // a long line was broken where it had no white space
  (field) => relaxedField({ ...field, rawValue: withCrlf(withoutLineEnd(field.rawValue)).replace(/\r\n[ \t]+/g, "") }),
  // a fold lost its white space
  (field) => relaxedValue(field, withoutLineEnd(field.rawValue).replace(/[\r\n]+/g, " ")),
];

/** LIMIT: folded fields of which each may have suffered or not; the number of forms doubles with each. */
const MAX_SINGLE_FIELDS = 6;

/**
 * Builds the bytes that b= signs (section 3.7): first as they came, then with one repair of the folding applied to all
 * fields that it changes, then to some of them, since each was folded by another program: Received by the MTA, Subject by the
 * author's, DKIM-Signature by the signer.
 *
 * @returns Texts in latin1, lazily, since nearly always the first one fits; at most 1 + 5 * 2^MAX_SINGLE_FIELDS.
 */
export function* signedHeaderForms(headers: HeaderList, signature: DkimSignature): Generator<string, void> {
  const isRelaxed = signature.headerForm === "relaxed";
  const fields = [...signedFields(headers, signature), withoutSignature(signature.field)];
  const texts = fields.map(isRelaxed ? relaxedField : simpleField);
  yield joined(texts);
  for (const repair of isRelaxed ? RELAXED_REPAIRS : SIMPLE_REPAIRS) yield* repairedForms(fields, texts, repair);
}

function* repairedForms(
  fields: readonly HeaderField[],
  texts: readonly string[],
  repair: FieldForm,
): Generator<string, void> {
  const repaired = fields.map((field, index) => (isFolded(field) ? repair(field) : (texts[index] ?? "")));
  const changed = [...repaired.keys()].filter((index) => repaired[index] !== texts[index]);
  if (changed.length === 0) return;
  for (const some of subsetsOf(changed)) {
    yield joined(texts.map((text, index) => (some.has(index) ? (repaired[index] ?? "") : text)));
  }
}

/** Likeliest first: all of them, each alone, then the other subsets of the last MAX_SINGLE_FIELDS. */
function* subsetsOf(indexes: readonly number[]): Generator<ReadonlySet<number>, void> {
  yield new Set(indexes);
  if (indexes.length < 2) return;
  const last = indexes.slice(-MAX_SINGLE_FIELDS);
  for (const index of last) yield new Set([index]);
  for (let mask = 2 ** last.length - 1; mask > 0; mask -= 1) {
    const some = new Set(last.filter((_, bit) => (mask >> bit) & 1));
    if (some.size > 1 && some.size < indexes.length) yield some;
  }
}

/** The last one is the DKIM-Signature field itself, which is signed without its line end. */
function joined(texts: readonly string[]): string {
  return texts.join("").slice(0, -2);
}

function isFolded(field: HeaderField): boolean {
  return /[\r\n]/.test(withoutLineEnd(field.rawValue));
}

/** The fields of h=: repeated names from the bottom up (section 5.4.2), names without a field left (over-signing) as nothing. */
function signedFields(headers: HeaderList, signature: DkimSignature): readonly HeaderField[] {
  const taken = new Map<string, number>();
  return signature.signedFields.flatMap((name) => {
    const fields = headers.all(name);
    const fromBottom = taken.get(name) ?? 0;
    taken.set(name, fromBottom + 1);
    const field = fields[fields.length - 1 - fromBottom];
    // A signature never signs itself by h= (section 3.7).
    return field === undefined || field === signature.field ? [] : [field];
  });
}

/** The field with the value of b= deleted, all white space around the value included (section 3.5). */
function withoutSignature(field: HeaderField): HeaderField {
  const empty = (text: string) => text.replace(/(^|;)(\s*b\s*=)[^;]*/, "$1$2");
  const colon = field.raw.indexOf(":") + 1;
  return { ...field, raw: field.raw.slice(0, colon) + empty(field.raw.slice(colon)), rawValue: empty(field.rawValue) };
}

/** @param unfolded The value without line ends. */
function relaxedValue(field: HeaderField, unfolded: string): string {
  const value = unfolded.replace(/[ \t]+/g, " ");
  const start = value.startsWith(" ") ? 1 : 0;
  const end = value.length > start && value.endsWith(" ") ? -1 : undefined;
  return `${field.name}:${value.slice(start, end)}\r\n`;
}

function withoutLineEnd(text: string): string {
  if (text.endsWith("\r\n")) return text.slice(0, -2);
  return text.endsWith("\n") || text.endsWith("\r") ? text.slice(0, -1) : text;
}

/** Returned mail is often stored with LF alone, sometimes with CR alone. */
function withCrlf(text: string): string {
  return text.replace(/\r\n?|\n/g, "\r\n");
}
