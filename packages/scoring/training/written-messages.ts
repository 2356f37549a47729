/** Reads letters.txt and look-alikes.txt, and makes of each entry the message that its writer would have sent. */
import { readFileSync } from "node:fs";

export interface WrittenMessage {
  /** Language tag (ISO 639-1). */
  readonly language: string;
  readonly register: string;
  readonly raw: Buffer;
}

const ENTRY = /^=== (\w+) \| (.+)$/;

function toMessage(subject: string, body: string, number: number): Buffer {
  const type = body.startsWith("<") ? "text/html" : "text/plain";
  const fields = [
    "From: writer@example.net",
    "To: postmaster@example.com",
    `Subject: =?utf-8?B?${Buffer.from(subject).toString("base64")}?=`,
    "Date: Mon, 3 Mar 2025 10:00:00 +0000",
    `Message-ID: <written-${number}@example.net>`,
    "MIME-Version: 1.0",
    `Content-Type: ${type}; charset=utf-8`,
    "Content-Transfer-Encoding: 8bit",
  ];
  return Buffer.from(`${fields.join("\n")}\n\n${body}\n`);
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
    const [subject = "", ...body] = lines;
    const [, language = "", register = ""] = match;
    messages.push({ language, register, raw: toMessage(subject, body.join("\n").trim(), messages.length) });
  }
  return messages;
}
