import { randomBytes } from "node:crypto";
import type { Classification } from "@triage/contracts";
import type { Envelope } from "@triage/message";
import { inject } from "vitest";
import type { NewMessage, StoreOptions } from "../src/index.ts";

/** Options of a store that shares the real server with other tests, but no table. */
export function freshSchema(): StoreOptions & { readonly schema: string } {
  return { databaseUrl: inject("databaseUrl"), schema: `store_${randomBytes(6).toString("hex")}`, poolSize: 4 };
}

export const ENVELOPE: Envelope = {
  reversePath: { kind: "null" },
  forwardPaths: [{ kind: "address", localPart: "postmaster", domain: "example.com" }],
  clientIp: "192.0.2.1",
};

/** A small message; the same text gives the same bytes. */
export function newMessage(text: string, more: Partial<NewMessage> = {}): NewMessage {
  return { raw: Buffer.from(text, "utf8"), envelope: ENVELOPE, envelopeKnown: true, source: "test", ...more };
}

export function classification(more: Partial<Classification> = {}): Classification {
  return {
    verdict: "genuine-dsn",
    score: 0.99,
    scores: { "genuine-dsn": 0.99, "user-report": 0, backscatter: 0.01, automated: 0, spam: 0 },
    route: "human",
    actionable: true,
    why: "The message came from us.",
    rule: "ours-to-fix",
    report: { kind: "dsn", format: "rfc3464", recipients: [] },
    returned: { form: "none" },
    evidence: [],
    ...more,
  };
}
