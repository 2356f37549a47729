import type { DsnReport } from "@triage/reports";
import { describe, expect, test } from "vitest";
import { type SentKeys, type SentLedgerAnswer, sentKeysOf } from "../src/index.ts";
import { address, DAY_MS, dsnReturning, evidenceOf, NOW, plainReport, returnedWith, siteOf } from "./samples.ts";

const HEADER = "Message-ID: <1@example.com>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n";
const COMPLETE = siteOf({ ledger: { complete: true, days: 14 } });
const SENT = new Date("2026-11-20T10:00:00Z");
/** The feed lives at `now`, and began a month before. */
const absentAt = (now: Date): SentLedgerAnswer => ({
  kind: "absent",
  coverage: { oldest: new Date(now.getTime() - 30 * DAY_MS), newest: now },
});
const ABSENT = absentAt(NOW);

function failed(text: string): DsnReport["recipients"][number] {
  return {
    address: address(text),
    addressText: text,
    originalRecipient: undefined,
    action: "failed",
    status: "5.1.1",
    replyCode: "550",
    reason: "user-unknown",
    reasonRule: "status",
    permanent: true,
    diagnostic: undefined,
    remoteMta: undefined,
    willRetryUntil: undefined,
  };
}

async function ask(answer: SentLedgerAnswer, report = dsnReturning(returnedWith(HEADER)), site = COMPLETE, now = NOW) {
  const asked: SentKeys[] = [];
  const ledger = {
    find: async (keys: SentKeys) => {
      asked.push(keys);
      return answer;
    },
  };
  return { asked, found: await evidenceOf("sent-ledger", { site, report, ports: { ledger, now } }) };
}

test("a message that the ledger knows is ours, and the human reads by what and when", async () => {
  const { asked, found } = await ask({ kind: "found", by: "message-id", at: new Date("2026-11-20T10:00:01Z") });
  expect(asked).toEqual([{ messageId: "<1@example.com>", queueId: undefined, envelopeId: undefined, sentAt: SENT }]);
  expect(found).toMatchObject({ outcome: "pass" });
  expect(found.detail).toContain("by its Message-ID: sent 2026-11-20");
});

describe("a message that the ledger does not know", () => {
  test("speaks against us when the ledger is complete and young enough", async () => {
    expect((await ask(ABSENT)).found.outcome).toBe("fail");
  });

  test("says nothing when the ledger is not complete", async () => {
    expect((await ask(ABSENT, undefined, siteOf())).found.outcome).toBe("neutral");
  });

  test("says nothing when it is older than the ledger remembers", async () => {
    const at = (days: number) => {
      const now = new Date(SENT.getTime() + days * DAY_MS);
      return ask(absentAt(now), undefined, COMPLETE, now);
    };
    expect((await at(14)).found.outcome).toBe("fail");
    const { found } = await at(15);
    expect(found.outcome).toBe("neutral");
    expect(found.detail).toContain("15 days old");
  });

  test("says nothing when its date is unknown, or it was named by a queue id alone", async () => {
    expect((await ask(ABSENT, dsnReturning(returnedWith("Message-ID: <1@example.com>\r\n")))).found.outcome).toBe(
      "neutral",
    );
    const byQueueId = dsnReturning(returnedWith(undefined), {
      queueId: "4AbC",
      arrivalDate: "Fri, 20 Nov 2026 10:00:00 +0000",
    });
    expect((await ask(ABSENT, byQueueId)).found.outcome).toBe("neutral");
  });

  const covering = (oldest: string, newest: string) =>
    ask({ kind: "absent", coverage: { oldest: new Date(oldest), newest: new Date(newest) } });

  test("says nothing when the ledger is empty, or begins only after the message was sent", async () => {
    expect((await ask({ kind: "absent", coverage: undefined })).found).toMatchObject({ outcome: "neutral" });
    const { found } = await covering("2026-11-20T10:00:01Z", "2026-11-22T12:00:00Z");
    expect(found.outcome).toBe("neutral");
    expect(found.detail).toContain("begins only on 2026-11-20");
  });

  test("says nothing when the feed has stopped: for an hour, or as long as the site says", async () => {
    const { found } = await covering("2026-11-01T00:00:00Z", "2026-11-22T10:59:00Z");
    expect(found.outcome).toBe("neutral");
    expect(found.detail).toContain("newest entry is 61 minutes old");
    expect((await covering("2026-11-01T00:00:00Z", "2026-11-22T11:00:00Z")).found.outcome).toBe("fail");
    const patient = siteOf({ ledger: { complete: true, days: 14, staleAfterMinutes: 120 } });
    const coverage = { oldest: new Date("2026-11-01T00:00:00Z"), newest: new Date("2026-11-22T10:00:00Z") };
    expect((await ask({ kind: "absent", coverage }, undefined, patient)).found.outcome).toBe("fail");
  });

  test("says nothing until the feed has gone on after it was sent: our own bounce can be faster than its log line", async () => {
    const justSent = dsnReturning(
      returnedWith("Message-ID: <1@example.com>\r\nDate: Sun, 22 Nov 2026 11:59:31 +0000\r\n"),
    );
    expect((await ask(ABSENT, justSent)).found.outcome).toBe("neutral");
    const later = new Date(NOW.getTime() + 1_000);
    expect((await ask(absentAt(later), justSent, COMPLETE, later)).found.outcome).toBe("fail");
  });

  test("is dated by the DSN's Arrival-Date where the returned header has no date", async () => {
    const report = dsnReturning(returnedWith("Message-ID: <1@example.com>\r\n"), {
      arrivalDate: "Fri, 20 Nov 2026 10:00:00 +0000",
    });
    expect((await ask(ABSENT, report)).found.outcome).toBe("fail");
  });
});

