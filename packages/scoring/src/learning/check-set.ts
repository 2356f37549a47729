/** Reads the check set: the letters that no learned model may hide, and look-alikes that it should. Pure. */
import { type Envelope, type Message, readMessage } from "@triage/message";
import { type Report, readReport } from "@triage/reports";
import type { TextClass } from "../text-model/text-model-data.ts";
import { inSlices, NO_PAUSE, type Pause } from "./slices.ts";

/** One message of the check set, as the stages before scoring leave it. */
export interface CheckMessage {
  /** `letter-fr-3`: what the operator is told. */
  readonly id: string;
  readonly label: TextClass;
  /** ISO 639-1. */
  readonly language: string;
  readonly message: Message;
  readonly report: Report;
}

/** Nobody knows by which way they came. */
export const UNKNOWN_ENVELOPE: Envelope = { reversePath: undefined, forwardPaths: [] };

/** Messages between two pauses: some 10 ms. */
const SLICE = 40;

const ENTRY = /^(letter|look-alike) \| ([a-z]{2}) \| /;

function toRaw(subject: string, body: string, id: string): Buffer {
  const fields = [
    "From: writer@example.net",
    "To: postmaster@example.com",
    `Subject: =?utf-8?B?${Buffer.from(subject).toString("base64")}?=`,
    "Date: Mon, 3 Mar 2025 10:00:00 +0000",
    `Message-ID: <${id}@example.net>`,
    "MIME-Version: 1.0",
    `Content-Type: ${body.startsWith("<") ? "text/html" : "text/plain"}; charset=utf-8`,
    "Content-Transfer-Encoding: 8bit",
  ];
  return Buffer.from(`${fields.join("\r\n")}\r\n\r\n${body}\r\n`);
}

/**
 * @param text  Entries as check-set-data.ts describes them; what is no entry is left out.
 * @returns     In order; ids count up for each label and language.
 */
async function readCheckSet(text: string, pause: Pause): Promise<CheckMessage[]> {
  const counts = new Map<string, number>();
  const read = (section: string): CheckMessage[] => {
    const [head = "", subject = "", ...lines] = section.split("\n");
    const [, name, language = ""] = ENTRY.exec(head) ?? [];
    if (name === undefined) return [];
    const group = `${name}-${language}`;
    const count = (counts.get(group) ?? 0) + 1;
    counts.set(group, count);
    const id = `${group}-${count}`;
    const message = readMessage(toRaw(subject, lines.join("\n").trim(), id));
    const label = name === "letter" ? "letter" : "spam";
    return [{ id, label, language, message, report: readReport(message, UNKNOWN_ENVELOPE) }];
  };
  const messages: CheckMessage[] = [];
  for await (const slice of inSlices(text.split("=== "), SLICE, pause)) messages.push(...slice.flatMap(read));
  return messages;
}

/** The set that ships with the service, read anew; it is loaded only when it is asked for. Takes some 50 ms. */
export async function loadCheckSet(pause: Pause = NO_PAUSE): Promise<CheckMessage[]> {
  const { CHECK_SET_DATA } = await import("./check-set-data.ts");
  return readCheckSet(CHECK_SET_DATA, pause);
}
