/** The words that are a message's own: subject and text parts, without what it attaches, quotes or forwards. Pure. */
import { htmlToText, type Message, type Part } from "@triage/message";

/** LIMIT: what a message is about shows early; the rest would only cost time and let padding outweigh it. UTF-16 units. */
export const MAX_TEXT_CHARS = 16_384;

/** LIMIT: no program shows more of it. UTF-16 units. */
const MAX_SUBJECT_CHARS = 1000;

/** LIMIT: markup is several times as long as its text. UTF-16 units. */
const MAX_HTML_CHARS = 65_536;

/** LIMIT: text parts beyond these are padding. */
const MAX_TEXT_PARTS = 8;

export interface MessageText {
  /** Decoded, at most MAX_SUBJECT_CHARS. */
  readonly subject: string;
  /** At most MAX_TEXT_CHARS. */
  readonly body: string;
  /** First HTML part as sent, at most MAX_HTML_CHARS; empty when there is none. */
  readonly html: string;
  /** There is HTML and no plain text with anything in it. */
  readonly htmlOnly: boolean;
  /** File names and types of attachments, lower-cased. */
  readonly attachments: readonly string[];
}

interface TextParts {
  readonly plain: Part[];
  readonly html: Part[];
  readonly attachments: string[];
}

function collectParts(part: Part, found: TextParts): void {
  const { value } = part.contentType;
  const isText = value === "text/plain" || value === "text/html";
  if (value.startsWith("multipart/")) {
    for (const child of part.children) collectParts(child, found);
  } else if (!isText || part.disposition === "attachment") {
    found.attachments.push((part.filename ?? value).toLowerCase());
  } else if (found.plain.length + found.html.length < MAX_TEXT_PARTS) {
    (value === "text/plain" ? found.plain : found.html).push(part);
  }
}

function joinText(parts: readonly Part[]): string {
  let text = "";
  for (const part of parts) {
    if (text.length >= MAX_TEXT_CHARS) break;
    text += text === "" ? part.text() : `\n${part.text()}`;
  }
  return text.length > MAX_TEXT_CHARS ? text.slice(0, MAX_TEXT_CHARS) : text;
}

/** Plain text where there is some, else the text of the HTML. */
export function readMessageText({ root }: Message): MessageText {
  const found: TextParts = { plain: [], html: [], attachments: [] };
  collectParts(root, found);
  const plain = joinText(found.plain);
  const html = found.html[0]?.text().slice(0, MAX_HTML_CHARS) ?? "";
  const htmlOnly = html !== "" && plain.trim() === "";
  const body = htmlOnly ? htmlToText(html).slice(0, MAX_TEXT_CHARS) : plain;
  const subject = root.headers.text("subject")?.slice(0, MAX_SUBJECT_CHARS) ?? "";
  return { subject, body, html, htmlOnly, attachments: found.attachments };
}

/** Half-open range of UTF-16 units. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** "-----Original Message-----" in any language, but no PGP armour. */
function beginsForwarded(text: string, start: number, end: number): boolean {
  if (!text.startsWith("-----", start)) return false;
  const line = text.slice(start, Math.min(end, start + 80));
  return /-{5} ?\p{L}/u.test(line) && !line.includes("begin pgp");
}

/**
 * The ranges of lower-cased text that its writer wrote: without lines that are quoted, and up to the first forwarded
 * message. A letter that complains about spam quotes it, and must not be taken for it.
 */
export function ownRanges(text: string): TextRange[] {
  const ranges: TextRange[] = [];
  let from = 0;
  let at = 0;
  while (at < text.length) {
    const newline = text.indexOf("\n", at);
    const next = newline < 0 ? text.length : newline + 1;
    const quoted = text.charCodeAt(at) === 0x3e; // ">"
    const forwarded = !quoted && beginsForwarded(text, at, next);
    if (quoted || forwarded) {
      if (at > from) ranges.push({ start: from, end: at });
      from = forwarded ? text.length : next;
    }
    if (forwarded) break;
    at = next;
  }
  if (from < text.length) ranges.push({ start: from, end: text.length });
  return ranges;
}
