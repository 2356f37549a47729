/**
 * HTML to the text that a reader would see, for patterns and tokens: not for display.
 *
 * One pass with indexOf, no tree and no nesting: what is not closed costs no more than what is. Script, style, title and
 * comments are dropped as browsers drop them, links keep their text only. Pure.
 */
import { decodeEntities } from "./html-entities.ts";

const HIDDEN: ReadonlyMap<string, RegExp> = new Map(
  ["script", "style", "title", "template", "noframes"].map((name) => [name, new RegExp(`</${name}`, "gi")]),
);
const BLOCKS: ReadonlySet<string> = new Set(
  (
    "address article aside blockquote body br caption center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 " +
    "header hr html legend li main nav ol option p pre section table tbody tfoot thead tr ul"
  ).split(" "),
);
const CELLS: ReadonlySet<string> = new Set(["td", "th"]);
const TAG_NAME = /[a-zA-Z][a-zA-Z0-9]{0,15}/y;
const BLANKS = /[\s\u00a0]+/g;

/**
 * Extracts the text.
 *
 * @param html  Decoded text, as of `Part.text()`; any length, the work is linear.
 * @returns     Lines ended by LF, blanks collapsed (also in `pre` within a line), no blank line twice, trimmed.
 */
export function htmlToText(html: string): string {
  const writer = new TextWriter();
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf("<", at);
    if (open === -1) {
      writer.text(html.slice(at));
      break;
    }
    writer.text(html.slice(at, open));
    at = readMarkup(html, open, writer);
  }
  return writer.result();
}

/** Reads what starts with the `<` at `open`; returns the offset after it. */
function readMarkup(html: string, open: number, writer: TextWriter): number {
  if (html.startsWith("<!--", open)) return after(html, "-->", open + 4);
  const next = html[open + 1];
  if (next === "!" || next === "?") return after(html, ">", open);
  const closing = next === "/";
  TAG_NAME.lastIndex = open + (closing ? 2 : 1);
  const name = TAG_NAME.exec(html)?.[0].toLowerCase();
  if (name === undefined) {
    writer.text("<");
    return open + 1;
  }
  if (BLOCKS.has(name)) writer.breakLine();
  else if (CELLS.has(name)) writer.text(" ");
  const end = tagEnd(html, open + 1);
  const closer = closing ? undefined : HIDDEN.get(name);
  return closer === undefined ? end : hiddenEnd(html, end, closer);
}

function hiddenEnd(html: string, from: number, closer: RegExp): number {
  closer.lastIndex = from;
  const match = closer.exec(html);
  return match === null ? html.length : tagEnd(html, match.index);
}

/** Offset after the `>` that ends a tag; one in a quoted attribute value does not. */
function tagEnd(html: string, from: number): number {
  let quote = "";
  for (let at = from; at < html.length; at++) {
    const char = html[at] as string;
    if (quote !== "") {
      if (char === quote) quote = "";
    } else if (char === ">") {
      return at + 1;
    } else if ((char === '"' || char === "'") && html[at - 1] === "=") {
      quote = char;
    }
  }
  return html.length;
}

function after(html: string, mark: string, from: number): number {
  const at = html.indexOf(mark, from);
  return at === -1 ? html.length : at + mark.length;
}

class TextWriter {
  readonly #pieces: string[] = [];
  #newlines = 0;
  #blank = false;
  #empty = true;

  text(html: string): void {
    if (html === "") return;
    const text = decodeEntities(html).replace(BLANKS, " ");
    const content = text.trim();
    if (text.startsWith(" ")) this.#blank = true;
    if (content === "") return;
    if (this.#newlines > 0) this.#pieces.push("\n".repeat(this.#newlines));
    else if (this.#blank && !this.#empty) this.#pieces.push(" ");
    this.#pieces.push(content);
    this.#newlines = 0;
    this.#empty = false;
    this.#blank = text.endsWith(" ");
  }

  breakLine(): void {
    if (!this.#empty) this.#newlines = Math.min(this.#newlines + 1, 2);
  }

  result(): string {
    return this.#pieces.join("");
  }
}
