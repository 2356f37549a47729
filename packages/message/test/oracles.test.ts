/**
 * Two other readers read the same samples. Where they and we differ, the difference is listed with its reason, and a
 * difference that is listed must still exist. mailparser and postal-mime flatten the tree, so what is compared is what both
 * flat lists and a tree can say: field names in order, decoded subject, addresses, attached parts with their bytes, texts.
 */
import { type Message, type Part, parseMailboxList, readMessage } from "@triage/message";
import { simpleParser } from "mailparser";
import PostalMime from "postal-mime";
import { describe, expect, test } from "vitest";
import { SAMPLES } from "./samples.ts";

interface Attached {
  readonly type: string;
  readonly filename: string | undefined;
  /** latin1, without the line ends around it, which the readers give to different parts. */
  readonly content: string;
}

interface Reading {
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

/** What differs, by oracle and sample, and why ours is the one we want. */
const LISTED: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>> = {
  "postal-mime": {
    "charsets-mislabelled": { text: "it believes each label" },
    charsets: { text: "it knows no UTF-7 and reads iso-8859-1 to the letter" },
    "content-type-garbage": { attached: "it keeps a type that is none", text: "it decodes as base64 what is not" },
    "eight-bit-header": { subject: "it reads a latin1 header as UTF-8", addresses: "the same" },
    "header-runs-into-body": { fields: "it takes the delimiter line for a field", text: "the first part is lost" },
    "lost-folds": { fields: "it keeps lost folds as fields", text: "it finds no boundary" },
    "mbox-from-line": { fields: "it takes the `From ` line for a field" },
    "message-in-base64": { attached: "it decodes as base64 what is not" },
  },
  mailparser: {
    "charsets-mislabelled": { text: "it believes each label, `hex` included" },
    "child-never-closed": { text: "the parent's next part becomes text of the child" },
    "content-type-garbage": { attached: "it keeps a type that is none", text: "it decodes as base64 what is not" },
    digest: { attached: "it shows the messages of a digest as text", text: "the same" },
    "eight-bit-header": { subject: "it reads a latin1 header as UTF-8", addresses: "the same" },
    "feedback-report": { attached: "it loses an inline message/rfc822", text: "and shows it as text" },
    "header-runs-into-body": { fields: "it takes the delimiter line for a field", text: "the first part is lost" },
    "lost-folds": { fields: "it keeps lost folds as fields", text: "it finds no boundary" },
    "message-in-base64": { attached: "it decodes as base64 what is not" },
    "preamble-and-epilogue": { text: "it knows no padding after a boundary" },
  },
};

const ORACLES: Readonly<Record<string, (raw: Buffer) => Promise<Reading>>> = {
  "postal-mime": readWithPostalMime,
  mailparser: readWithMailparser,
};

describe.each(Object.entries(ORACLES))("%s", (oracle, read) => {
  test.each(SAMPLES)("reads $name as we do, or differs for the reason listed", async ({ name, lf }) => {
    const listed = LISTED[oracle]?.[name] ?? {};
    expect(differences(readWithOurs(readMessage(lf)), await read(lf))).toEqual(Object.keys(listed));
  });
});

function differences(ours: Reading, theirs: Reading): readonly string[] {
  const same = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);
  const checks: readonly (readonly [string, boolean])[] = [
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

function readWithOurs(message: Message): Reading {
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
    text: squeeze(flat.map((part) => (part.contentType.value === "text/plain" ? part.text() : "")).join(" ")),
    hasHtml: flat.some((part) => part.contentType.value === "text/html"),
  };
}

/** The parts that are no multipart, without those of a message inside the message. */
function flatParts(part: Part): readonly Part[] {
  return part.contentType.value.startsWith("multipart/") ? part.children.flatMap(flatParts) : [part];
}

function isShown(part: Part): boolean {
  return part.contentType.value === "text/plain" || part.contentType.value === "text/html";
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
