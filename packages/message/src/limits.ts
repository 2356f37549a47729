/**
 * The limits of reading, each with the attack that it stops. A limit that bites leaves a defect and the reading goes on:
 * the message still reaches a verdict. Pure.
 */

/** LIMIT: a header of megabytes would be copied, unfolded and searched by every stage. Postfix allows 102,400 bytes. */
export const MAX_HEADER_BYTES = 262_144;

/** LIMIT: a million three-byte fields cost a hundred times their size as objects. A long Received chain has 100. */
export const MAX_FIELDS = 1_000;

/** LIMIT: multiparts and messages inside each other, made to exhaust the stack. A bounce of a bounce of a bounce has 12. */
export const MAX_NESTING = 32;

/** LIMIT: ten megabytes of delimiter lines would become two million parts. */
export const MAX_PARTS = 1_000;

/** LIMIT: one line of ten megabytes makes each pattern that works by line read it again and again. `text()` breaks it. */
export const MAX_LINE_CHARS = 32_768;

/** LIMIT: text costs more than bytes (charset, tokens, patterns); what a message says, it says in its first 256 K. */
export const MAX_TEXT_CHARS = 262_144;

/** LIMIT: a thousand broken lines are one finding, not a thousand. */
export const MAX_DEFECTS = 100;

export interface ReadLimits {
  readonly maxHeaderBytes: number;
  readonly maxFields: number;
  readonly maxNesting: number;
  readonly maxParts: number;
  readonly maxLineChars: number;
  readonly maxTextChars: number;
}

export const DEFAULT_READ_LIMITS: ReadLimits = {
  maxHeaderBytes: MAX_HEADER_BYTES,
  maxFields: MAX_FIELDS,
  maxNesting: MAX_NESTING,
  maxParts: MAX_PARTS,
  maxLineChars: MAX_LINE_CHARS,
  maxTextChars: MAX_TEXT_CHARS,
};

/**
 * Fills in the defaults and refuses what cannot be a limit.
 *
 * @throws {RangeError} a limit that is not a positive integer: a mistake of the caller, not of the mail.
 */
export function resolveReadLimits(limits: Partial<ReadLimits> | undefined): ReadLimits {
  if (limits === undefined) return DEFAULT_READ_LIMITS;
  const resolved = { ...DEFAULT_READ_LIMITS, ...limits };
  for (const [name, value] of Object.entries(resolved)) {
    if (!Number.isSafeInteger(value) || value < 1)
      throw new RangeError(`${name} must be a positive integer, not ${value}`);
  }
  return resolved;
}
