import { Compile } from "typebox/compile";
import { expect, test } from "vitest";
import { AcceptedSchema, MessageViewSchema, SentLineSchema } from "../src/index.ts";

const ID = "01a202c3-12de-74de-9473-b4c2d49ae2d8";

test("an answer names the message and says whether it is a repeat", () => {
  const accepted = Compile(AcceptedSchema);
  expect(accepted.Check({ id: ID, duplicate: false })).toBe(true);
  expect(accepted.Check({ id: "1", duplicate: false })).toBe(false);
});

test.each([
  [{ messageId: "<1@example.com>" }, true],
  [{ queueId: "4XyZ", recipients: ["joe@example.net"], at: "2026-11-22T10:00:00Z" }, true],
  [{ envelopeId: "e1", at: "2026-11-22T10:00:00.123+01:00" }, true],
  [{ messageId: "" }, false],
  [{ messageId: "<1@example.com>", at: "yesterday" }, false],
  [{ messageId: "<1@example.com>", at: "2026-11-22" }, false],
  [{ messageId: "<1@example.com>", recipients: "joe@example.net" }, false],
  [{ messageId: "<1@example.com>", subject: "not asked for" }, false],
  [[], false],
  [null, false],
])("a line of the sent ledger: %j is valid: %s", (line, valid) => {
  expect(Compile(SentLineSchema).Check(line)).toBe(valid);
});

test("a message that is not classified yet has a state and no verdict", () => {
  const view = {
    id: ID,
    state: "received",
    receivedAt: "2026-11-22T10:00:00.000Z",
    source: "mx",
    sizeBytes: 10,
    envelope: { known: false, forwardPaths: [] },
    corrections: [],
    humans: [],
    deliveries: [],
  };
  const checker = Compile(MessageViewSchema);
  expect(checker.Check(view)).toBe(true);
  expect(checker.Check({ ...view, verdict: "genuine-dsn" })).toBe(true);
  expect(checker.Check({ ...view, verdict: "bounce" })).toBe(false);
});
