/**
 * Leaves the bodies of returned messages out of a report, for a reader who shall see what failed and not what was written.
 *
 * A part that returns a message becomes `text/rfc822-headers` (RFC 6522 section 4; `message/global-headers` of RFC 6533 where
 * the header is internationalised) with exactly its header bytes; a message that stands inline in a text is cut behind its
 * header. Everything else stays byte for byte. Where it cannot be told where a body begins, more is left out, and the result
 * says so.
 *
 * A letter is another matter: who wrote it gave it to the postmaster, with what he pasted and attached. Only the reports that
 * he attached are treated as reports, since what a machine returned in them may be somebody else's. Pure.
 */
import { type Message, type Part, readMessage } from "@triage/message";
import { readReport } from "../read-report.ts";
import type { Report, ReportKind, Trait } from "../report.ts";
import { findBodyLine } from "./body-line.ts";
import {
  type Cut,
  cutEnclosure,
  cutHeaderPart,
  cutPiece,
  cutWholePart,
  isMessageLike,
  isOpaqueMessage,
} from "./cut-part.ts";
import { cutText } from "./cut-text.ts";
import { applyEdits, type Edit, lineEndIn, removeBytes } from "./edits.ts";

/** What is left of a message, and what is not. */
export interface Withheld {
  /** The raw bytes themselves where nothing was left out. */
  readonly bytes: Buffer;
  /** In how many places something was left out. */
  readonly bodies: number;
  readonly leftOutBytes: number;
  /** False: somewhere it could not be told where the body begins, and more was left out than that. */
  readonly isCertain: boolean;
}

/** LIMIT: reports within reports within letters, each read anew; what is deeper is left out but for its header. */
const MAX_ENCLOSED = 4;
/** Signs that a machine sent what nevertheless reads like a letter. */
const MACHINE_TRAITS: readonly Trait[] = ["null-reverse-path", "auto-submitted", "from-daemon", "precedence-bulk"];
/** Parts of a report that are for machines (RFC 3464, 5965, 6533, 8098), and returned text that they may have at their end. */
const FIELD_TYPES =
  /^(?:message|text)\/(?:global-)?(?:delivery-status|disposition-notification|feedback-report|tracking-status)$/;
const HEADER_TYPES = /^(?:text|message)\/(?:rfc822|global)-headers?$/;
const UNKNOWN_ENVELOPE = { reversePath: undefined, forwardPaths: [] };

/**
 * @param claim  What the message was found to be, with its envelope known.
 */
export function withholdReturned(message: Message, claim: ReportKind): Withheld {
  const report = readReport(message, UNKNOWN_ENVELOPE);
  return withholdFrom(message, claim === "person" && isLetter(report), 0);
}

function withholdFrom(message: Message, letter: boolean, enclosed: number): Withheld {
  const walk: Walk = {
    message,
    enclosed,
    lineEnd: lineEndIn(message.raw),
    hasParts: hasReturnedPart(message.root),
    met: "nothing",
  };
  const cuts = letter ? cutLetter(message.root, walk) : cutReport(message.root, walk);
  if (cuts.length === 0) return { bytes: message.raw, bodies: 0, leftOutBytes: 0, isCertain: true };
  return {
    bytes: applyEdits(
      message.raw,
      cuts.flatMap(({ edits }) => edits),
    ),
    bodies: cuts.length,
    leftOutBytes: cuts.reduce((sum, cut) => sum + cut.leftOutBytes, 0),
    isCertain: cuts.every(({ isCertain }) => isCertain),
  };
}

interface Walk {
  readonly message: Message;
  readonly enclosed: number;
  readonly lineEnd: string;
  /** Somewhere a message is returned as a part of its own. */
  readonly hasParts: boolean;
  /** What of a returned message has been met so far, in document order. */
  met: "nothing" | "text" | "message";
}

function isLetter({ kind, traits }: Report): boolean {
  return kind === "person" && !MACHINE_TRAITS.some((trait) => traits.includes(trait));
}

function hasReturnedPart(part: Part): boolean {
  const type = part.contentType.value;
  return part.children.length > 0 && !type.startsWith("multipart/")
    ? part.path !== ""
    : HEADER_TYPES.test(type) || part.children.some(hasReturnedPart);
}

/** What a person sends stays, but for the reports in it. */
function cutLetter(part: Part, walk: Walk): readonly Cut[] {
  const [inner] = part.children;
  if (inner === undefined) return [];
  if (!part.contentType.value.startsWith("multipart/")) return cutEnclosedMessage(part, inner, walk);
  const isReport =
    part.contentType.value === "multipart/report" ||
    part.children.some(({ contentType }) => FIELD_TYPES.test(contentType.value));
  return part.children.flatMap((child) => (isReport ? cutReport(child, walk) : cutLetter(child, walk)));
}

