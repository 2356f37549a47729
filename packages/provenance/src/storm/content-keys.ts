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

/** LIMIT: the beginning of a mailing tells it from others; megabytes of it do not tell it better. */
const MAX_TEXT_CHARS = 4_000;
const MAX_WORDS = 200;
/** LIMIT: parts that are looked through for one with text. */
const MAX_PARTS = 20;

const RUN_WORDS = 3;
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
    keys.push(`${VERSION}:text-a:${smallestRun(words, "a")}`, `${VERSION}:text-b:${smallestRun(words, "b")}`);
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

function smallestRun(words: readonly string[], seed: string): string {
  let smallest = "g";
  for (let at = 0; at + RUN_WORDS <= words.length; at += 1) {
    const digest = hash("sha1", `${seed} ${words.slice(at, at + RUN_WORDS).join(" ")}`);
    if (digest < smallest) smallest = digest;
  }
  return smallest;
}

function textOf(returned: Returned): string {
  if (returned.bytes === undefined || returned.body === undefined) return "";
  const parts: Part[] = [readMessage(returned.bytes).root];
  for (let at = 0; at < parts.length && at < MAX_PARTS; at += 1) {
    const part = parts[at];
    if (part?.contentType.value === "text/plain") return part.text();
    if (part?.contentType.value === "text/html") return htmlToText(part.text());
    parts.push(...(part?.children ?? []));
  }
  return "";
}
