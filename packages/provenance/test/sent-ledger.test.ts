import { describe, expect, test } from "vitest";
import { type SentKeys, type SentLedgerAnswer, sentKeysOf } from "../src/index.ts";
import { DAY_MS, dsnReturning, evidenceOf, NOW, plainReport, returnedWith, siteOf } from "./samples.ts";

const HEADER = "Message-ID: <1@example.com>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n";
const COMPLETE = siteOf({ ledger: { complete: true, days: 14 } });
const ABSENT: SentLedgerAnswer = { kind: "absent" };

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
  expect(asked).toEqual([{ messageId: "<1@example.com>", queueId: undefined, envelopeId: undefined }]);
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
    const sent = Date.parse("2026-11-20T10:00:00Z");
    const at = (days: number) => ask(ABSENT, undefined, COMPLETE, new Date(sent + days * DAY_MS));
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

  test("is dated by the DSN's Arrival-Date where the returned header has no date", async () => {
    const report = dsnReturning(returnedWith("Message-ID: <1@example.com>\r\n"), {
      arrivalDate: "Fri, 20 Nov 2026 10:00:00 +0000",
    });
    expect((await ask(ABSENT, report)).found.outcome).toBe("fail");
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
  expect(sentKeysOf(dsn)).toEqual({ messageId: "<1@example.com>", queueId: "4AbC", envelopeId: "QQ314159" });
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
