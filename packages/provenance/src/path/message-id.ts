/** Message-IDs (RFC 5322 section 3.6.4) as mail spells them. */

/** Lower-cased; without brackets, also those of a domain literal, and without a trailing dot. */
export function messageIdDomain(messageId: string): string | undefined {
  const at = messageId.lastIndexOf("@");
  if (at < 0) return undefined;
  const start = messageId.charAt(at + 1) === "[" ? at + 2 : at + 1;
  const end = messageId.slice(start).search(/[>\]\s]/);
  const name = messageId.slice(start, end < 0 ? undefined : start + end).toLowerCase();
  const domain = name.endsWith(".") ? name.slice(0, -1) : name;
  return domain === "" ? undefined : domain;
}
