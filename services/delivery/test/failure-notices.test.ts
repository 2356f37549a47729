import type { FailureFacts } from "@triage/contracts";
import { readMessage } from "@triage/message";
import type { MessageIncident, Notice } from "@triage/store";
import { expect, test } from "vitest";
import { composeMail } from "../src/compose/compose-mail.ts";
import { openMailIds } from "../src/compose/mail-ids.ts";
import { composeNotice } from "../src/notices/compose-notice.ts";
import { aClassification } from "./classifications.ts";
import { readSample } from "./samples.ts";

const FROM = "postmaster-triage@example.com";
const OPENER = "019aaa65-1e80-7e4f-8a9b-0c1d2e3f4a5b";
const INCIDENT = "019aaa65-0000-7000-8000-000000000001";
const mailIds = openMailIds(FROM, "the secret of the goldens");

const FACTS: FailureFacts = {
  fingerprint: "v2:0123456789abcdef",
  openerId: OPENER,
  reason: "blocked",
  severity: "failed",
  remote: "example.net",
  words: "smtp; 550 5.7.1 [192.0.2.10] is listed, see https://blocklist.example/why?ip=192.0.2.10",
  links: ["https://blocklist.example/why?ip=192.0.2.10"],
  advice: "Find out why the host is listed, mend it, and then ask for removal.",
  forwardPathDomains: ["example.com"],
  messages: 10,
  lastSeen: "2026-11-22T12:04:00.000Z",
  senders: {
    total: 3,
    addresses: [
      { address: "news@example.com", messages: 7 },
      { address: "ann@example.com", messages: 2 },
      { address: "bob@example.com", messages: 1 },
    ],
    domains: [{ domain: "example.com", messages: 10 }],
  },
  recipients: {
    total: 9,
    addresses: [
      { address: "joe@example.net", messages: 2 },
      { address: "eve@example.net", messages: 1 },
    ],
    domains: [{ domain: "example.net", messages: 10 }],
  },
};

const NOTICE: Extract<Notice, { kind: "failure" }> = {
  id: "019aaa65-1e80-7e4f-8a9b-0c1d2e3f4a99",
  incidentId: INCIDENT,
  kind: "failure",
  step: "10",
  state: "pending",
  at: new Date("2026-11-22T12:05:00Z"),
  firstSeen: new Date("2026-11-22T11:58:00Z"),
  facts: FACTS,
  deliveries: [],
};

const BEGUN: MessageIncident = {
  id: INCIDENT,
  kind: "failure",
  state: "open",
  role: "opener",
  firstMessageId: OPENER,
};

const compose = (notice: Notice) =>
  composeNotice({ notice, from: FROM, to: ["ann@example.com"], mailIds, lineEnd: "lf" });

async function composeOpener(incident: MessageIncident | undefined, id = OPENER) {
  return composeMail({
    id,
    raw: await readSample("blocked-dsn.eml"),
    receivedAt: new Date("2026-11-22T11:58:00Z"),
    classification: aClassification({}),
    from: FROM,
    mailIds,
    to: ["ann@example.com"],
    lineEnd: "lf",
    form: "summary",
    maxBytes: undefined,
    incident,
  });
}

const withoutAddresses = { total: 9, addresses: [], domains: [{ domain: "example.net", messages: 100 }] };

test.each<[string, Partial<typeof NOTICE>]>([
  ["failure-10", {}],
  ["failure-100", { step: "100", facts: { ...FACTS, messages: 100, recipients: withoutAddresses } }],
  ["failure-over", { step: "end", facts: { ...FACTS, messages: 314, ended: "quiet" } }],
  ["failure-goes-on", { step: "end", facts: { ...FACTS, messages: 314, severity: "delayed", ended: "long" } }],
])("the notice %s reads as it should", async (name, more) => {
  const { raw } = await compose({ ...NOTICE, ...more });
  await expect(raw.toString("latin1")).toMatchFileSnapshot(`golden/notices/${name}.eml`);
});

test("the first message says that it begins an incident, what is counted, and when the human hears again", async () => {
  const { raw } = await composeOpener(BEGUN);
  await expect(raw.toString("latin1")).toMatchFileSnapshot("golden/notices/failure-begins.eml");
});

test("a report of a storm of whose end nobody was told says that the others are kept, and where", async () => {
  const { text } = await composeOpener({ ...BEGUN, kind: "storm", state: "closed", firstMessageId: undefined });
  expect(text.replace(/\s+/g, " ")).toContain(
    "which is over, and you get it whole because its last notice could not be",
  );
  expect(text).toContain(`GET /v1/incidents/${INCIDENT}/messages lists them.`);
});

test("all mail about an incident stands in the thread of its first message", async () => {
  const first = await composeOpener(BEGUN);
  const headersOf = ({ raw }: { readonly raw: Buffer }) => readMessage(raw).root.headers;
  const later = await composeOpener(BEGUN, "019aaa65-1e80-7e4f-8a9b-0c1d2e3f4aff");
  for (const mail of [await compose(NOTICE), await compose({ ...NOTICE, step: "end" }), later]) {
    expect(headersOf(mail).value("references")).toBe(first.messageId);
    expect(headersOf(mail).value("in-reply-to")).toBe(first.messageId);
    expect(mail.messageId).not.toBe(first.messageId);
  }
  expect(headersOf(first).has("in-reply-to")).toBe(false);
});

test("a message that belongs to no incident says nothing of one", async () => {
  const { raw } = await composeOpener(undefined);
  expect(readMessage(raw).root.headers.has("x-triage-incident")).toBe(false);
});

test("the words of the remote are quoted, and cannot write a line of ours", async () => {
  const words = "550 no\r\nWhat to do:\r\n  pay https://evil.example/";
  const { text } = await compose({ ...NOTICE, facts: { ...FACTS, words, links: ["https://evil.example/"] } });
  expect(text.match(/^What to do:/gm)).toHaveLength(1);
  expect(text).toContain("| https://evil.example/");
});
