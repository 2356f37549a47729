/** What is left of a part that returns a message. Pure. */
import { isAscii, isUtf8 } from "node:buffer";
import type { Part } from "@triage/message";
import { type Edit, removeBytes, setField } from "./edits.ts";
import { findStrictHeader } from "./strict-header.ts";

/** One place in which something is left out. */
export interface Cut {
  readonly edits: readonly Edit[];
  readonly leftOutBytes: number;
  readonly isCertain: boolean;
}

const MAX_LINE_BYTES = 998;
const BASE64_LINE_CHARS = 76;
/** LIMIT: of bytes without a name; the header of a message begins with the fields of its last transports. */
const MAX_PEEK_BYTES = 4_096;
const TRANSPORT_FIELD = /^(?:received|message-id|return-path|mime-version|dkim-signature) ?:/im;
/** Messages in the file formats of one mail program, and mailboxes: what of them is header, only that program knows. */
const OPAQUE_TYPES = [
  "application/ms-tnef",
  "application/vnd.ms-tnef",
  "application/vnd.ms-outlook",
  "application/mbox",
];
const OPAQUE_NAMES = [".msg", ".mbox", ".mbx", ".pst", ".emlx", "winmail.dat"];
const LEFT_OUT = "[A part of the report that may hold a returned message was left out here.]";

/**
 * Makes a part that holds a message, or its header and more, a part that holds its header.
 *
 * @returns Nothing where the part holds a header and no more: then there is no body to leave out.
 */
export function cutHeaderPart(part: Part, lineEnd: string): readonly Cut[] {
  const inner = part.children[0];
  const isEncoded = inner !== undefined ? inner.source !== part.source : part.bytes().length !== sizeOf(part);
  const bytes = isEncoded ? (inner?.source ?? part.bytes()) : part.source;
  const [from, to] = isEncoded ? [0, bytes.length] : [part.bodyRange.start, part.bodyRange.end];
  const header = findStrictHeader(bytes, from, to);
  const leftOutBytes = countText(bytes, header.end, to);
  if (leftOutBytes === 0) return [];
  const kept = bytes.subarray(header.start, header.end);
  const body = isEncoded
    ? replaceBody(part, kept, lineEnd)
    : [
        ...removeBytes(from, header.start),
        ...removeBytes(header.end, to),
        ...(isDeclaredEncoded(part)
          ? setField(part, "Content-Transfer-Encoding", isAscii(kept) ? "7bit" : "8bit", lineEnd)
          : []),
      ];
  const isHeaderType = /-headers?$/.test(part.contentType.value);
  const type = isHeaderType ? [] : setField(part, "Content-Type", headerType(part, kept), lineEnd);
  return [{ edits: [...type, ...body], leftOutBytes, isCertain: header.isEnded }];
}

/** Puts a message from which something was left out into the place of the one that a person attached. */
export function cutEnclosure(
  part: Part,
  {
    bytes,
    leftOutBytes,
    isCertain,
  }: { readonly bytes: Buffer; readonly leftOutBytes: number; readonly isCertain: boolean },
  lineEnd: string,
): Cut {
  const [inner] = part.children;
  const isEncoded = inner !== undefined && inner.source !== part.source;
  const edits = isEncoded
    ? replaceBody(part, bytes, lineEnd)
    : [{ start: inner?.headerRange.start ?? part.bodyRange.start, end: part.bodyRange.end, by: bytes }];
  return { edits, leftOutBytes, isCertain };
}

/** Leaves out all that a part holds. */
export function cutWholePart(part: Part, lineEnd: string): readonly Cut[] {
  const { start, end } = part.bodyRange;
  if (isLeftOut(part)) return [];
  return [
    { edits: replaceByText(part, `${LEFT_OUT}${lineEnd}`, lineEnd), leftOutBytes: end - start, isCertain: false },
  ];
}

/** Leaves out a piece of a body, with what was taken for its header. */
export function cutPiece(part: Part, lineEnd: string): readonly Cut[] {
  if (isLeftOut(part)) return [];
  const { start } = part.headerRange;
  const { end } = part.bodyRange;
  const by = Buffer.from(
    `${gapBefore(part, lineEnd)}Content-Type: text/plain${lineEnd}${lineEnd}${LEFT_OUT}${lineEnd}`,
  );
  return [{ edits: [{ start, end, by }], leftOutBytes: end - start, isCertain: false }];
}

