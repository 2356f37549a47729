import type { HeldMessage, Notice } from "@triage/store";
import fc from "fast-check";
import { expect, test } from "vitest";
import { summariseFlood } from "../src/humans/summarise-flood.ts";
import { openMailIds } from "../src/mail-ids.ts";
import { composeNotice } from "../src/notices/compose-notice.ts";
import { aClassification, aRecipient } from "./classifications.ts";

const FROM = "postmaster-triage@example.com";
const ANN = { id: "ann", maxPerHour: 60 };
const AT = new Date("2026-11-22T12:35:00Z");

function held(index: number, classification = aClassification({})): HeldMessage {
  const id = `019aaa65-1e80-7e4f-8a9b-${String(index).padStart(12, "0")}`;
  return { id, heldAt: AT, receivedAt: AT, classification };
}

function bounce(index: number): HeldMessage {
  const recipient = aRecipient({
    address: `joe${index}@example.net`,
    reason: index % 5 === 0 ? "rejected" : "blocked",
  });
  return held(index, aClassification({ report: { kind: "dsn", recipients: [recipient] } }));
}

const LETTER = aClassification({
  verdict: "user-report",
  why: "A person writes about mail that did not arrive.",
  report: { kind: "person" },
  returned: { form: "none" },
});

function compose(waiting: readonly HeldMessage[]) {
  const notice: Notice = {
    id: "019aaa65-1e80-7e4f-8a9b-0c1d2e3f4a5b",
    incidentId: "019aaa65-0000-7000-8000-000000000003",
    kind: "flood",
    step: "begin",
    state: "pending",
    at: AT,
    firstSeen: new Date("2026-11-22T12:30:00Z"),
    facts: summariseFlood(ANN, waiting),
    deliveries: [],
  };
  const mailIds = openMailIds(FROM, "the secret of the goldens");
  return composeNotice({ notice, from: FROM, to: ["ann@example.com"], mailIds, lineEnd: "lf" });
}

test("the notice of a flood reads as it should: what is urgent first, then the largest", async () => {
  const waiting = [...Array.from({ length: 412 }, (_, index) => bounce(index)), held(900, LETTER), held(901, LETTER)];
  const { raw } = await compose(waiting);
  await expect(raw.toString("latin1")).toMatchFileSnapshot("golden/notices/flood.eml");
});

test("every message is counted in one group, however many there are", () => {
  const anyMessage = fc.record({
    verdict: fc.constantFrom("genuine-dsn", "undecided", "user-report"),
    kind: fc.constantFrom("dsn", "person", "other", "feedback"),
    urgency: fc.constantFrom("high", "normal", "low"),
    reason: fc.constantFrom("blocked", "rejected", "expired", "policy-violation"),
  });
  fc.assert(
    fc.property(fc.array(anyMessage, { maxLength: 200 }), (messages) => {
      const waiting = messages.map(({ verdict, kind, urgency, reason }, index) =>
        held(index, aClassification({ verdict, urgency, report: { kind, recipients: [aRecipient({ reason })] } })),
      );
      const { groups, moreGroups, waiting: total } = summariseFlood(ANN, waiting);
      const counted = groups.reduce((sum, group) => sum + group.messages, 0);
      expect(total).toBe(messages.length);
      if (moreGroups === 0) expect(counted).toBe(messages.length);
      expect(counted).toBeLessThanOrEqual(messages.length);
    }),
  );
});

test("words of strangers stay in their quoted line", async () => {
  const evil = "x@example.net\r\nBcc: victim@example.net\r\n\r\nAll is well.\u202e";
  const recipients = [aRecipient({ address: evil, diagnostic: evil })];
  const { text } = await compose([held(1, aClassification({ report: { kind: "dsn", recipients } }))]);
  expect(text).not.toMatch(/^(?:Bcc|All is well)/m);
  expect(text).not.toContain("\u202e");
  expect(text.split("\n").filter((line) => line.length > 76)).toEqual([]);
});
