/** Addresses in the running text of a report. No grammar of RFC 5322: what an MTA prints, and nothing else. */
import { singleBlanks } from "../../single-blanks.ts";

/** LIMIT: RFC 5321 section 4.5.3.1 allows 64 and 255; some sites print longer local parts. */
const MAX_LOCAL = 256;
const MAX_DOMAIN = 255;

/** Ends an address on either side. A quote may stand in front of a quoted local part only. */
const BREAKS =
  " \t\n\r<>()[],;:\"'`|{}\u3000\uff1a\uff0c\uff1b\uff08\uff09\u3001\u3002\u3010\u3011\u300c\u300d\u201c\u201d\u2018\u2019";

/** LIMIT: signs in one line that are tried; a line of nothing else would cost a second. */
const MAX_TRIED = 16;

/** The first address in the line at or after `from`: as printed, without angle brackets. */
export function firstAddress(line: string, from = 0): string | undefined {
  let tried = 0;
  for (let at = line.indexOf("@", from); at >= 0 && tried < MAX_TRIED; at = line.indexOf("@", at + 1), tried++) {
    const address = addressAround(line, at, from);
    if (address) return address;
  }
  return undefined;
}

/** The address around the `@` at that index. */
export function addressAround(line: string, at: number, from = 0): string | undefined {
  const start = line[at - 1] === '"' ? quotedStart(line, at, from) : plainStart(line, at, from);
  let end = at + 1;
  while (end < line.length && end - at <= MAX_DOMAIN && !BREAKS.includes(line[end] as string)) end++;
  if (line[at + 1] === "[") end = line.indexOf("]", at) + 1 || end;
  // "joe@example.net...User unknown": no domain has two dots in a row.
  const dots = line.indexOf("..", at);
  if (dots !== -1 && dots < end) end = dots;
  while (end > at + 1 && ".?!*…".includes(line[end - 1] as string)) end--;
  if (start >= at || end <= at + 1 || line[at + 1] === "@" || line[at + 1] === "-") return undefined;
  const address = line.slice(start, end);
  return address.includes("//") || address.indexOf("@", at - start + 1) > 0 ? undefined : address;
}

function plainStart(line: string, at: number, from: number): number {
  let start = at;
  while (start > from && at - start < MAX_LOCAL && !BREAKS.includes(line[start - 1] as string)) start--;
  while (start < at && "*-.>".includes(line[start] as string)) start++;
  return start;
}

function quotedStart(line: string, at: number, from: number): number {
  const open = line.lastIndexOf('"', at - 2);
  return open >= from && at - open <= MAX_LOCAL ? open : at;
}

/** What stands between angle brackets at the beginning of the line: `<joe@example.net>: ...`. */
export function bracketedAtStart(line: string): { readonly inside: string; readonly rest: string } | undefined {
  if (!line.startsWith("<")) return undefined;
  const close = line.indexOf(">");
  if (close < 0) return undefined;
  const inside = line.slice(1, close).trim();
  return inside.includes("<") ? undefined : { inside, rest: line.slice(close + 1) };
}

/** Bullets and frames that stand before an address in a list. */
const BULLET = /^[\s*\->•·|.]+/;

/** The address when the line holds nothing else: an optional bullet, brackets, quotes, one final mark. */
export function loneAddress(line: string): string | undefined {
  const bare = line.replace(BULLET, "").trimEnd();
  if (bare.length > MAX_LOCAL + MAX_DOMAIN || !bare.includes("@")) return undefined;
  const address = firstAddress(bare);
  if (address === undefined) return undefined;
  const around = bare.replace(address, "").replace(/mailto:|smtp:/gi, "");
  return /^[\s<>"'()[\],;:.]*$/.test(around) ? address : undefined;
}

/** Joins the lines of a diagnostic: one line, single blanks. */
export function joinLines(lines: readonly string[]): string {
  return singleBlanks(lines.join(" ")).trim();
}
