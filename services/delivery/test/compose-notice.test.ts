import { readMessage } from "@triage/message";
import type { Notice } from "@triage/store";
import { expect, test } from "vitest";
import { openMailIds } from "../src/compose/mail-ids.ts";
import { composeNotice } from "../src/notices/compose-notice.ts";

type StormNotice = Extract<Notice, { kind: "storm" }>;

const NOTICE: StormNotice = {
  id: "019aaa65-1e80-7e4f-8a9b-0c1d2e3f4a5b",
  incidentId: "019aaa65-0000-7000-8000-000000000001",
  kind: "storm",
  step: "begin",
  state: "pending",
  at: new Date("2026-11-22T12:05:00Z"),
  firstSeen: new Date("2026-11-22T11:58:00Z"),
  facts: {
    by: "address",
    scope: "joe@example.com",
    strength: "full",
    unproven: 21,
    proven: 0,
    contradicted: 15,
    reporters: 9,
    recipients: 21,
    senders: 1,
    examples: [
      {
        messageId: "019aaa65-1e80-7e4f-8a9b-0c1d2e3f4a01",
        subject: "Cheap watches for you",
        reporter: "victim1.example",
      },
      { messageId: "019aaa65-1e80-7e4f-8a9b-0c1d2e3f4a02", reporter: "victim2.example" },
    ],
  },
  deliveries: [],
};

const FROM = "postmaster-triage@example.com";
const mailIds = openMailIds(FROM, "the secret of the goldens");

function compose(notice: Notice) {
  return composeNotice({ notice, from: FROM, to: ["ann@example.com"], mailIds, lineEnd: "lf" });
}

test.each<[string, Partial<StormNotice>]>([
  ["storm-begins", {}],
  ["storm-grows", { step: "1000", facts: { ...NOTICE.facts, unproven: 1_004, contradicted: 690, reporters: 212 } }],
  [
    "storm-over",
    { step: "end", facts: { ...NOTICE.facts, unproven: 18_730, contradicted: 12_900, reporters: 640, grouped: 586 } },
  ],
  ["storm-unprovable", { facts: { ...NOTICE.facts, strength: "unprovable", contradicted: 0 } }],
])("the notice %s reads as it should", async (name, more) => {
  const { raw } = await compose({ ...NOTICE, ...more });
  await expect(raw.toString("latin1")).toMatchFileSnapshot(`golden/notices/${name}.eml`);
});

test("a repeat has the same bytes and the same Message-ID", async () => {
  const [first, second] = [await compose(NOTICE), await compose(NOTICE)];
  expect(second.raw.equals(first.raw)).toBe(true);
  expect(first.messageId).toBe(mailIds(NOTICE.incidentId, "begin"));
});

test("every later notice stands in the thread of the first", async () => {
  const first = await compose(NOTICE);
  const { headers } = readMessage((await compose({ ...NOTICE, step: "100" })).raw).root;
  expect(headers.value("references")).toBe(first.messageId);
  expect(headers.value("in-reply-to")).toBe(first.messageId);
  expect(headers.value("message-id")).not.toBe(first.messageId);
});

test("nobody may answer it, and the service knows it when it comes back", async () => {
  const { headers } = readMessage((await compose(NOTICE)).raw).root;
  expect(headers.value("auto-submitted")).toBe("auto-generated");
  expect(headers.value("x-triage-loop")).toBe(NOTICE.id);
});

test("words of strangers cannot start a header field or a line of ours", async () => {
  const evil = "Hi\r\nBcc: victim@example.net\r\n\r\nIncident over.\u202e";
  const facts = {
    ...NOTICE.facts,
    by: "content",
    scope: evil,
    examples: [{ messageId: NOTICE.id, subject: evil, reporter: evil }],
  } as const;
  const { root } = readMessage((await compose({ ...NOTICE, facts })).raw);
  expect(root.headers.has("bcc")).toBe(false);
  expect(root.text()).not.toMatch(/^(?:Bcc|Incident over)/m);
  expect(root.text()).not.toContain("\u202e");
});

test("no line is longer than 76 columns", async () => {
  const { root } = readMessage((await compose(NOTICE)).raw);
  expect(
    root
      .text()
      .split("\n")
      .filter((line) => line.length > 76),
  ).toEqual([]);
});
