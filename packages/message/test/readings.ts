/**
 * One message as three readers see it. mailparser and postal-mime flatten the tree, so what is compared is what both flat
 * lists and a tree can say: field names in order, decoded subject, addresses, attached parts with their bytes, texts.
 */
import { type Message, type Part, parseMailboxList } from "@triage/message";
import { simpleParser } from "mailparser";
import PostalMime from "postal-mime";

export interface Attached {
  readonly type: string;
  readonly filename: string | undefined;
  /** latin1, without the line ends around it, which the readers give to different parts. */
  readonly content: string;
}

export interface Reading {
  readonly fieldNames: readonly string[];
  readonly subject: string | undefined;
  readonly addresses: readonly string[];
  readonly attached: readonly Attached[];
  /** All text/plain parts, blanks squeezed. */
  readonly text: string;
  readonly hasHtml: boolean;
}

interface OracleMailbox {
  readonly name?: string | undefined;
  readonly address?: string | undefined;
  readonly group?: readonly OracleMailbox[] | undefined;
}

export const ASPECTS = ["fields", "subject", "addresses", "attached", "text"] as const;
export type Aspect = (typeof ASPECTS)[number];

export const ORACLES: Readonly<Record<string, (raw: Buffer) => Promise<Reading>>> = {
  "postal-mime": readWithPostalMime,
  mailparser: readWithMailparser,
};

export function differences(ours: Reading, theirs: Reading): readonly Aspect[] {
  const same = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);
  const checks: readonly (readonly [Aspect, boolean])[] = [
    ["fields", same(ours.fieldNames, theirs.fieldNames)],
    ["subject", ours.subject === theirs.subject],
    ["addresses", same(ours.addresses, theirs.addresses)],
    ["attached", same(ours.attached, theirs.attached)],
    ["text", sameText(ours, theirs)],
  ];
  return checks.filter(([, isSame]) => !isSame).map(([aspect]) => aspect);
}

/** They mix what they make of HTML into the text, so that ours can only be part of it. */
function sameText(ours: Reading, theirs: Reading): boolean {
  return ours.hasHtml || theirs.hasHtml ? theirs.text.includes(ours.text) : theirs.text === ours.text;
}

export function readWithOurs(message: Message): Reading {
  const { headers } = message.root;
  const flat = flatParts(message.root);
  return {
    fieldNames: headers.fields.map((field) => field.name),
    subject: headers.text("subject"),
    addresses: ["from", "to", "cc"]
      .flatMap((name) => parseMailboxList(headers.value(name) ?? ""))
      .map(({ name, address }) => `${name} ${address.localPart}@${address.domain}`),
    attached: flat
      .filter((part) => !isShown(part))
      .map((part) => ({
        type: part.contentType.value,
        filename: part.filename,
        content: part.bytes().toString("latin1").trim(),
      })),
    text: squeeze(
      flat.map((part) => (part.contentType.value === "text/plain" && isShown(part) ? part.text() : "")).join(" "),
    ),
    hasHtml: flat.some((part) => part.contentType.value === "text/html"),
  };
}

/** The parts that are no multipart, without those of a message inside the message. */
function flatParts(part: Part): readonly Part[] {
  return part.contentType.value.startsWith("multipart/") ? part.children.flatMap(flatParts) : [part];
}

function isShown({ contentType, disposition }: Part): boolean {
  return (contentType.value === "text/plain" || contentType.value === "text/html") && disposition !== "attachment";
}

async function readWithPostalMime(raw: Buffer): Promise<Reading> {
  const mail = await PostalMime.parse(raw, { forceRfc822Attachments: true });
  return {
    fieldNames: mail.headers.map((header) => header.key),
    subject: mail.subject,
    addresses: flattenMailboxes([
      ...(mail.from === undefined ? [] : [mail.from]),
      ...(mail.to ?? []),
      ...(mail.cc ?? []),
    ]),
    attached: mail.attachments.map(({ mimeType, filename, content }) => ({
      type: mimeType,
      filename: filename ?? undefined,
      content: Buffer.from(content as ArrayBuffer)
        .toString("latin1")
        .trim(),
    })),
    text: squeeze(mail.text ?? ""),
    hasHtml: mail.html !== undefined,
  };
}

async function readWithMailparser(raw: Buffer): Promise<Reading> {
  const options = { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true, keepDeliveryStatus: true };
  const mail = await simpleParser(raw, options);
  return {
    fieldNames: mail.headerLines.map((line) => line.key),
    subject: mail.subject,
    addresses: flattenMailboxes([mail.from, mail.to, mail.cc].flat().flatMap((field) => field?.value ?? [])),
    attached: mail.attachments.map(({ contentType, filename, content }) => ({
      type: contentType,
      filename,
      content: content.toString("latin1").trim(),
    })),
    text: squeeze(mail.text ?? ""),
    hasHtml: mail.html !== undefined && mail.html !== false,
  };
}

function flattenMailboxes(mailboxes: readonly OracleMailbox[]): readonly string[] {
  return mailboxes.flatMap((mailbox) =>
    mailbox.group === undefined ? [`${mailbox.name} ${mailbox.address}`] : flattenMailboxes(mailbox.group),
  );
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
