/**
 * The pages that a remote names in its refusal: where to ask for removal, what its code means.
 *
 * They are a stranger's words, shown to a person as such. So only what cannot look like something else: http(s), letters of
 * ASCII, no user name in front of the host (`https://bank.example@evil.example/`). Pure.
 */

/** LIMIT: links of one refusal, and their length. */
const MAX_LINKS = 3;
const MAX_LINK_CHARS = 200;

const SCHEMES = ["https://", "http://"];
/** What a link is made of (RFC 3986 section 2). Linear: one class. */
const LINK_CHARACTERS = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+/;
/** What stands behind a link and does not belong to it. */
const TRAILING = ".,;:!?)]'";

export function linksIn(text: string): readonly string[] {
  const links = new Set<string>();
  const lower = text.toLowerCase();
  for (let at = lower.indexOf("http"); at >= 0 && links.size < MAX_LINKS; at = lower.indexOf("http", at + 4)) {
    if (!SCHEMES.some((scheme) => lower.startsWith(scheme, at))) continue;
    const link = linkAt(text.slice(at, at + MAX_LINK_CHARS + 1));
    if (link !== undefined) links.add(link);
  }
  return [...links];
}

function linkAt(text: string): string | undefined {
  let [link = ""] = LINK_CHARACTERS.exec(text) ?? [];
  if (link.length > MAX_LINK_CHARS) return undefined;
  while (TRAILING.includes(link.slice(-1)) && link !== "") link = link.slice(0, -1);
  if (!URL.canParse(link)) return undefined;
  const { hostname, username, password } = new URL(link);
  return hostname.includes(".") && username === "" && password === "" ? link : undefined;
}
