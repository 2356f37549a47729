import type { AlertFacts } from "@triage/contracts";
import type { Notice } from "@triage/store";
import { expect, test } from "vitest";
import { openMailIds } from "../src/compose/mail-ids.ts";
import { composeNotice } from "../src/notices/compose-notice.ts";

const FROM = "postmaster-triage@example.com";
const mailIds = openMailIds(FROM, "the secret of the goldens");
const BOUNCED: AlertFacts = {
  trouble: "own-mail-bounced",
  address: "ann@example.com",
  named: "ann@example.com",
  reason: "user-unknown",
  words: "smtp; 550 5.1.1 <ann@example.com>: Recipient address rejected: User unknown",
  bounces: 1,
  messageIds: ["019aaa65-1e80-7e4f-8a9b-0c1d2e3f4a5b"],
  avoided: { addresses: ["ann@example.com"], outlets: ["mail"] },
};
const DEAD: AlertFacts = {
  trouble: "dead-letters",
  waiting: 12,
  latest: [
    {
      messageId: "019aaa65-1e80-7e4f-8a9b-0c1d2e3f4a5b",
      stage: "deliver",
      error: "ann: ann@example.com by mail: 550 5.1.1 User unknown",
    },
    {
      messageId: "019aaa65-1e80-7e4f-8a9b-0c1d2e3f4a5c",
      stage: "deliver",
      error: "Mail loop: 51 Received fields, more than the limit of 50",
    },
  ],
  avoided: { addresses: ["ann@example.com"], outlets: ["mail"] },
};
const DIGEST: AlertFacts = {
  trouble: "digest-failed",
  digestId: "019aaa65-1e80-7e4f-8a9b-0c1d2e3f4a5d",
  since: "2026-11-21T06:59:00.000Z",
  until: "2026-11-22T06:59:00.000Z",
  kept: 257,
  digests: 1,
  words: "550 5.1.1 <ann@example.com>: Recipient address rejected: User unknown",
  avoided: { addresses: ["ann@example.com"], outlets: ["mail"] },
};
const NOTICE: AlertFacts = {
  trouble: "notice-failed",
  incidentId: "019aaa65-1e80-7e4f-8a9b-0c1d2e3f4a5e",
  about: "storm",
  notices: 1,
  words: "550 5.1.1 <ann@example.com>: Recipient address rejected: User unknown",
  avoided: { addresses: ["ann@example.com"], outlets: ["mail"] },
};
const NO_MORE: AlertFacts = { ...DEAD, waiting: 0, latest: [] };

function compose(facts: AlertFacts, step: Notice["step"] = "begin") {
  const at = new Date("2026-11-22T09:00:00Z");
  const incidentId = "019aaa65-0000-7000-8000-000000000001";
  const base = { id: "019aaa65-0000-7000-8000-000000000002", incidentId, at, firstSeen: at, deliveries: [] };
  const notice: Notice = { ...base, kind: "alert", step, state: "pending", facts };
  return composeNotice({ notice, from: FROM, to: ["bob@example.com"], mailIds, lineEnd: "lf" });
}

test.each<[string, AlertFacts, Notice["step"]]>([
  ["alert-bounce", BOUNCED, "begin"],
  ["alert-complaint", { ...BOUNCED, reason: "feedback", bounces: 10 }, "10"],
  ["alert-dead-letters", DEAD, "10"],
  ["alert-dead-letters-over", NO_MORE, "end"],
  ["alert-digest", DIGEST, "begin"],
  ["alert-notice", NOTICE, "begin"],
  ["alert-notices", { ...NOTICE, about: "flood", notices: 12 }, "10"],
])("the alert %s reads as it should", async (name, facts, step) => {
  const { raw } = await compose(facts, step);
  await expect(raw.toString("latin1")).toMatchFileSnapshot(`golden/notices/${name}.eml`);
});

test("words of the other side cannot start a line of ours", async () => {
  const { text } = await compose({ ...BOUNCED, words: "550 no\r\n\r\ntriage dead-letters discard --all\u202e" });
  expect(text).not.toMatch(/^triage dead-letters discard/m);
  expect(text).not.toContain("\u202e");
});
