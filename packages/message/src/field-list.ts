/** The look-ups of a HeaderList over its fields (RFC 5322 section 2.2; 8-bit values: RFC 6532). Pure. */
import { isUtf8 } from "node:buffer";
import { decodeWords } from "./encoded-words.ts";
import type { HeaderField, HeaderList } from "./header-list.ts";

const NO_FIELDS: readonly HeaderField[] = [];
const FOLD = /\r?\n(?=[ \t])/g;
/** Apart from FOLD: one pattern for both would try a run of line ends without a blank again from each of them. */
const LINE_ENDS = /[\r\n]+/g;
const EIGHT_BIT = /[\x80-\xff]/;

export class FieldList implements HeaderList {
  readonly fields: readonly HeaderField[];
  #firsts: Map<string, HeaderField> | undefined;
  readonly #all = new Map<string, readonly HeaderField[]>();

  constructor(fields: readonly HeaderField[]) {
    this.fields = fields;
  }

  first(name: string): HeaderField | undefined {
    return this.#index().get(name);
  }

  all(name: string): readonly HeaderField[] {
    if (!this.has(name)) return NO_FIELDS;
    let fields = this.#all.get(name);
    if (fields === undefined) {
      fields = this.fields.filter((field) => field.name === name);
      this.#all.set(name, fields);
    }
    return fields;
  }

  has(name: string): boolean {
    return this.#index().has(name);
  }

  value(name: string): string | undefined {
    const field = this.first(name);
    return field === undefined ? undefined : readValue(field.rawValue);
  }

  text(name: string): string | undefined {
    const value = this.value(name);
    return value === undefined ? undefined : decodeWords(value);
  }

  /** Built on the first look-up: a thousand fields must not make each look-up a search through all of them. */
  #index(): ReadonlyMap<string, HeaderField> {
    if (this.#firsts !== undefined) return this.#firsts;
    const firsts = new Map<string, HeaderField>();
    for (const field of this.fields) if (!firsts.has(field.name)) firsts.set(field.name, field);
    this.#firsts = firsts;
    return firsts;
  }
}

/** Unfolds and trims the value of a field; NUL becomes U+FFFD. Bytes past ASCII as in `readEightBit`. */
function readValue(rawValue: string): string {
  const value = readEightBit(unfold(rawValue).trim());
  return value.includes("\0") ? value.replaceAll("\0", "\ufffd") : value;
}

/**
 * Takes the line ends out (RFC 5322 section 2.2.3).
 *
 * A fold whose blank was lost (see scan-header.ts) becomes a blank again.
 */
export function unfold(rawValue: string): string {
  if (!rawValue.includes("\n") && !rawValue.includes("\r")) return rawValue;
  const unfolded = rawValue.replace(FOLD, "");
  if (!unfolded.includes("\n") && !unfolded.includes("\r")) return unfolded;
  return unfolded.replace(LINE_ENDS, "\n").replace(FOLD, "").replaceAll("\n", " ");
}

/** Reads latin1 text as UTF-8 (RFC 6532) when that is what its bytes are. */
export function readEightBit(latin1: string): string {
  if (!EIGHT_BIT.test(latin1)) return latin1;
  const bytes = Buffer.from(latin1, "latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : latin1;
}
