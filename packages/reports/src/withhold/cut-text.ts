/** A text in which a message is returned, cut behind its header: in the bytes as they were sent where that can be done. Pure. */
import { htmlToText, MAX_TEXT_CHARS, type Part } from "@triage/message";
import { lineEndOf } from "../returned/describe.ts";
import { type BodyLine, findBodyLine } from "./body-line.ts";
import { type Cut, replaceBody, replaceByText } from "./cut-part.ts";

/** Stands where the text was cut; the only words of ours in a message of others. */
const LEFT_OUT = "[The body of the returned message was left out here.]";

/** `returnsMessage`: also where nothing but the header stands there. */
export interface TextCut {
  readonly cuts: readonly Cut[];
  readonly returnsMessage: boolean;
}

/** @param hasParts  The message came back as a part of its own. */
export function cutText(part: Part, lineEnd: string, hasParts: boolean): TextCut {
  const isHtml = part.contentType.value === "text/html";
  const decoded = part.text();
  const text = isHtml ? readHtml(decoded, hasParts) : decoded;
  const body = findBodyLine(text, hasParts) ?? endOfDecoded(decoded, text);
  if (body === undefined) return { cuts: [], returnsMessage: false };
  const lines = text.split("\n");
  const rest = lines.slice(body.line).join("\n").trim();
  const isHeaderOnly = (rest === "" || rest === LEFT_OUT) && decoded.length < MAX_TEXT_CHARS;
  const cut = isHeaderOnly ? [] : [cutBehind(part, lines, body, lineEnd, isHtml)];
  return { cuts: cut, returnsMessage: true };
}

function cutBehind(part: Part, lines: readonly string[], body: BodyLine, lineEnd: string, isHtml: boolean): Cut {
  const cut = isHtml ? undefined : cutBytes(part, lines, body, lineEnd);
  if (cut !== undefined) return cut;
  const kept = [...lines.slice(0, body.line), LEFT_OUT, ""].join(lineEnd);
  const leftOutBytes = Buffer.byteLength(lines.slice(body.line).join("\n"));
  return { edits: replaceByText(part, kept, lineEnd), leftOutBytes, isCertain: body.isCertain };
}

/** As a reader sees it; where the source has lines that a reader does not see, and a message in them, then those. */
function readHtml(html: string, hasParts: boolean): string {
  const text = htmlToText(breakPreformatted(html));
  if (findBodyLine(text, hasParts) !== undefined) return text;
  const source = htmlToText(html.replaceAll("\n", "<br>"));
  return findBodyLine(source, hasParts) === undefined ? text : source;
}

/** A copy in `pre` keeps its lines, and folded fields are one line each; other readers of HTML need neither. */
function breakPreformatted(html: string): string {
  const lower = html.toLowerCase();
  const pieces: string[] = [];
  let at = 0;
  for (let open = lower.indexOf("<pre"); open !== -1; open = lower.indexOf("<pre", at)) {
    const close = lower.indexOf("</pre", open);
    const end = close === -1 ? html.length : close;
    pieces.push(
      html.slice(at, open),
      html
        .slice(open, end)
        .replace(/\n[ \t]/g, " ")
        .replaceAll("\n", "<br>"),
    );
    at = end;
  }
  return pieces.join("") + html.slice(at);
}

/** LIMIT: what is behind the text that is read is looked at by nobody, so it is not passed on. */
function endOfDecoded(decoded: string, text: string): BodyLine | undefined {
  if (decoded.length < MAX_TEXT_CHARS) return undefined;
  return { line: text.split("\n").length - 1, isCertain: false };
}

/** @returns undefined where the lines of the bytes are not those of the text (UTF-16, lines beyond the limit). */
function cutBytes(
  part: Part,
  lines: readonly string[],
  { line, isCertain }: BodyLine,
  lineEnd: string,
): Cut | undefined {
  const bytes = part.bytes();
  let at = 0;
  let lastLine = "";
  for (let n = 0; n < line && at < bytes.length; n += 1) {
    const { content, next } = lineEndOf(bytes, at);
    if (n === line - 1) lastLine = bytes.toString("latin1", at, content);
    at = next;
  }
  if (!isSameLine(lines[line - 1] ?? "", lastLine)) return undefined;
  const { start, end } = part.bodyRange;
  const note = Buffer.from(`${at > 0 ? lineEnd : ""}${LEFT_OUT}${lineEnd}`);
  const isEncoded = bytes.length !== end - start;
  const edits = isEncoded
    ? replaceBody(part, Buffer.concat([bytes.subarray(0, at), note]), lineEnd)
    : [{ start: start + at, end, by: note }];
  return { edits, leftOutBytes: bytes.length - at, isCertain };
}

/** Of a line that is not ASCII only the beginning up to there is compared: its charset is another one. */
function isSameLine(text: string, bytes: string): boolean {
  const ascii = text.search(/[^\x20-\x7e]/);
  return ascii === -1 ? text.trimEnd() === bytes.trimEnd() : bytes.startsWith(text.slice(0, ascii));
}
