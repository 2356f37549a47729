/** Parameter continuations and charsets (RFC 2231 sections 3 and 4). Pure. */
import { decodeCharset } from "./charset.ts";

/** LIMIT: `name*99999999*=` must not make a list of that length; a file name of 100 pieces has 7,000 characters. */
const MAX_PIECES = 100;

const EXTENDED_NAME = /^([^*]+)\*(?:(\d+)(\*)?)?$/;
const PERCENT = /%([0-9a-fA-F]{2})/g;

interface Piece {
  readonly text: string;
  readonly encoded: boolean;
}

/** Joins `name*0=`, `name*1*=` and decodes `name*=charset'language'text`; an extended value wins over a plain one. */
export function joinParameters(raw: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const joined = new Map<string, string>();
  const pieces = new Map<string, Piece[]>();
  for (const [name, value] of raw) {
    const match = EXTENDED_NAME.exec(name);
    if (match === null) {
      joined.set(name, value);
      continue;
    }
    const index = Number(match[2] ?? 0);
    if (index >= MAX_PIECES) continue;
    const list = pieces.get(match[1] as string) ?? [];
    list[index] = { text: value, encoded: match[2] === undefined || match[3] !== undefined };
    pieces.set(match[1] as string, list);
  }
  for (const [name, list] of pieces) joined.set(name, decodePieces(list));
  return joined;
}

function decodePieces(pieces: readonly (Piece | undefined)[]): string {
  let charset: string | undefined;
  let bytes = "";
  for (const [index, piece] of pieces.entries()) {
    if (piece === undefined) break;
    let text = piece.text;
    if (index === 0 && piece.encoded) {
      const language = text.indexOf("'");
      const start = language === -1 ? -1 : text.indexOf("'", language + 1);
      if (start !== -1) {
        charset = text.slice(0, language);
        text = text.slice(start + 1);
      }
    }
    bytes += piece.encoded
      ? text.replace(PERCENT, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
      : text;
  }
  return charset === undefined ? bytes : decodeCharset(Buffer.from(bytes, "latin1"), charset).text;
}
