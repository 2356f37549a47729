/**
 * The words by which a message is known again: its own ones, as the text model reads them, without what mass mailings
 * change from copy to copy (links, addresses, words with digits). Wrapping, blanks and numbers make no difference. Pure.
 */

import { type MessageText, ownRanges, type TextRange } from "../text-model/message-text.ts";
import { hashToken, scanWords } from "../text-model/scan-words.ts";
import type { WordPrint } from "./correction.ts";
import { signatureOf } from "./min-hash.ts";

/** A text of fewer different words is the same as many others for no reason ("please call me back"). */
export const MIN_PRINTED_WORDS = 12;

/** LIMIT: words beyond these are not compared, so that a long text costs no more than 0.05 ms. */
const MAX_PRINTED_WORDS = 300;

/** LIMIT: LearningFeatures hold them. */
const EDGE_WORDS = 10;

const NO_PREFIX = hashToken("");

/** Inside an address or a link: everything that ASCII shows. Other scripts write on without a blank. */
function isVisibleAscii(unit: number): boolean {
  return unit > 0x20 && unit < 0x7f;
}

const MARKS = ["://", "www.", "@"] as const;

/** Where the marks stand, in order. */
function findMarks(text: string): number[] {
  const found: number[] = [];
  for (const mark of MARKS) {
    for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length)) found.push(at);
  }
  return found.sort((left, right) => left - right);
}

/** What is left of the range without links and addresses. */
function plainRanges(text: string, { start, end }: TextRange, marks: readonly number[]): TextRange[] {
  const ranges: TextRange[] = [];
  let from = start;
  for (const mark of marks) {
    if (mark < from) continue;
    if (mark >= end) break;
    let left = mark;
    while (left > from && isVisibleAscii(text.charCodeAt(left - 1))) left--;
    ranges.push({ start: from, end: left });
    from = mark;
    while (from < end && isVisibleAscii(text.charCodeAt(from))) from++;
  }
  ranges.push({ start: from, end });
  return ranges;
}

function hasDigit(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 0x30 && unit <= 0x39) return true;
  }
  return false;
}

/** Hashes of the words of a text, in order, repeats too. */
function wordsOf(text: string): number[] {
  const lower = text.toLowerCase();
  const marks = findMarks(lower);
  const words: number[] = [];
  const word = (start: number, end: number, hash: number) => {
    if (!hasDigit(lower, start, end)) words.push(hash);
  };
  for (const own of ownRanges(lower)) {
    for (const { start, end } of plainRanges(lower, own, marks)) scanWords(lower, start, end, NO_PREFIX, { word });
  }
  return words;
}

/** @returns Undefined for a text of fewer than MIN_PRINTED_WORDS different words. */
export function printWords({ subject, body }: MessageText): WordPrint | undefined {
  const subjectWords = wordsOf(subject);
  const bodyWords = wordsOf(body);
  const distinct = new Set<number>();
  for (const words of [subjectWords, bodyWords]) {
    for (const word of words) if (distinct.size < MAX_PRINTED_WORDS) distinct.add(word);
  }
  if (distinct.size < MIN_PRINTED_WORDS) return undefined;
  return {
    signature: signatureOf(distinct),
    subject: subjectWords.slice(0, EDGE_WORDS),
    opening: bodyWords.slice(0, EDGE_WORDS),
    closing: bodyWords.slice(-EDGE_WORDS),
  };
}