/** A message that a person attached: whole, unless it is a report that has something to leave out. */
function cutEnclosedMessage(part: Part, inner: Part, walk: Walk): readonly Cut[] {
  if (walk.enclosed >= MAX_ENCLOSED) return cutHeaderPart(part, walk.lineEnd);
  const message = readMessage(inner.source.subarray(inner.headerRange.start, inner.bodyRange.end));
  const report = readReport(message, UNKNOWN_ENVELOPE);
  const withheld = withholdFrom(message, report.kind === "other" || isLetter(report), walk.enclosed + 1);
  return withheld.bodies === 0 ? [] : [cutEnclosure(part, withheld, walk.lineEnd)];
}

function cutReport(part: Part, walk: Walk): readonly Cut[] {
  const type = part.contentType.value;
  if (hasSwallowedHeader(part)) return cutWholePart(part, walk.lineEnd);
  if (isPieceOfBody(part, walk)) return cutPiece(part, walk.lineEnd);
  if (type.startsWith("multipart/") && part.children.length > 0) return cutMultipart(part, walk);
  if (holdsMessage(part)) {
    walk.met = "message";
    return isOpaqueMessage(part) ? cutWholePart(part, walk.lineEnd) : cutHeaderPart(part, walk.lineEnd);
  }
  const isText = /^(?:text|multipart|message)\//.test(type) || !type.includes("/");
  if (!isText) return [];
  const { cuts, returnsMessage } = cutText(part, walk.lineEnd, walk.hasParts);
  if (returnsMessage && walk.met === "nothing") walk.met = "text";
  return cuts;
}

function holdsMessage(part: Part): boolean {
  const type = part.contentType.value;
  if (FIELD_TYPES.test(type) || type === "message/external-body") return false;
  if (type.startsWith("message/") || HEADER_TYPES.test(type) || type === "text/rfc822") return true;
  return isMessageLike(part) || isOpaqueMessage(part);
}

/** A part that a transport wrote on: the blank line between its header and the returned one got lost. */
function hasSwallowedHeader({ path, headers }: Part): boolean {
  return path !== "" && ["received", "return-path", "message-id"].some((name) => headers.has(name));
}

/**
 * Whether a part that looks like one of the report is a piece of what the report returns.
 *
 * Behind a returned message nothing follows (RFC 6522 section 3): what does, stands there because the body has a line like
 * the delimiter. So does, behind an inline copy, a part whose header does not begin as one of a part.
 */
function isPieceOfBody(part: Part, { met }: Walk): boolean {
  if (part.path === "" || FIELD_TYPES.test(part.contentType.value)) return false;
  if (met === "message") return !holdsMessage(part);
  return met === "text" && !part.headers.fields[0]?.name.startsWith("content-");
}

function cutMultipart(part: Part, walk: Walk): readonly Cut[] {
  return [
    ...cutPreamble(part, walk),
    ...part.children.flatMap((child) => cutReport(child, walk)),
    ...cutEpilogue(part, walk),
  ];
}

/** Above the first delimiter line stands a sentence for readers without MIME, or what lost its own delimiter. */
function cutPreamble(part: Part, { message: { raw } }: Walk): readonly Cut[] {
  const { start } = part.bodyRange;
  const delimiterAt = raw.lastIndexOf("--", (part.children[0]?.headerRange.start ?? start) - 1);
  if (delimiterAt <= start) return [];
  const text = raw.toString("latin1", start, delimiterAt);
  const body = findBodyLine(text.replaceAll("\r\n", "\n").replaceAll("\r", "\n"), true);
  if (body === undefined) return [];
  // A preamble that returns a message is no sentence of the kind that is worth a careful cut.
  return [cutOf(removeBytes(start, delimiterAt))];
}

/** Behind the closing delimiter line no reader looks; a body may stand there whose delimiter was the outer one's. */
function cutEpilogue(part: Part, { message: { raw } }: Walk): readonly Cut[] {
  const last = part.children.at(-1);
  if (last === undefined) return [];
  const delimiterAt = raw.indexOf("--", last.bodyRange.end);
  const { end } = part.bodyRange;
  if (delimiterAt === -1 || delimiterAt >= end) return [];
  const lineEnd = raw.indexOf(0x0a, delimiterAt);
  if (lineEnd === -1 || lineEnd >= end || raw.toString("latin1", lineEnd, end).trim() === "") return [];
  return [cutOf(removeBytes(lineEnd + 1, end))];
}

function cutOf(edits: readonly Edit[]): Cut {
  return { edits, leftOutBytes: edits.reduce((sum, { start, end }) => sum + end - start, 0), isCertain: false };
}
