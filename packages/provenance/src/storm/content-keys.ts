/**
 * What two copies of one mailing have in common, although each was made for one recipient.
 *
 * Spam differs from copy to copy in names, numbers, links and words thrown in. So a word with a digit, a link or an
 * address in it does not count; of the subject the rest is one key; of the text two keys are taken by min-hash (Broder,
 * 1997): of all runs of three words those whose hash is smallest. Two texts that share nine tenths of their runs share
 * each of these with a probability of about nine tenths. Pure.
 */
import { hash } from "node:crypto";
import { htmlToText, type Part, readMessage } from "@triage/message";
import type { Returned } from "@triage/reports";

/** Part of each key, so that a better normalisation does not mix with what was counted before. */
const VERSION = "v1";

/** LIMIT: the beginning of a mailing tells it from others; megabytes of it do not tell it better. Style sheets stand in front of the text. */
const MAX_BYTES = 32_768;
const MAX_TEXT_CHARS = 4_000;
const MAX_WORDS = 200;
/** LIMIT: parts that are looked through for one with text. */
const MAX_PARTS = 20;

const RUN_WORDS = 3;
/** One key each: two chances that two copies share a run. */
const SEEDS = ["a", "b"];
/** Shorter texts ("see attachment") are shared by mail that has nothing to do with each other. */
const MIN_TEXT_WORDS = 12;
/** "Invoice" or "Hello" is nobody's own subject. */
const MIN_SUBJECT_WORDS = 3;

/** Codes, links, addresses, amounts: what differs between two copies. */
const VARIABLE_WORD = /[\d@/\\=_%&<>]/;
const WORD_GAP = /[^\p{L}\p{M}\d@/\\=_%&<>]+/u;

/** @returns Up to three keys; none for a report that returns neither subject nor text. */
export function contentKeysOf(returned: Returned): readonly string[] {
  const keys: string[] = [];
  const subject = steadyWords(returned.subject ?? "");
  if (subject.length >= MIN_SUBJECT_WORDS) keys.push(`${VERSION}:subject:${subject.join(" ")}`);
  const words = returned.form === "message" ? steadyWords(textOf(returned)) : [];
  if (words.length >= MIN_TEXT_WORDS) {
    const numbers = words.map(numberOf);
    for (const seed of SEEDS) keys.push(`${VERSION}:text-${seed}:${hash("sha1", smallestRun(words, numbers, seed))}`);
  }
  return keys;
}

function steadyWords(text: string): readonly string[] {
  return text
    .slice(0, MAX_TEXT_CHARS)
    .toLowerCase()
    .split(WORD_GAP, MAX_WORDS)
    .filter((word) => word.length > 1 && !VARIABLE_WORD.test(word));
}

/** The run whose hash is smallest. Only this one is worth a digest: one for each run would cost more than the verdict. */
function smallestRun(words: readonly string[], numbers: readonly number[], seed: string): string {
  const start = numberOf(seed);
  let smallest = Number.POSITIVE_INFINITY;
  let smallestAt = 0;
  for (let at = 0; at + RUN_WORDS <= words.length; at += 1) {
    let run = start;
    for (let next = at; next < at + RUN_WORDS; next += 1) run = mix(run ^ (numbers[next] ?? 0));
    if (run >= smallest) continue;
    smallest = run;
    smallestAt = at;
  }
  return `${seed} ${words.slice(smallestAt, smallestAt + RUN_WORDS).join(" ")}`;
}

/** FNV-1a, 32 bits. */
function numberOf(word: string): number {
  let number = 0x811c9dc5;
  for (let at = 0; at < word.length; at += 1) number = Math.imul(number ^ word.charCodeAt(at), 0x01000193);
  return number;
}

/** The last step of MurmurHash3: each bit of the number changes each bit of the result with a probability of one half. */
function mix(number: number): number {
  let mixed = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function textOf(returned: Returned): string {
  if (returned.bytes === undefined || returned.body === undefined) return "";
  const parts: Part[] = [readMessage(returned.bytes.subarray(0, MAX_BYTES)).root];
  for (let at = 0; at < parts.length && at < MAX_PARTS; at += 1) {
    const part = parts[at];
    if (part?.contentType.value === "text/plain") return part.text();
    if (part?.contentType.value === "text/html") return htmlToText(part.text());
    parts.push(...(part?.children ?? []));
  }
  return "";
}