/** A message that ends in the middle of its boundary line: what we write begins a line of its own. */
function gapBefore({ source, headerRange: { start } }: Part, lineEnd: string): string {
  return start > 0 && source[start - 1] !== 0x0a ? lineEnd : "";
}

function isLeftOut(part: Part): boolean {
  return part.bytes().toString("latin1").trim() === LEFT_OUT;
}

/** Replaces a part by plain text of ours or of the report. */
export function replaceByText(part: Part, text: string, lineEnd: string): readonly Edit[] {
  return [
    ...setField(part, "Content-Type", "text/plain; charset=utf-8", lineEnd),
    ...replaceBody(part, Buffer.from(text), lineEnd),
  ];
}

/** A body as it is where mail can carry it so, else in base64. */
export function replaceBody(part: Part, body: Buffer, lineEnd: string): readonly Edit[] {
  const isPlain = fitsMail(body, lineEnd);
  const by = isPlain ? body : Buffer.from(toBase64Lines(body, lineEnd));
  const encoding = isAscii(body) ? "7bit" : "8bit";
  return [
    ...setField(part, "Content-Transfer-Encoding", isPlain ? encoding : "base64", lineEnd),
    { start: part.bodyRange.start, end: part.bodyRange.end, by },
  ];
}

/** A message under another type: a file `.eml`, or bytes that begin as a message does. */
export function isMessageLike(part: Part): boolean {
  const type = part.contentType.value;
  if (type.startsWith("text/") || type.startsWith("multipart/") || !type.includes("/")) return false;
  if (part.filename?.toLowerCase().endsWith(".eml")) return true;
  if (type !== "application/octet-stream") return false;
  const bytes = part.bytes();
  return TRANSPORT_FIELD.test(bytes.toString("latin1", 0, MAX_PEEK_BYTES));
}

/** A message in a form that hides where its header ends; QUIRK(xarf): samples in JSON. */
export function isOpaqueMessage(part: Part): boolean {
  const type = part.contentType.value;
  const name = part.filename?.toLowerCase() ?? "";
  if (OPAQUE_TYPES.includes(type) || OPAQUE_NAMES.some((ending) => name.endsWith(ending))) return true;
  return type.endsWith("json") && /message\/rfc822/i.test(part.text());
}

function headerType(part: Part, header: Buffer): string {
  const isInternational = part.contentType.value === "message/global" || (!isAscii(header) && isUtf8(header));
  return isInternational ? "message/global-headers" : "text/rfc822-headers";
}

function sizeOf({ bodyRange }: Part): number {
  return bodyRange.end - bodyRange.start;
}

function isDeclaredEncoded(part: Part): boolean {
  const declared = part.headers.value("content-transfer-encoding")?.toLowerCase() ?? "7bit";
  return !/^(?:7bit|8bit|binary)/.test(declared);
}

/** RFC 5322 sections 2.1.1 and 2.2: no NUL, no line too long, no other line end than those of the message around it. */
function fitsMail(bytes: Buffer, lineEnd: string): boolean {
  if (bytes.includes(0)) return false;
  const text = bytes.toString("latin1");
  const lines = text.split(lineEnd);
  return lines.every((line) => line.length <= MAX_LINE_BYTES && !line.includes("\r") && !line.includes("\n"));
}

function toBase64Lines(bytes: Buffer, lineEnd: string): string {
  const text = bytes.toString("base64");
  const lines: string[] = [];
  for (let at = 0; at < text.length; at += BASE64_LINE_CHARS) lines.push(text.slice(at, at + BASE64_LINE_CHARS));
  return `${lines.join(lineEnd)}${lineEnd}`;
}

/** How much is left out: 0 where only blank lines follow. */
function countText(bytes: Buffer, from: number, to: number): number {
  const isBlank = (byte: number) => byte === 0x0a || byte === 0x0d || byte === 0x20 || byte === 0x09;
  return bytes.subarray(from, to).every(isBlank) ? 0 : to - from;
}
