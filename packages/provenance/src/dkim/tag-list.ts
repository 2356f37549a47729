/** Tag lists (RFC 6376 section 3.2): `name=value; name=value`, the form of DKIM-Signature fields and key records. */

/** LIMIT: longer lists are no signatures; ours are below 2 kB. */
const MAX_TAG_LIST_CHARS = 16_384;

/**
 * @param text Unfolded or not; white space around names and values is dropped.
 * @returns    Names as sent (they are case-sensitive); undefined when a tag has no `=`, a name comes twice (section 3.2:
 *             the whole list is then invalid), or the list is too long.
 */
export function parseTagList(text: string): ReadonlyMap<string, string> | undefined {
  if (text.length > MAX_TAG_LIST_CHARS) return undefined;
  const tags = new Map<string, string>();
  for (const item of text.split(";")) {
    const equals = item.indexOf("=");
    if (equals < 0) {
      if (item.trim() === "") continue;
      return undefined;
    }
    const name = item.slice(0, equals).trim();
    if (tags.has(name)) return undefined;
    tags.set(name, item.slice(equals + 1).trim());
  }
  return tags;
}

/** A value in which white space means nothing: b=, bh=, h=, p= and names that a long line was folded in. */
export function withoutWhitespace(value: string): string {
  return value.replace(/\s+/g, "");
}
