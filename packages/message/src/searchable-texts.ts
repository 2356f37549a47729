/**
 * Everything that is written in a message, decoded: for finding a name in it. Pure.
 *
 * More than a reader would show: bytes as they are, every field of every part, bodies after transfer and charset decoding
 * in full length, HTML as it is and as it reads, and what is encoded once more inside of a text (a returned message that
 * somebody pasted). Compressed and encrypted attachments are not looked into.
 */
import { decodeWords } from "./encoded-words.ts";
import { htmlToText } from "./html-text.ts";
import type { Part } from "./part.ts";
import { decodeQuotedPrintable } from "./quoted-printable.ts";
import { readMessage } from "./read-message.ts";

/** LIMIT: shorter lines of letters and digits are words, not base64. */
const MIN_BASE64_CHARS = 20;
const BASE64_LINE = /^[A-Za-z0-9+/]+={0,2}$/;

/** Texts in no order, with repeats. Mail never makes it throw. */
export function* searchableTexts(raw: Buffer): Generator<string> {
  yield* readings(raw);
  yield* textsOf(readMessage(raw).root);
}

function* textsOf(part: Part): Generator<string> {
  for (const { rawValue } of part.headers.fields) {
    const unfolded = Buffer.from(rawValue, "latin1")
      .toString("utf8")
      .replace(/\r\n?|\n/g, "");
    yield unfolded;
    yield decodeWords(unfolded);
    // RFC 5322 section 4.4 allows white space, and so a fold, on both sides of the sign
    yield unfolded.replaceAll(" ", "").replaceAll("\t", "");
  }
  if (part.filename !== undefined) yield part.filename;
  if (part.children.length > 0) {
    for (const child of part.children) yield* textsOf(child);
    return;
  }
  const text = part.text();
  yield text;
  if (part.contentType.value === "text/html") yield htmlToText(text);
  for (const reading of readings(part.bytes())) {
    yield reading;
    yield* encodedInside(reading);
  }
}

/** Without a limit on length, unlike the text of a part. */
function* readings(bytes: Buffer): Generator<string> {
  const utf8 = bytes.toString("utf8");
  yield utf8;
  if (utf8.includes("\ufffd")) yield bytes.toString("latin1");
  if (bytes.includes(0)) {
    yield bytes.toString("utf16le");
    yield Buffer.from(bytes.subarray(0, bytes.length & ~1))
      .swap16()
      .toString("utf16le");
  }
}

function* encodedInside(text: string): Generator<string> {
  if (text.includes("=?")) yield decodeWords(text.replace(/\r?\n[ \t]/g, " "));
  if (text.includes("=")) yield decodeQuotedPrintable(Buffer.from(text, "utf8")).toString("utf8");
  yield* base64Inside(text);
}

/** Each run of lines in base64, such as a pasted body; its last line may be short. */
function* base64Inside(text: string): Generator<string> {
  let run = "";
  for (const line of text.split("\n")) {
    const bare = line.trim();
    const isBase64 = BASE64_LINE.test(bare) && (run !== "" || bare.length >= MIN_BASE64_CHARS);
    if (isBase64) run += bare;
    else if (run !== "") {
      yield Buffer.from(run, "base64").toString("utf8");
      run = "";
    }
  }
  if (run !== "") yield Buffer.from(run, "base64").toString("utf8");
}
