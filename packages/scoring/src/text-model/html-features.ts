/** The elements and attributes that a message's HTML uses: mass mailings and people's programs write differently. Pure. */
import { ATTRIBUTE_PREFIX, ELEMENT_PREFIX } from "./token-prefixes.ts";

/** LIMIT: names beyond these are made up to pad. */
const MAX_NAMES = 60;

const ELEMENT = /<([a-z]{1,10})/g;
const ATTRIBUTE = /\s([a-z]{2,12})=/g;

function* namesOf(html: string, pattern: RegExp, prefix: string): Iterable<string> {
  const seen = new Set<string>();
  for (const [, name = ""] of html.matchAll(pattern)) {
    if (seen.has(name)) continue;
    if (seen.size === MAX_NAMES) return;
    seen.add(name);
    yield prefix + name;
  }
}

/** @param html  At most MAX_HTML_CHARS; each token comes once. */
export function* elementFeatures(html: string): Iterable<string> {
  if (html === "") return;
  const lower = html.toLowerCase();
  yield* namesOf(lower, ELEMENT, ELEMENT_PREFIX);
  yield* namesOf(lower, ATTRIBUTE, ATTRIBUTE_PREFIX);
}
