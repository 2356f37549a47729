import { DSN_REASON_IDS } from "@triage/contracts";
import type { HeldMessage, Notice } from "@triage/store";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { LinkMaker } from "../src/compose/link-maker.ts";
import { openMailIds } from "../src/compose/mail-ids.ts";
import { summariseFlood } from "../src/humans/summarise-flood.ts";
import { composeNotice } from "../src/notices/compose-notice.ts";
import { formatFloodText, type Reach } from "../src/notices/flood-text.ts";
import { aClassification, aRecipient } from "./classifications.ts";

const FROM = "postmaster-triage@example.com";
const ANN = { id: "ann", maxPerHour: 60 };
const AT = new Date("2026-11-22T12:35:00Z");

function held(index: number, classification = aClassification({}), header = {}): HeldMessage {
  const id = `019aaa65-1e80-7e4f-8a9b-${String(index).padStart(12, "0")}`;
  return { id, heldAt: AT, receivedAt: AT, classification, header };
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

const ANNS_LETTER = held(900, LETTER, {
  from: "Ann Muster <ann.muster@example.net>",
  subject: "My mail to Joe has not arrived since Monday, can you look into it please?",
});

const LINKS: LinkMaker = {
  days: 7,
  linkTo: (action, id) => `https://triage.example.com/l/${action}-${id.slice(-3)}-${"x".repeat(40)}`,
};

function compose(waiting: readonly HeldMessage[], reach: Reach = {}) {
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
  return composeNotice({ notice, from: FROM, to: ["ann@example.com"], mailIds, reach, lineEnd: "lf" });
}

const FLOOD = [
  ...Array.from({ length: 412 }, (_, index) => bounce(index)),
  ANNS_LETTER,
  held(901, LETTER, { from: "bob@example.org" }),
  held(
    902,
    aClassification({ urgency: "high", report: { kind: "dsn", recipients: [aRecipient({ reason: "system-full" })] } }),
  ),
];

test("the notice of a flood reads as it should: letters, what is urgent, then the largest", async () => {
  const { raw } = await compose(FLOOD);
  await expect(raw.toString("latin1")).toMatchFileSnapshot("golden/notices/flood.eml");
});

test("where people reach the service, each has a link that sends it, and letters one that says who sees to it", async () => {
  const { raw } = await compose(FLOOD, { links: LINKS, publicUrl: "https://triage.example.com" });
  await expect(raw.toString("latin1")).toMatchFileSnapshot("golden/notices/flood-links.eml");
});

test("a list of before there were letters in it can still be delivered", () => {
  const { letters: _letters, ...facts } = summariseFlood(ANN, [bounce(1)]);
  const groups = facts.groups.map(({ words: _words, ...group }) => group);
  const flood = { incidentId: "id", step: "begin", firstSeen: AT, at: AT, facts: { ...facts, groups } } as const;
  expect(formatFloodText(flood)).toContain("1  genuine-dsn, blocked\n      | joe1@example.net\n");
});

test("each letter of a flood is listed, and those that wait for the next list are announced", () => {
  const letters = Array.from({ length: 500 }, (_, index) => held(index, LETTER, { from: `joe${index}@example.net` }));
  const facts = summariseFlood(ANN, letters, 7);
  const text = formatFloodText({ incidentId: "id", step: "begin", firstSeen: AT, at: AT, facts });
  for (let index = 0; index < 500; index += 1) expect(text).toContain(`joe${index}@example.net`);
  expect(text).toContain("7 more letters still wait: each is sent, or listed next time.");
  expect(text).not.toContain("and 7 more letters");
});

test("the first of very many letters have their links, each of the others a line with its id", () => {
  const letters = Array.from({ length: 200 }, (_, index) =>
    held(index, LETTER, { from: `Joe <joe${index}@example.net>`, subject: "My mail has not arrived since Monday" }),
  );
  const facts = summariseFlood(ANN, letters);
  const text = formatFloodText({ incidentId: "id", step: "begin", firstSeen: AT, at: AT, facts }, { links: LINKS });
  const lines = text.split("\n");
  expect(lines.filter((line) => line.includes("| From: Joe <joe")).length).toBeGreaterThan(80);
  expect(lines).toContain("019aaa65-1e80-7e4f-8a9b-000000000199 | Joe <joe199@example…: My mail has no…");
  expect(text).not.toContain("more letters");
});

const LONG = ["\u{1d11e}".repeat(500), "=".repeat(500), "ä ".repeat(250), "a".repeat(500)];

test.each(LONG)(
  "the largest flood there can be stays below 64 kB, and tells how much it does not list: %#",
  async (words) => {
    const reasons = DSN_REASON_IDS.flatMap((reason) =>
      ["genuine-dsn", "undecided"].map((verdict) => ({ reason, verdict })),
    );
    const reports = reasons.flatMap(({ reason, verdict }, group) =>
      Array.from({ length: 4 }, (_, index) => {
        const recipients = [aRecipient({ reason, address: words, diagnostic: `${index}${words}`, remoteMta: words })];
        const report = { kind: "dsn", recipients } as const;
        return held(1_000 + 10 * group + index, aClassification({ verdict: verdict as "undecided", report }));
      }),
    );
    const letters = Array.from({ length: 500 }, (_, index) => held(index, LETTER, { from: words, subject: words }));
    const { raw, text } = await compose([...letters, ...reports], {
      links: LINKS,
      publicUrl: "https://triage.example.com",
    });
    expect(raw.length).toBeLessThan(64_000);
    const listed = text.split("\n").filter((line) => / From: |^019aaa65/.test(line)).length;
    const more = Number(/and (\d+) more letters/.exec(text)?.[1] ?? 0);
    expect(listed + more).toBe(500);
    const kinds = text.split("\n").filter((line) => /^ +4 {2}/.test(line)).length;
    const moreKinds = Number(/and (\d+) more kinds/.exec(text)?.[1] ?? 0);
    expect(kinds + moreKinds).toBe(reasons.length);
  },
);

test("every message is counted once, however many there are", () => {
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
      const { letters, groups, moreGroups, waiting: total } = summariseFlood(ANN, waiting);
      const counted = groups.reduce((sum, group) => sum + group.messages, letters?.messages ?? 0);
      expect(total).toBe(messages.length);
      if (moreGroups === 0) expect(counted).toBe(messages.length);
      expect(counted).toBeLessThanOrEqual(messages.length);
    }),
  );
});

test("words of strangers stay in their quoted line", async () => {
  const evil = "x@example.net\r\nBcc: victim@example.net\r\n\r\nAll is well.\u202e";
  const recipients = [aRecipient({ address: evil, diagnostic: evil })];
  const bounced = held(1, aClassification({ report: { kind: "dsn", recipients } }));
  const { text } = await compose([bounced, held(2, LETTER, { from: evil, subject: evil })]);
  expect(text).not.toMatch(/^(?:Bcc|All is well)/m);
  expect(text).not.toContain("\u202e");
  expect(text.split("\n").filter((line) => line.length > 76)).toEqual([]);
});
