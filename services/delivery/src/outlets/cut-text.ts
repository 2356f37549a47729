/** LIMIT: the other side's words, as they are recorded with a delivery. In UTF-16 units. */
const MAX_DETAIL_CHARS = 500;

/** Cuts what the other side said to what is recorded of it. */
export function shortenDetail(text: string): string {
  return cutText(text, MAX_DETAIL_CHARS);
}

/** At most so many UTF-16 units, the mark of the cut among them; never through the middle of a character. */
export function cutText(text: string, maxChars: number, mark = "…"): string {
  if (text.length <= maxChars) return text;
  const end = Math.max(0, maxChars - mark.length);
  return `${text.slice(0, isFirstHalf(text.charCodeAt(end - 1)) ? end - 1 : end)}${mark}`;
}

/** A high surrogate: the other half of the character comes after it. */
function isFirstHalf(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
