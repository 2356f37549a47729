/**
 * The remote's words without what changes from message to message: what is left is the same for the same cause. Pure.
 *
 * Words with a digit, an address, a host, a path or a code in them are variable, and so are dates and the people whom the
 * message is about. What a server says stands at the beginning; behind it follow links, ids and the name of the server.
 */

/** LIMIT: words that name a cause. Counted after the variable ones are gone: a longer id must not move the end. */
const MAX_WORDS = 24;
/** LIMIT: characters that are looked at; reports hold at most 2,000. */
const MAX_CHARS = 1_000;

/** Most words: nothing to look at. */
const PLAIN_WORD = /^[a-z]+$/;
/** An id, address, path, code or number. */
const VARIABLE = /[0-9@/=_[\]<>\\#%&+~*{}|^]/;
/** `mx.example.net`: a dot or colon between letters. */
const HOST = /[\p{L}\p{N}][.:][\p{L}\p{N}]/u;
/** `4XyZ` has a digit, `aBcDe` not: a capital behind a small letter is an id, or a name that says nothing of the cause. */
const MIXED_CASE = /\p{Ll}\p{Lu}/u;
const LETTER = /[\p{L}\p{M}]/u;

const DATE_WORDS = new Set(
  (
    "mon tue wed thu fri sat sun jan feb mar apr may jun jul aug sep oct nov dec am pm utc gmt cet cest est edt cst cdt " +
    "mst mdt pst pdt bst jst ist"
  ).split(" "),
);

/** `smtp;`, `x-postfix;` (RFC 3464 section 2.3.6): one report has it, the next one says the same without. */
const MAX_TYPE_CHARS = 20;

/**
 * "smtp; 550 5.7.1 [192.0.2.1] Blocked, see https://a.example/?q=1" -> "blocked see": words alone, lower case.
 *
 * @param people  Lower-cased words that name whom the message is about, such as local parts of its addresses.
 */
export function normaliseDiagnostic(diagnostic: string, people: ReadonlySet<string> = NOBODY): string {
  const text = withoutType(diagnostic.slice(0, MAX_CHARS));
  let words = "";
  let count = 0;
  for (const word of text.split(/\s+/)) {
    const kept = normaliseWord(word);
    if (kept === "" || DATE_WORDS.has(kept) || people.has(kept)) continue;
    words += count === 0 ? kept : ` ${kept}`;
    count += 1;
    if (count === MAX_WORDS) break;
  }
  return words;
}

const NOBODY: ReadonlySet<string> = new Set();

/** Empty for a variable word. */
function normaliseWord(word: string): string {
  if (PLAIN_WORD.test(word)) return word;
  if (VARIABLE.test(word) || MIXED_CASE.test(word) || HOST.test(word)) return "";
  return withoutPunctuation(word.toLowerCase());
}

/** At both ends; a loop, because the pattern for it would be quadratic. */
function withoutPunctuation(word: string): string {
  let start = 0;
  let end = word.length;
  while (start < end && !LETTER.test(word.charAt(start))) start += 1;
  while (end > start && !LETTER.test(word.charAt(end - 1))) end -= 1;
  return word.slice(start, end);
}

function withoutType(diagnostic: string): string {
  const end = diagnostic.indexOf(";");
  return end > 0 && end <= MAX_TYPE_CHARS && !diagnostic.slice(0, end).trim().includes(" ")
    ? diagnostic.slice(end + 1)
    : diagnostic;
}
