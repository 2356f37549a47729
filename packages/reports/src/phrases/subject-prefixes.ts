/**
 * Reply and forward prefixes of subjects, as the mail programs of each language write them.
 *
 * Source: the localisations of the mail programs (Outlook, Lotus Notes and Apple Mail write their own, the rest RE/FW).
 * Lower case, without the colon; `[2]`, `(3)` or `^4` may stand between the prefix and the colon.
 */
const PREFIXES: ReadonlySet<string> = new Set([
  ...["re", "aw", "antw", "antwort", "sv", "vs", "odp", "res", "rif", "r", "ref", "ynt", "ha", "отв", "ответ", "на"],
  ...["fw", "fwd", "wg", "tr", "vb", "vl", "i", "rv", "enc", "doorst", "pd", "tov", "fs", "пересл"],
  ...["回复", "答复", "回覆", "转发", "轉寄", "返信", "転送"],
]);

/** LIMIT: no prefix, counter included, is longer. */
const MAX_PREFIX_CHARS = 16;

/** True when the subject begins as that of a reply or forward. */
export function hasReplyPrefix(lowerSubject: string): boolean {
  return prefixLength(lowerSubject) > 0;
}

/** The subject without its first prefix. */
export function withoutReplyPrefix(lowerSubject: string): string {
  return lowerSubject.slice(prefixLength(lowerSubject)).trimStart();
}

function prefixLength(lowerSubject: string): number {
  const colon = lowerSubject.slice(0, MAX_PREFIX_CHARS).search(/[:：]/);
  if (colon < 1) return 0;
  const word = lowerSubject
    .slice(0, colon)
    .replace(/[[(^]\d{1,3}[\])]?$/, "")
    .trim();
  return PREFIXES.has(word) ? colon + 1 : 0;
}
