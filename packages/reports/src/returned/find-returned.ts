/** The message that came back with a report, wherever it stands: a part of its own first, then inline in the text. */
import type { Mail } from "../mail.ts";
import type { Returned } from "../report.ts";
import { NOTHING_RETURNED } from "./describe.ts";
import { returnedFromParts } from "./from-parts.ts";
import { returnedFromText } from "./from-text.ts";

/** @param at  Index into the outline's text at which the dialect saw the returned header begin. */
export function findReturned(mail: Mail, at?: number): Returned {
  const { outline } = mail;
  return (
    returnedFromParts(outline.parts) ?? returnedFromText(outline.text(), outline.textPart(), at) ?? NOTHING_RETURNED
  );
}
