/**
 * What of the original a human gets, by the form that this human asked for, and what the mail says of it.
 *
 * `headers-only` never passes on the body of a returned message. What does not fit the size of the mailbox comes with less:
 * first without those bodies, then with nothing but its header. The archive has all of it. Pure.
 */
import type { Classification } from "@triage/contracts";
import type { Message } from "@triage/message";
import { withholdReturned } from "@triage/reports";
import type { MailForm } from "@triage/runtime";
import { AS_FILE, chooseOriginalPart, type OriginalPart } from "./original-part.ts";

/** From all of it to as little as there is. */
export type Share = "whole" | "without-bodies" | "header";

export interface PassedOn {
  readonly share: Share;
  readonly bytes: Buffer;
  readonly filename: string;
  readonly part: OriginalPart;
  /** For the human: what is attached, and what is not; no line ends. */
  readonly remarks: readonly string[];
}

const TOO_LARGE = "all of it is too large for this mailbox";
const UNSURE = "It could not be told for certain where that body begins: more than the body may be missing.";

/** @param claim  What the message was found to be; a letter is passed on as it is. */
export function passOn(
  message: Message,
  claim: Classification["report"]["kind"],
  share: Share,
  form: MailForm,
): PassedOn {
  switch (share) {
    case "whole":
      return passOnWhole(message);
    case "without-bodies":
      return passOnWithoutBodies(message, claim, form);
    case "header":
      return passOnHeader(message);
    default:
      return share satisfies never;
  }
}

function passOnWhole({ raw, root }: Message): PassedOn {
  const filename = "original.eml";
  return {
    share: "whole",
    bytes: raw,
    filename,
    part: chooseOriginalPart(raw, root.headers.fields.length > 0),
    remarks: [`The message is attached as it arrived (${filename}).`],
  };
}

function passOnWithoutBodies(message: Message, claim: Classification["report"]["kind"], form: MailForm): PassedOn {
  const { bytes, bodies, leftOutBytes, isCertain } = withholdReturned(message, claim);
  if (bodies === 0) return passOnWhole(message);
  const filename = "original-without-body.eml";
  return {
    share: "without-bodies",
    bytes,
    filename,
    part: chooseOriginalPart(bytes, message.root.headers.fields.length > 0),
    remarks: [
      `The message is attached without the body of the message that it returns (${filename}): ${formatBytes(leftOutBytes)} ` +
        `are left out, because ${form === "headers-only" ? "this mailbox gets headers only" : TOO_LARGE}.`,
      ...(isCertain ? [] : [UNSURE]),
    ],
  };
}

function passOnHeader({ raw, root }: Message): PassedOn {
  const { fields } = root.headers;
  const bytes = Buffer.concat(fields.map(({ range }) => raw.subarray(range.start, range.end)));
  const filename = "original-header.txt";
  const plain = chooseOriginalPart(bytes, fields.length > 0);
  return {
    share: "header",
    bytes,
    filename,
    part: plain.kind === "file" ? AS_FILE : { ...plain, kind: "header", contentType: "text/rfc822-headers" },
    remarks: [
      `Only the header of the message is attached (${filename}), because ${TOO_LARGE} (${formatBytes(raw.length)}).`,
    ],
  };
}

/** `640 bytes`, `12 kB`, `3.4 MB`. */
function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
