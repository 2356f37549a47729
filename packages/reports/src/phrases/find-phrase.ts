/** True when one of the phrases stands in the text; both lower-cased. Plain searches: no pattern, linear in the text. */
export function hasPhrase(text: string, phrases: readonly string[]): boolean {
  return text !== "" && phrases.some((phrase) => text.includes(phrase));
}

/** True when the text begins with one of the phrases. */
export function startsWithPhrase(text: string, phrases: readonly string[]): boolean {
  return text !== "" && phrases.some((phrase) => text.startsWith(phrase));
}
