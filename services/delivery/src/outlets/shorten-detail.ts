/** LIMIT: the other side's words, as they are recorded with a delivery. In UTF-16 units. */
const MAX_DETAIL_CHARS = 500;

/** Cuts what the other side said to what is recorded of it. */
export function shortenDetail(text: string): string {
  return text.length <= MAX_DETAIL_CHARS ? text : `${text.slice(0, MAX_DETAIL_CHARS - 1)}…`;
}
