/** What the links of a message look like: where they lead, and the words of their paths. Pure. */
import { LINK_PREFIX } from "./token-prefixes.ts";

/** LIMIT: more links than that say nothing more. */
const MAX_LINKS = 40;
const MAX_PATH_WORDS = 8;
const MIN_PATH_WORD_CHARS = 3;

const LINK = /https?:\/\/([a-z0-9.-]{1,253})(:\d{1,5})?(\/[^\s"'<>]{0,200})?/g;
const NOT_A_LETTER = /[^a-z]+/;

function addLink(host: string, port: string | undefined, path: string | undefined, tokens: Set<string>): void {
  const labels = host.split(".");
  tokens.add(`${LINK_PREFIX}tld-${labels.at(-1) ?? ""}`);
  tokens.add(LINK_PREFIX + labels.slice(-2).join("."));
  if (port !== undefined) tokens.add(`${LINK_PREFIX}port`);
  if (path === undefined) return;
  if (path.includes("?")) tokens.add(`${LINK_PREFIX}query`);
  for (const word of path.split(NOT_A_LETTER).slice(0, MAX_PATH_WORDS)) {
    if (word.length >= MIN_PATH_WORD_CHARS) tokens.add(`${LINK_PREFIX}p-${word}`);
  }
}

/** @param texts  The body and the HTML; each token comes once. */
export function linkTokens(texts: readonly string[]): ReadonlySet<string> {
  const tokens = new Set<string>();
  let links = 0;
  for (const text of texts) {
    if (!text.includes("://")) continue;
    for (const [, host = "", port, path] of text.toLowerCase().matchAll(LINK)) {
      if (links++ === MAX_LINKS) return tokens;
      addLink(host, port, path, tokens);
    }
  }
  return tokens;
}
