/** The message that came back with a report, wherever it stands: a part of its own first, then inline in a text. */
import type { Mail } from "../mail.ts";
import type { Returned } from "../report.ts";
import { NOTHING_RETURNED } from "./describe.ts";
import { returnedFromParts } from "./from-parts.ts";
import { returnedFromText } from "./from-text.ts";

/** @param at  Index into the outline's text at which the dialect saw the returned header begin. */
export function findReturned(mail: Mail, at?: number): Returned {
  const { outline } = mail;
  return (
    returnedFromParts(outline.parts) ??
    returnedFromText(outline.text(), outline.textPart(), at) ??
    returnedFromOtherParts(mail) ??
    NOTHING_RETURNED
  );
}

/**
 * Behind a delimiter that the multipart does not know, the returned header is the tail of the status part; some MTAs attach
 * it as a text file.
 */
function returnedFromOtherParts(mail: Mail): Returned | undefined {
  const textPart = mail.outline.textPart();
  for (const part of mail.outline.parts) {
    const type = part.contentType.value;
    if (part === textPart || (type !== "text/plain" && !type.endsWith("delivery-status"))) continue;
    const returned = returnedFromText(part.text(), part, undefined);
    if (returned !== undefined) return returned;
  }
  return undefined;
}