describe("a queue id that the ledger knows", () => {
  const named = { queueId: "3F2A81C0D9" };
  const arrivalDate = "Fri, 20 Nov 2026 10:00:00 +0000";
  const knows = (at: string): SentLedgerAnswer => ({ kind: "found", by: "queue-id", at: new Date(at) });

  test("proves the message when it was in use at that time", async () => {
    const { found } = await ask(
      knows("2026-11-20T10:00:02Z"),
      dsnReturning(returnedWith(undefined), { ...named, arrivalDate }),
    );
    expect(found).toMatchObject({ outcome: "pass" });
    expect(found.strength).toBeUndefined();
  });

  test("says nothing when it was in use at another time: Postfix uses short ids again", async () => {
    const report = dsnReturning(returnedWith(undefined), { ...named, arrivalDate });
    for (const at of ["2026-11-13T10:00:00Z", "2026-11-27T10:00:01Z"]) {
      expect((await ask(knows(at), report)).found.outcome).toBe("neutral");
    }
  });

  test("is soft evidence when nobody knows when the message was sent", async () => {
    const { found } = await ask(knows("2026-11-20T10:00:02Z"), dsnReturning(returnedWith(undefined), named));
    expect(found).toMatchObject({ outcome: "pass", strength: "soft" });
  });
});

describe("a report without any id", () => {
  const report = dsnReturning(returnedWith(undefined), { recipients: [failed("joe@example.net")] });
  const wroteAt = (at: string): SentLedgerAnswer => ({ kind: "found", by: "recipient", at: new Date(at) });

  test("is asked for by its recipients, and soft evidence when we wrote to one of them in the last week", async () => {
    const { asked, found } = await ask(wroteAt("2026-11-16T10:00:00Z"), report);
    expect(asked).toMatchObject([{ recipients: ["joe@example.net"] }]);
    expect(found).toMatchObject({ outcome: "pass", strength: "soft" });
    expect((await ask(wroteAt("2026-11-15T10:00:00Z"), report)).found.outcome).toBe("neutral");
  });

  test("is never held against us because its recipient is unknown, not even by a complete ledger", async () => {
    expect((await ask(ABSENT, report)).found.outcome).toBe("neutral");
  });

  test("is not asked for by its recipients where it has an id: forgers write to whom others write to, too", async () => {
    const named = dsnReturning(returnedWith(HEADER), { recipients: [failed("joe@example.net")] });
    const { asked } = await ask(ABSENT, named);
    expect(asked[0]?.recipients).toBeUndefined();
  });
});

test("a ledger that cannot answer is a temperror, not a fail", async () => {
  const { found } = await ask({ kind: "temperror", detail: "the database is down" });
  expect(found).toMatchObject({ outcome: "temperror" });
  expect(found.detail).toContain("the database is down");
});

test("without a ledger, or without anything to look up, nothing is asked", async () => {
  expect((await evidenceOf("sent-ledger", { site: COMPLETE })).outcome).toBe("skip");
  const { asked, found } = await ask(ABSENT, dsnReturning(returnedWith(undefined)));
  expect(asked).toEqual([]);
  expect(found.outcome).toBe("neutral");
});

test("the keys are the returned Message-ID, the queue id and the ENVID; an MDN names its Message-ID itself", () => {
  const dsn = dsnReturning(returnedWith(HEADER), { queueId: "4AbC", envelopeId: "QQ314159" });
  expect(sentKeysOf(dsn)).toEqual({
    messageId: "<1@example.com>",
    queueId: "4AbC",
    envelopeId: "QQ314159",
    sentAt: SENT,
  });
  const mdn = {
    ...plainReport("other"),
    kind: "mdn" as const,
    disposition: "displayed",
    finalRecipient: undefined,
    originalMessageId: "<2@example.com>",
  };
  expect(sentKeysOf(mdn)).toEqual({ messageId: "<2@example.com>", queueId: undefined, envelopeId: undefined });
  expect(sentKeysOf(plainReport("auto-reply"))).toBeUndefined();
});

describe("the queue id of our relay", () => {
  const site = siteOf({ relays: ["mail.example.com"] });
  const ours =
    "Received: from ann-pc (unknown [10.0.0.5]) by mail.example.com (Postfix) with ESMTPSA id 4OuRs; now\r\n";
  const keys = (header: string) => sentKeysOf(dsnReturning(returnedWith(header), { queueId: "4ThEiRs" }), site);

  test("is taken from its own Received line, at the top or below the host that got the message from it", () => {
    const above =
      "Received: from x (mail.example.com [192.0.2.1]) by mx.example.org (Postfix) with ESMTP id 4MxEx; now\r\n";
    expect(keys(ours)?.queueId).toBe("4OuRs");
    expect(keys(above + ours)?.queueId).toBe("4OuRs");
  });

  test("is not taken from a line that the sender could have written", () => {
    const bot =
      "Received: from bot (bot.example.net [198.51.100.7]) by mx.example.org (Postfix) with SMTP id 1; now\r\n";
    expect(keys(bot + ours)?.queueId).toBe("4ThEiRs");
  });
});
