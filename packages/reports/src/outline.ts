/**
 * The outline of a mail: what every reader of this package looks at, found in one walk over the part tree.
 *
 * The walk never enters a `message/rfc822`: what stands in there is the returned message, and a report part inside of it
 * belongs to somebody else's report (a bounce of a bounce, a person who forwards one).
 */
import { type HeaderList, htmlToText, type Message, type Part } from "@triage/message";
import { type OpeningSign, readOpeningSigns } from "./phrases/opening-phrases.ts";
import { readSubjectSigns, type SubjectSign } from "./phrases/subject-phrases.ts";

/** LIMIT: as much notification text as is read; the texts of known MTAs end within 20 kB, what follows is returned mail. */
export const MAX_DIALECT_CHARS = 65_536;

/** LIMIT: a first text part with less than this (a banner, an empty line) gives way to the next one. */
const MIN_TEXT_CHARS = 16;

export interface Outline {
  readonly message: Message;
  readonly header: HeaderList;
  /** Decoded Subject, "" if there is none. */
  readonly subject: string;
  /** `subject`, lower-cased. */
  readonly lowerSubject: string;
  /** From as it stands there, decoded: display name and address. */
  readonly fromText: string;
  /** Lower-cased addr-spec of the first header From, "" if there is none. */
  readonly from: string;
  /** Every part outside of a returned message, in document order; the first one is the root. */
  readonly parts: readonly Part[];
  /** The part that `text` was taken from. */
  textPart(): Part | undefined;
  /** Text of the first text part: charset decoded, LF line ends, HTML as plain text, at most MAX_DIALECT_CHARS. */
  text(): string;
  readonly subjectSigns: ReadonlySet<SubjectSign>;
  /** What the first lines of `text` point to; read once, when first asked for. */
  openingSigns(): ReadonlySet<OpeningSign>;
}

/** True for parts whose content is a message or header of its own (RFC 2046 section 5.2, RFC 6522, RFC 6532). */
export function isReturnedType(type: string): boolean {
  switch (type) {
    case "message/rfc822":
    case "message/global":
    case "message/partial":
    case "message/rfc822-headers":
    case "message/global-headers":
    case "text/rfc822-headers":
    case "text/rfc822-header":
    case "text/rfc822":
      return true;
    default:
      return false;
  }
}

/** Finds the first part of one of these types, or undefined. */
export function partOfType(outline: Outline, ...types: readonly string[]): Part | undefined {
  return outline.parts.find((part) => types.includes(part.contentType.value));
}

export function outlineMail(message: Message): Outline {
  const header = message.root.headers;
  const subject = header.text("subject") ?? "";
  const fromText = header.text("from") ?? "";
  const parts: Part[] = [];
  collectParts(message.root, parts);
  let text: { part: Part | undefined; value: string } | undefined;
  const readText = () => {
    text ??= firstText(parts);
    return text;
  };
  const lowerSubject = subject.toLowerCase();
  let openingSigns: ReadonlySet<OpeningSign> | undefined;
  return {
    message,
    header,
    subject,
    lowerSubject,
    fromText,
    from: addrSpecOf(fromText),
    parts,
    textPart: () => readText().part,
    text: () => readText().value,
    subjectSigns: readSubjectSigns(lowerSubject),
    openingSigns: () => {
      openingSigns ??= readOpeningSigns(readText().value);
      return openingSigns;
    },
  };
}

function collectParts(part: Part, parts: Part[]): void {
  parts.push(part);
  if (isReturnedType(part.contentType.value)) return;
  for (const child of part.children) collectParts(child, parts);
}

/**
 * The addr-spec in a From value, without a full RFC 5322 parse: the last `<...>`, else the word around the first `@`.
 * This runs on every message; the grammar's rarities (comments, quoted pairs) matter to replies, not to telling machines.
 */
function addrSpecOf(from: string): string {
  const open = from.lastIndexOf("<");
  if (open !== -1) {
    const close = from.indexOf(">", open);
    return from
      .slice(open + 1, close === -1 ? undefined : close)
      .trim()
      .toLowerCase();
  }
  const at = from.indexOf("@");
  if (at === -1) return /^\S+$/.test(from) ? from.toLowerCase() : "";
  let start = at;
  while (start > 0 && !" \t,(\"'".includes(from.charAt(start - 1))) start -= 1;
  let end = at;
  while (end < from.length && !" \t,)\"'".includes(from.charAt(end))) end += 1;
  return from.slice(start, end).toLowerCase();
}

function firstText(parts: readonly Part[]): { part: Part | undefined; value: string } {
  let fallback: { part: Part; value: string } | undefined;
  for (const part of parts) {
    if (!isReadableText(part)) continue;
    const value = part.text();
    const short = value.length > MAX_DIALECT_CHARS ? value.slice(0, MAX_DIALECT_CHARS) : value;
    if (short.trim().length >= MIN_TEXT_CHARS) return { part, value: short };
    fallback ??= { part, value: short };
  }
  const html = parts.find((part) => part.contentType.value === "text/html" && part.disposition !== "attachment");
  if (html !== undefined) return { part: html, value: htmlToText(html.text()).slice(0, MAX_DIALECT_CHARS) };
  return fallback ?? { part: undefined, value: "" };
}

/** Plain text, or a multipart whose boundary is lost, so that all of it is one text. */
function isReadableText(part: Part): boolean {
  const type = part.contentType.value;
  if (type.startsWith("multipart/")) return part.children.length === 0;
  if (type === "text/html" || isReturnedType(type)) return false;
  if (type.startsWith("text/")) return part.disposition !== "attachment" || part.path === "";
  // QUIRK(old MTAs): "Content-Type: text" and the like; a message of no other type is still readable.
  return !type.includes("/");
}
