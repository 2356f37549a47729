/**
 * Builds the mail that a human gets, in the form that this human asked for: a summary on top and as much of the original
 * attached as the form allows, or the original itself, resent.
 *
 * The first is always a new message. The original is not sent on under its own header unless a human asks for it: our
 * copy would fail its DMARC, carry its tricks into the human's mail program, and an answer would go to whoever forged it. The
 * same message id always gives the same bytes (Date, Message-ID and boundary too), so that a repeated delivery is
 * recognised as one.
 */
import { isAscii } from "node:buffer";
import { createHash } from "node:crypto";
import type { Classification } from "@triage/contracts";
import { type Message, type Part, readMessage } from "@triage/message";
import type { MailForm } from "@triage/runtime";
import type { MessageIncident } from "@triage/store";
import MailComposer, { type MailComposerAttachment } from "nodemailer/lib/mail-composer";
import { previewLetter } from "./letter-preview.ts";
import { LOOP_FIELD, loopIdsOf } from "./loop-guard.ts";
import type { MailIds } from "./mail-ids.ts";
import type { MessageLinks, OutboundMail } from "./outbound-mail.ts";
import { type PassedOn, passOn, type Share } from "./passed-on.ts";
import { findResendObstacle, resend } from "./redirect.ts";
import { formatSubject, type OuterFields } from "./subject.ts";
import { formatSummary, type SummaryInput } from "./summary.ts";

export interface ComposeInput {
  /** Id of the message (UUIDv7). */
  readonly id: string;
  readonly raw: Buffer;
  /** When the service took it in; becomes the Date of the mail. */
  readonly receivedAt: Date;
  readonly classification: Classification;
  /** Header From: an address of this site, from the configuration. */
  readonly from: string;
  /** Header To: the humans, from the configuration; at least one. */
  readonly to: readonly string[];
  readonly mailIds: MailIds;
  /** What the outlet wants: `crlf` for SMTP (RFC 5321 section 2.3.8), `lf` for files. */
  readonly lineEnd: "crlf" | "lf";
  readonly form: MailForm;
  /** Largest mail that this human takes; undefined: any. */
  readonly maxBytes: number | undefined;
  /** Where people reach the API, without a slash at its end; undefined: they know. */
  readonly publicUrl?: string | undefined;
  /** The API gives the bytes of messages out. Default true. */
  readonly givesBytes?: boolean;
  /** The configuration says which domains or relays are ours. Default true. */
  readonly isSiteNamed?: boolean;
  readonly links?: MessageLinks | undefined;
  /** Somebody else is asked when this human does not say that he sees to it. */
  readonly awaitsAcknowledgement?: boolean;
  /** The incident that the message belongs to. */
  readonly incident?: MessageIncident | undefined;
}

/** What each form passes on, and what comes instead where that is too large; at last nothing but the header. */
const SHARES: Readonly<Record<MailForm, readonly Share[]>> = {
  redirect: ["whole", "without-bodies"],
  summary: ["whole", "without-bodies"],
  "headers-only": ["without-bodies"],
};

/** @returns The mail in the form of the human; with less of the original where it would be larger than `maxBytes`. */
export async function composeMail(input: ComposeInput): Promise<OutboundMail> {
  const message = readMessage(input.raw);
  const { form, maxBytes = Number.POSITIVE_INFINITY } = input;
  const claim = input.classification.report.kind;
  const obstacle = form === "redirect" ? findResendObstacle(message) : undefined;
  const remarks = obstacle === undefined ? [] : [`It is attached instead of redirected, because ${obstacle}.`];
  const smaller = () => composeSummary(input, message, passOn(message, claim, "header", form), remarks);
  if (form === "redirect" && obstacle === undefined && input.raw.length <= maxBytes) {
    const mail = composeRedirect(input, message);
    if (mail.raw.length <= maxBytes) return { ...mail, smaller };
  }
  for (const share of SHARES[form]) {
    if (share === "whole" && input.raw.length > maxBytes) continue;
    const mail = await composeSummary(input, message, passOn(message, claim, share, form), remarks);
    if (mail.raw.length <= maxBytes) return { ...mail, smaller };
  }
  return smaller();
}

function composeRedirect(input: ComposeInput, { root }: Message): OutboundMail {
  const { id, raw, classification, receivedAt, from, to, mailIds, lineEnd } = input;
  const messageId = mailIds(id);
  const triage = [...Object.entries(triageFields(id, classification)), [LOOP_FIELD, id] as const];
  const bytes = resend(raw, { from, to, date: receivedAt, messageId, triage }, lineEnd === "crlf" ? "\r\n" : "\n");
  const outer = outerFields(root);
  return {
    id,
    messageId,
    raw: bytes,
    eightBit: !isAscii(bytes),
    subject: formatSubject(classification, outer),
    text: formatSummary({ ...summaryInput(input, outer), preview: undefined, remarks: [], isWhole: true }),
    topic: topicOf(input),
  };
}

