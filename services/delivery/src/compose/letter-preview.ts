/**
 * What a person wrote, as plain text for the summary.
 *
 * This is what mailparser is good at: charsets, format=flowed, quoted-printable, nested alternatives. It costs about a
 * millisecond, so it runs only for letters that a human is about to read, and on a bounded part of them. It is
 * loaded on first use: most messages are not letters, and the import takes longer than fifty of them.
 */
import { htmlToText } from "@triage/message";

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
    const text = letter.text || (typeof letter.html === "string" ? htmlToText(letter.html) : "");
    const trimmed = text.slice(0, MAX_PREVIEW_CHARS).trim();
    return trimmed === "" ? undefined : trimmed;
  } catch {
    // Expected outcome of hostile input, not a failure of ours: the letter is delivered without a preview.
    return undefined;
  }
}
