/**
 * The returned message as a part of its own (RFC 6522 section 3, third part): a whole message, or its header.
 *
 * Types in use: message/rfc822 and message/global; text/rfc822-headers (RFC 6522 section 4) and message/global-headers (RFC 6533);
 * text/rfc822-header, message/rfc822-headers and text/rfc822, which MTAs write by mistake; message/partial (Bigfoot);
 * any other type whose file name ends in `.eml`.
 */
import { type Part, readHeader } from "@triage/message";
import { isReturnedType } from "../outline.ts";
import type { Returned } from "../report.ts";
import { describeReturned, headerEndOf } from "./describe.ts";

/** Finds the first returned part among these; undefined when there is none. */
export function returnedFromParts(parts: readonly Part[]): Returned | undefined {
  // The root is the report; only a bare message/rfc822 that was sent without an envelope of its own has none below.
  for (const part of parts) {
    if (part.path !== "" && (isReturnedType(part.contentType.value) || isMessageFile(part))) return describePart(part);
  }
  return undefined;
}

function isMessageFile(part: Part): boolean {
  const type = part.contentType.value;
  return (
    !type.startsWith("text/") &&
    !type.startsWith("multipart/") &&
    (part.filename?.toLowerCase().endsWith(".eml") ?? false)
  );
}

function describePart(part: Part): Returned {
  const inner = part.children[0];
  if (inner !== undefined) {
    const { start } = inner.headerRange;
    const bytes = inner.source.subarray(start, inner.bodyRange.end);
    const body = inner.source.subarray(inner.bodyRange.start, inner.bodyRange.end);
    return describeReturned("message", inner.headers, bytes, body);
  }
  const bytes = part.bytes();
  const headerEnd = headerEndOf(bytes);
  if (isHeaderType(part.contentType.value)) {
    // Some MTAs put the body behind the header nevertheless; what is named a header is one.
    const header = headerEnd === -1 ? bytes : bytes.subarray(0, headerEnd);
    return describeReturned("headers", readHeader(header), header, undefined);
  }
  return describeReturned(
    "message",
    readHeader(bytes),
    bytes,
    headerEnd === -1 ? undefined : bytes.subarray(headerEnd),
  );
}

function isHeaderType(type: string): boolean {
  return type.endsWith("-headers") || type === "text/rfc822-header";
}
