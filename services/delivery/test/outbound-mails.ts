/** Mails for the tests of outlets; each test says only what it is about. */
import type { OutboundMail } from "../src/compose/outbound-mail.ts";
import { aClassification } from "./classifications.ts";

const ID = "01a2027b-d680-7e4f-8a9b-0c1d2e3f4a5b";

/** Of 2026-11-22 09:00:00 UTC, which is also what its id (UUIDv7) says. */
export function anOutboundMail(fields: Partial<OutboundMail>): OutboundMail {
  const id = fields.id ?? ID;
  const messageId = `<${id}@example.com>`;
  return {
    id,
    messageId,
    raw: Buffer.from(`From: triage@example.com\r\nMessage-ID: ${messageId}\r\n\r\nhi\r\n`),
    eightBit: false,
    subject: "[triage] Blocked: joe@example.net (5.7.1)",
    text: "This is a bounce.\n",
    topic: { kind: "message", classification: aClassification({}), receivedAt: new Date("2026-11-22T09:00:00Z") },
    ...fields,
  };
}
