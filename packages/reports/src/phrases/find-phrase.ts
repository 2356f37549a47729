/** True when one of the phrases stands in the text; both lower-cased. Plain searches: no pattern, linear in the text. */
export function hasPhrase(text: string, phrases: readonly string[]): boolean {
  return text !== "" && phrases.some((phrase) => text.includes(phrase));
}
