/**
 * What a person wrote, as plain text for the summary.
 *
 * This is what mailparser is good at: charsets, format=flowed, quoted-printable, nested alternatives. It costs about a
 * millisecond, so it runs only for letters that a human is about to read, and on a bounded part of them. It is
 * loaded on first use: most messages are not letters, and the import takes longer than fifty of them.
 */
import { htmlToText, type Part, readMessage } from "@triage/message";

/** LIMIT: a letter with a 20 MB photograph must not be decoded for forty lines of text. */
const MAX_PARSED_BYTES = 256 * 1_024;
/** LIMIT: in UTF-16 units; the summary shows 40 lines. */
const MAX_PREVIEW_CHARS = 16_384;

/**
 * @returns The text (or the text of the HTML) with LF line ends, at most MAX_PREVIEW_CHARS; undefined when there is
 *          none or the letter cannot be read: the original is attached in any case.
 */
export async function previewLetter(raw: Buffer): Promise<string | undefined> {
  const { simpleParser } = await import("mailparser");
  try {
    const letter = await simpleParser(raw.subarray(0, MAX_PARSED_BYTES), {
      skipHtmlToText: true,
      skipTextToHtml: true,
      skipImageLinks: true,
      skipTextLinks: true,
    });
    const read = letter.text || (typeof letter.html === "string" ? htmlToText(letter.html) : "");
    const text = textOfWrongLabel(raw, read) ?? read;
    const trimmed = text.slice(0, MAX_PREVIEW_CHARS).trim();
    return trimmed === "" ? undefined : trimmed;
  } catch {
    // Expected outcome of hostile input, not a failure of ours: the letter is delivered without a preview.
    return undefined;
  }
}

/**
 * mailparser believes the label of a text, also where there is none or the bytes contradict it: then our own reader's guess is what a
 * person can read, and what the verdict was made from.
 */
function textOfWrongLabel(raw: Buffer, read: string): string | undefined {
  const { root, defects } = readMessage(raw.subarray(0, MAX_PARSED_BYTES));
  const part = firstText(root, "text/plain") ?? firstText(root, "text/html");
  const text = part?.text();
  const isWrong = read.includes("\ufffd") || defects.some(({ code }) => code === "bad-charset");
  if (part === undefined || text === undefined || !isWrong) return undefined;
  return part.contentType.value === "text/html" ? htmlToText(text) : text;
}

function firstText(part: Part, type: "text/plain" | "text/html"): Part | undefined {
  if (part.contentType.value === type) return part.disposition === "attachment" ? undefined : part;
  if (!part.contentType.value.startsWith("multipart/")) return undefined;
  for (const child of part.children) {
    const found = firstText(child, type);
    if (found !== undefined) return found;
  }
  return undefined;
}
