/** The look-ups of a HeaderList over its fields (RFC 5322 section 2.2; 8-bit values: RFC 6532). Pure. */
import { isUtf8 } from "node:buffer";
import { decodeWords } from "./encoded-words.ts";
import type { HeaderField, HeaderList } from "./header-list.ts";

const NO_FIELDS: readonly HeaderField[] = [];
const FOLD = /[\r\n]+([ \t]?)/g;
const EIGHT_BIT = /[\x80-\xff]/;

export class FieldList implements HeaderList {
  readonly fields: readonly HeaderField[];
  #byName: Map<string, HeaderField[]> | undefined;

  constructor(fields: readonly HeaderField[]) {
    this.fields = fields;
  }

  first(name: string): HeaderField | undefined {
    return this.#index().get(name)?.[0];
  }

  all(name: string): readonly HeaderField[] {
    return this.#index().get(name) ?? NO_FIELDS;
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
  #index(): Map<string, HeaderField[]> {
    if (this.#byName !== undefined) return this.#byName;
    const byName = new Map<string, HeaderField[]>();
    for (const field of this.fields) {
      const same = byName.get(field.name);
      if (same === undefined) byName.set(field.name, [field]);
      else same.push(field);
    }
    this.#byName = byName;
    return byName;
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
  return rawValue.replace(FOLD, (_, blank: string) => blank || " ");
}

/** Reads latin1 text as UTF-8 (RFC 6532) when that is what its bytes are. */
export function readEightBit(latin1: string): string {
  if (!EIGHT_BIT.test(latin1)) return latin1;
  const bytes = Buffer.from(latin1, "latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : latin1;
}
