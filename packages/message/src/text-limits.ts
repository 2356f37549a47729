/** The last steps of text(): line ends as LF, and the limits that protect whoever reads the text. Pure. */
import type { DefectLog } from "./defect-log.ts";
import type { ReadLimits } from "./limits.ts";

/** Cuts the text at `maxTextChars`, turns CRLF and CR into LF, NUL into U+FFFD, and breaks lines of over `maxLineChars`. */
export function limitText(text: string, limits: ReadLimits, log: DefectLog): string {
  let limited = text;
  if (text.length > limits.maxTextChars) {
    log.add("text-too-large", `a text has more than ${limits.maxTextChars} characters`);
    limited = text.slice(0, characterEnd(text, limits.maxTextChars));
  }
  if (limited.includes("\r")) limited = withLineFeeds(limited);
  // PostgreSQL stores no NUL in text or JSON.
  if (limited.includes("\0")) limited = limited.replaceAll("\0", "\ufffd");
  return limited.length > limits.maxLineChars ? breakLongLines(limited, limits.maxLineChars, log) : limited;
}

/** Nearly all CRs are of CRLF, which a plain search finds; the pattern is for what is left of the others. */
function withLineFeeds(text: string): string {
  const plain = text.replaceAll("\r\n", "\n");
  return plain.includes("\r") ? plain.replace(/\r+\n?/g, lineEnds) : plain;
}

/** QUIRK: quoted-printable that ends its lines with `=0D` gives CR CRLF; CRs before an LF are one line end with it. */
function lineEnds(crs: string): string {
  return crs.endsWith("\n") ? "\n" : "\n".repeat(crs.length);
}

function breakLongLines(text: string, maxLineChars: number, log: DefectLog): string {
  const pieces: string[] = [];
  let from = 0;
  let lineStart = 0;
  while (lineStart < text.length) {
    const lf = text.indexOf("\n", lineStart);
    const lineEnd = lf === -1 ? text.length : lf;
    if (lineEnd - lineStart > maxLineChars) {
      const cut = characterEnd(text, lineStart + maxLineChars);
      pieces.push(text.slice(from, cut), "\n");
      from = cut;
      lineStart = cut;
    } else {
      lineStart = lineEnd + 1;
    }
  }
  if (pieces.length === 0) return text;
  log.add("line-too-long", `a line of text has more than ${maxLineChars} characters`);
  pieces.push(text.slice(from));
  return pieces.join("");
}

/** `at`, or one more where that would cut a surrogate pair. */
function characterEnd(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at + 1 : at;
}
