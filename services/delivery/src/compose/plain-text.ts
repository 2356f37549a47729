/**
 * Text from strangers, made safe to stand in a line of ours.
 *
 * Subjects, diagnostics and letters are written by whoever wants to be read by the postmaster. They must not start a
 * header field, move the cursor, turn the reading direction around (U+202E shows `exe.pdf` for `fdp.exe`) or look like
 * a line of the summary. The original, byte for byte, is attached anyway, so nothing is lost by being strict. Pure.
 */

/** RFC 5322 section 2.1.1 asks for at most 78 columns; two are left for the quoting of an answer. */
export const LINE_COLUMNS = 76;

/** Invisible characters that only change how others look: bidi controls, zero-width characters, tags, soft hyphens. */
const INVISIBLE = /\p{Cf}/gu;
/** Controls, line and paragraph separators, lone surrogates (which UTF-8 cannot carry). */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/gu;
const SPACES = / {2,}/g;

/**
 * One printable line.
 *
 * @param maxChars  Longest result in code points; what is longer ends in `…`.
 */
export function cleanLine(text: string, maxChars: number): string {
  // Two UTF-16 units are at most one code point, and runs of spaces shrink: four times is room enough, and bounded work.
  const head = text.slice(0, maxChars * 4);
  const line = head.replace(INVISIBLE, "").replace(UNPRINTABLE, " ").replace(SPACES, " ").trim();
  const points = [...line];
  if (points.length <= maxChars && head.length === text.length) return line;
  return `${points
    .slice(0, maxChars - 1)
    .join("")
    .trimEnd()}…`;
}

/**
 * Wraps one line of text between words. A word that is longer than a line stays whole (a URL must stay clickable).
 *
 * @param indent      Before the first line.
 * @param nextIndent  Before every further line; default: `indent`.
 */
export function wrapLine(text: string, indent: string, nextIndent: string = indent): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const room = LINE_COLUMNS - (lines.length === 0 ? indent : nextIndent).length;
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(`${lines.length === 0 ? indent : nextIndent}${line}`);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  if (line !== "") lines.push(`${lines.length === 0 ? indent : nextIndent}${line}`);
  return lines;
}

/** Marks words that are not ours, as one would quote in an answer. */
export const QUOTE_MARK = "| ";

/**
 * Quotes a text of several lines, each cleaned and wrapped; runs of blank lines become one.
 *
 * @param maxLines  Longest result; what is longer ends in a line that says so.
 */
export function quoteLines(text: string, indent: string, maxLines: number): string[] {
  const quoted: string[] = [];
  const mark = `${indent}${QUOTE_MARK}`;
  let blank = true;
  // LIMIT: a letter of a million short lines must not be split whole to show forty of them.
  for (const rawLine of text.slice(0, maxLines * 1_000).split("\n")) {
    const line = cleanLine(rawLine, 1_000);
    if (line === "" && blank) continue;
    blank = line === "";
    quoted.push(...(blank ? [mark.trimEnd()] : wrapLine(line, mark)));
    if (quoted.length > maxLines) return [...quoted.slice(0, maxLines), `${indent}(more in the attached original)`];
  }
  while (quoted.at(-1) === mark.trimEnd()) quoted.pop();
  return quoted;
}