async function composeSummary(
  input: ComposeInput,
  { root }: Message,
  { bytes, share, filename, part, remarks }: PassedOn,
  moreRemarks: readonly string[],
): Promise<OutboundMail> {
  const { id, classification, mailIds } = input;
  const outer = outerFields(root);
  // Of the bytes that are passed on: what is left out of the attachment must not stand in the text.
  const preview = classification.report.kind === "person" ? await previewLetter(bytes) : undefined;
  const text = formatSummary({
    ...summaryInput(input, outer),
    preview,
    remarks: [...remarks, ...moreRemarks],
    isWhole: share === "whole",
  });
  const attachment: MailComposerAttachment = {
    filename,
    contentType: part.contentType,
    contentTransferEncoding: part.encoding,
    // Inline would show a stranger's HTML right below our own words.
    contentDisposition: "attachment",
    content: bytes,
  };
  const subject = formatSubject(classification, outer);
  const messageId = mailIds(id);
  const loopIds = [...loopIdsOf(root.headers), id];
  const raw = await buildMail(input, { messageId, subject, text, attachment, loopIds });
  return { id, messageId, raw, eightBit: part.encoding === "8bit", subject, text, topic: topicOf(input) };
}

interface MailPieces {
  readonly messageId: string;
  readonly subject: string;
  readonly text: string;
  readonly attachment: MailComposerAttachment;
  /** For LOOP_FIELD. */
  readonly loopIds: readonly string[];
}

async function buildMail(
  input: ComposeInput,
  { messageId, subject, text, attachment, loopIds }: MailPieces,
): Promise<Buffer> {
  const { id, classification, incident } = input;
  const mail = new MailComposer({
    from: input.from,
    to: [...input.to],
    subject,
    date: input.receivedAt,
    messageId,
    ...threadOf(input),
    headers: {
      // RFC 3834 section 5: no automatic system may answer this mail.
      "Auto-Submitted": "auto-generated",
      ...triageFields(id, classification),
      ...(incident !== undefined && { "X-Triage-Incident": incident.id }),
      ...urgencyFields(classification),
      [LOOP_FIELD]: [...loopIds],
    },
    // nodemailer would write X-Triage-ID.
    normalizeHeaderKey: (name) => (name === "X-Triage-ID" ? "X-Triage-Id" : name),
    text,
    attachments: [attachment],
    ...boundaryFor(id, input.raw),
    newline: input.lineEnd === "crlf" ? "win" : "linux",
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return mail.compile().build();
}

/** All mail about an incident stands in one thread, below its first message. */
function threadOf({ id, incident, mailIds }: ComposeInput) {
  const first = incident?.firstMessageId;
  if (first === undefined || first === id) return {};
  return { inReplyTo: mailIds(first), references: [mailIds(first)] };
}

function outerFields({ headers }: Part): OuterFields & Pick<SummaryInput, "to"> {
  return { from: headers.text("from"), to: headers.text("to"), subject: headers.text("subject") };
}

function summaryInput(input: ComposeInput, outer: OuterFields & Pick<SummaryInput, "to">) {
  const { id, receivedAt, classification, publicUrl, links, incident } = input;
  const { givesBytes = true, isSiteNamed = true, awaitsAcknowledgement = false } = input;
  const reach = { publicUrl, givesBytes, links };
  return { ...outer, ...reach, id, receivedAt, classification, isSiteNamed, awaitsAcknowledgement, incident };
}

function topicOf({ classification, receivedAt, links }: ComposeInput): OutboundMail["topic"] {
  return { kind: "message", classification, receivedAt, ...(links !== undefined && { links }) };
}

/** Ids, numbers and UUIDs only: nothing in these fields can come from a stranger. */
function triageFields(id: string, { verdict, score, route }: Classification): Readonly<Record<string, string>> {
  return {
    "X-Triage-Id": id,
    "X-Triage-Verdict": verdict,
    "X-Triage-Score": score.toFixed(3),
    "X-Triage-Route": route,
  };
}

/** Importance (RFC 2156 section 5.3.4), and the older field that mail programs on phones know. */
function urgencyFields({ urgency }: Classification): Readonly<Record<string, string>> {
  switch (urgency) {
    case "high":
      return { Importance: "high", "X-Priority": "1" };
    case "low":
      return { Importance: "low", "X-Priority": "5" };
    case "normal":
    case undefined:
      return {};
    default:
      return urgency satisfies never;
  }
}

/**
 * The same for every repeat, and not to be guessed by the author of the original: it depends on every byte of it and
 * on an id that was given later.
 */
function boundaryFor(id: string, raw: Buffer): { readonly boundaryPrefix: string; readonly baseBoundary: string } {
  const hash = createHash("sha256").update(id).update(raw).digest("hex");
  return { boundaryPrefix: "triage", baseBoundary: hash.slice(0, 32) };
}
