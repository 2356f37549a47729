/** What the links of a message look like: where they lead, and the words of their paths. Pure. */
import { FREE_HOSTS, SHORTENERS } from "./link-hosts.ts";
import { LINK_PREFIX } from "./token-prefixes.ts";

/** LIMIT: more links than that say nothing more. */
const MAX_LINKS = 40;
const MAX_PATH_WORDS = 8;
const MIN_PATH_WORD_CHARS = 3;

const LINK = /https?:\/\/([a-z0-9.-]{1,253})(:\d{1,5})?(\/[^\s"'<>]{0,200})?/g;
const NOT_A_LETTER = /[^a-z]+/;

/** The last two labels: enough to tell sites apart, and needs no list of public suffixes. */
const siteOf = (host: string) => host.split(".").slice(-2).join(".");

function addLink(host: string, port: string | undefined, path: string | undefined, tokens: Set<string>): void {
  const labels = host.split(".");
  tokens.add(`${LINK_PREFIX}tld-${labels.at(-1) ?? ""}`);
  const site = siteOf(host);
  tokens.add(LINK_PREFIX + site);
  if (FREE_HOSTS.has(site) || FREE_HOSTS.has(host)) tokens.add(`${LINK_PREFIX}free-host`);
  if (SHORTENERS.has(host)) tokens.add(`${LINK_PREFIX}shortened`);
  // IDNA (RFC 5890): letters that look like others are written so.
  if (labels.some((label) => label.startsWith("xn--"))) tokens.add(`${LINK_PREFIX}international`);
  if (port !== undefined) tokens.add(`${LINK_PREFIX}port`);
  if (path === undefined) return;
  if (path.includes("?")) tokens.add(`${LINK_PREFIX}query`);
  for (const word of path.split(NOT_A_LETTER).slice(0, MAX_PATH_WORDS)) {
    if (word.length >= MIN_PATH_WORD_CHARS) tokens.add(`${LINK_PREFIX}p-${word}`);
  }
}

/** LIMIT: what is longer is no tag, and no text of a link, that a person reads. UTF-16 units. */
const MAX_ANCHOR_CHARS = 600;

const TARGET_HOST = /https?:\/\/([a-z0-9.-]{1,253})/;
const SHOWN_HOST = /(?:https?:\/\/|www\.)([a-z0-9.-]{4,253})/;

/** Whether an anchor shows the address of another site than it leads to. @param end  Of its tag. */
function misleads(html: string, start: number, end: number): boolean {
  const text = html.slice(end, end + MAX_ANCHOR_CHARS);
  const shown = SHOWN_HOST.exec(text.split("<", 1)[0] ?? "")?.[1];
  const target = shown === undefined ? undefined : TARGET_HOST.exec(html.slice(start, end))?.[1];
  return shown !== undefined && target !== undefined && siteOf(shown) !== siteOf(target);
}

/** Whether a link of the HTML shows the address of another site than it leads to. */
export function showsAnotherSite(html: string): boolean {
  const lower = html.toLowerCase();
  let start = lower.indexOf("<a ");
  for (let links = 0; start >= 0 && links < MAX_LINKS; links++) {
    const end = lower.indexOf(">", start);
    if (end < 0) return false;
    if (end - start < MAX_ANCHOR_CHARS && misleads(lower, start, end)) return true;
    start = lower.indexOf("<a ", end);
  }
  return false;
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
