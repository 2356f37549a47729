/**
 * Reads letters.txt, look-alikes.txt and those like them, and makes of each entry the message that its writer would have sent.
 *
 * An entry may say what of its header matters, in lines `@ Name: value` before the subject: a value replaces the usual one,
 * no value leaves the field out. `@ Attached: name` adds an empty attachment of that name.
 */
import { readFileSync } from "node:fs";

export interface WrittenMessage {
  /** Language tag (ISO 639-1). */
  readonly language: string;
  readonly register: string;
  readonly raw: Buffer;
}

const ENTRY = /^=== (\w+) \| (.+)$/;
const FIELD = /^@ ([\w-]+): ?(.*)$/;
const ATTACHED = "Attached";
const BOUNDARY = "written-parts";

const encoded = (text: string) => `=?utf-8?B?${Buffer.from(text).toString("base64")}?=`;

/** `"Name" <address>` with the name as MIME wants it (RFC 2047). */
function encodeField(value: string): string {
  const match = /^"([^"]+)" (<.+)$/.exec(value);
  return match === null ? value : `${encoded(match[1] ?? "")} ${match[2]}`;
}

interface Written {
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly attached: readonly string[];
  readonly subject: string;
  readonly body: string;
}

function readEntry(lines: readonly string[]): Written {
  const given = lines.findIndex((line) => !line.startsWith("@ "));
  const pairs = lines.slice(0, given).map((line) => {
    const [, name = "", value = ""] = FIELD.exec(line) ?? [];
    return [name, value] as const;
  });
  const [subject = "", ...body] = lines.slice(given);
  return {
    fields: pairs.filter(([name]) => name !== ATTACHED),
    attached: pairs.filter(([name]) => name === ATTACHED).map(([, value]) => value),
    subject,
    body: body.join("\n").trim(),
  };
}

function headerOf({ fields, subject }: Written, number: number): string[] {
  const from = fields.find(([name]) => name === "From")?.[1] ?? "writer@example.net";
  const domain = /@([\w.-]+)/.exec(from)?.[1] ?? "example.net";
  const header = new Map([
    ["From", from],
    ["To", "postmaster@example.com"],
    ["Subject", encoded(subject)],
    ["Date", "Mon, 3 Mar 2025 10:00:00 +0000"],
    ["Message-ID", `<written-${number}@${domain}>`],
    ["MIME-Version", "1.0"],
    ...fields,
  ]);
  return [...header].filter(([, value]) => value !== "").map(([name, value]) => `${name}: ${encodeField(value)}`);
}

function toMessage(entry: Written, number: number): Buffer {
  const { body, attached } = entry;
  const type = body.startsWith("<") ? "text/html" : "text/plain";
  const text = `Content-Type: ${type}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n${body}\n`;
  const header = headerOf(entry, number).join("\n");
  if (attached.length === 0) return Buffer.from(`${header}\n${text}`);
  const files = attached.map(
    (name) => `Content-Type: application/octet-stream\nContent-Disposition: attachment; filename="${name}"\n\n`,
  );
  const parts = [text, ...files].map((part) => `--${BOUNDARY}\n${part}\n`).join("");
  return Buffer.from(`${header}\nContent-Type: multipart/mixed; boundary=${BOUNDARY}\n\n${parts}--${BOUNDARY}--\n`);
}

/** @throws {Error} for text before the first entry that is not a comment. */
export function readWrittenMessages(file: string): WrittenMessage[] {
  const messages: WrittenMessage[] = [];
  const sections = readFileSync(file, "utf8").split(/^(?==== )/m);
  for (const section of sections) {
    const [head = "", ...lines] = section.split("\n");
    const match = ENTRY.exec(head);
    if (match === null) {
      if (section.split("\n").some((line) => line !== "" && !line.startsWith("#"))) throw new Error(`${file}: ${head}`);
      continue;
    }
    const [, language = "", register = ""] = match;
    messages.push({ language, register, raw: toMessage(readEntry(lines), messages.length) });
  }
  return messages;
}
