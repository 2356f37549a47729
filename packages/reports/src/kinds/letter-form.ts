/**
 * The form of a letter: somebody is greeted, and asked something or taken leave of. Programs greet as well, so that it only
 * speaks against other signs of a machine, and never for hiding. Read where such a sign is there, not on every mail.
 */
import type { Outline } from "../outline.ts";
import { CLOSINGS, SALUTATIONS } from "../phrases/letter.ts";

/** LIMIT: a letter greets, asks and closes within this, or it is too long to be told by its form. UTF-16 units. */
const MAX_FORM_CHARS = 8_192;

/** LIMIT: a longer line is no name. UTF-16 units. */
const MAX_NAME_CHARS = 40;

export interface LetterForm {
  /** A line begins with a salutation: not always the first one, since gateways and programs write above it. */
  readonly greets: boolean;
  /** A line begins with a farewell, or is a name. */
  readonly closes: boolean;
  /** A line, or a sentence in one, is a question; the marks in links are none. */
  readonly asks: boolean;
}

/** Of the text, and whether the subject asks. */
export function readLetterForm(outline: Outline): LetterForm {
  const form = readForm(outline.text());
  return form.asks ? form : { ...form, asks: isQuestion(outline.subject) };
}

/** Of the lines that are not quoted. */
export function readForm(text: string): LetterForm {
  const form = { greets: false, closes: false, asks: false };
  for (const raw of text.slice(0, MAX_FORM_CHARS).split("\n")) {
    const line = raw.trim();
    if (line === "" || line.startsWith(">")) continue;
    const lower = line.toLowerCase();
    form.closes ||= startsWithPhrase(lower, CLOSINGS) || (form.greets && isName(line));
    form.greets ||= startsWithPhrase(lower, SALUTATIONS);
    form.asks ||= isQuestion(line);
  }
  return form;
}

/** One to three words, each with a capital: `Ann`, `J. Doe`. */
function isName(line: string): boolean {
  return line.length <= MAX_NAME_CHARS && NAME.test(line);
}

const NAME = /^\p{Lu}[\p{L}.'-]{0,20}(?: \p{Lu}[\p{L}.'-]{0,20}){0,2}$/u;

/** Somebody is greeted, and the letter asks or takes leave. */
export function hasLetterForm(outline: Outline): boolean {
  const { greets, closes, asks } = readLetterForm(outline);
  return greets && (closes || asks);
}

function startsWithPhrase(line: string, phrases: readonly string[]): boolean {
  return phrases.some((phrase) => line.startsWith(phrase) && !isLetterBetween(line, phrase.length));
}

/** "hi" is no greeting in "high": a word goes on. Scripts without blanks between words have no such sign. */
function isLetterBetween(line: string, at: number): boolean {
  const next = line.charAt(at);
  return ALPHABETIC.test(line.charAt(at - 1)) && ALPHABETIC.test(next);
}

const ALPHABETIC = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]/u;

/** A question mark at the end of a word: before a blank, a closing bracket or quote, or the end of the line. */
function isQuestion(line: string): boolean {
  for (let at = 1; at < line.length; at += 1) {
    const mark = line.charAt(at);
    if (mark === "？") return true;
    if ((mark === "?" || mark === "؟") && ENDS_QUESTION.includes(line.charAt(at + 1))) return true;
  }
  return false;
}

/** The end of the line is "" here, which every string includes. */
const ENDS_QUESTION = " \t)]\"'»”!?";
