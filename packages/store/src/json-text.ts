/**
 * JSON as PostgreSQL takes it. Mail may hold anything, but U+0000 and lone surrogates, which JSON can escape, cannot
 * be text in the database: both become U+FFFD.
 */
const LONE_SURROGATE = /\p{Surrogate}/gu;
const UNSTORABLE = /\\u0000|\\ud[89a-f][0-9a-f]{2}/;

export function toJsonText(value: unknown): string {
  const text = JSON.stringify(value);
  return UNSTORABLE.test(text) ? JSON.stringify(value, storable) : text;
}

function storable(_key: string, value: unknown): unknown {
  return typeof value === "string" ? toStorableText(value) : value;
}

/** The same for a bare text column. */
export function toStorableText(text: string): string {
  return text.replaceAll("\0", "\ufffd").replace(LONE_SURROGATE, "\ufffd");
}
