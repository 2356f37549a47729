import type { Classification } from "@triage/contracts";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type NotedReport, openStore, type Store } from "../src/index.ts";
import { classification, ENVELOPE, freshSchema, newMessage } from "./fresh-schema.ts";

const HOUR_MS = 3_600_000;
const REQUEST = { maxEntries: 3, always: false };

let store: Store;
let options: ReturnType<typeof freshSchema>;
/** Messages are judged by the clock of the database: the periods of the tests lie around it. */
let now: number;

beforeEach(async () => {
  now = Date.now();
  options = freshSchema();
  store = await openStore(options);
});
afterEach(() => store.close());

const at = (hours: number) => new Date(now + hours * HOUR_MS);
const make = (until: Date, more = {}) =>
  store.makeDigest({ ...REQUEST, until, firstSince: new Date(until.getTime() - 24 * HOUR_MS), ...more });

let serial = 0;
async function judged(more: Partial<Classification>, raw?: string): Promise<string> {
  serial += 1;
  const text = raw ?? `Subject: message ${serial}\r\nFrom: joe@example.net\r\n\r\nhello ${serial}\r\n`;
  const [outcome] = await store.insertMessages([newMessage(text)]);
  if (outcome === undefined) throw new Error("no outcome");
  await store.saveClassification(outcome.id, classification({ route: "archive", actionable: false, ...more }));
  return outcome.id;
}

describe("periods", () => {
  test("the first one marks the beginning; each later one begins where the one before ended", async () => {
    expect(await make(at(-48))).toEqual({ kind: "begun" });
    await judged({ verdict: "spam" });
    // what was missed for two days is made up for in one
    expect((await make(at(1))).kind).toBe("made");
    expect(await make(at(25))).toEqual({ kind: "empty" });
    const [third, second, first] = await store.digests(10);
    expect(first?.until).toBe(second?.since);
    expect(second?.until).toBe(third?.since);
    expect([first?.state, second?.state, third?.state]).toEqual(["empty", "pending", "empty"]);
  });

  test("any number of workers make one digest of a period", async () => {
    await make(at(-1));
    await judged({ verdict: "spam" });
    const other = await openStore(options);
    const made = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        (index % 2 === 0 ? store : other).makeDigest({ ...REQUEST, until: at(1), firstSince: at(-1) }),
      ),
    );
    await other.close();
    expect(made.filter(({ kind }) => kind === "made")).toHaveLength(1);
    expect(await store.digests(10)).toHaveLength(2);
    expect(await make(at(1))).toEqual({ kind: "made-before" });
    expect(await make(at(0.5))).toEqual({ kind: "made-before" });
  });

  test("a message is in one digest, never in two and never in none", async () => {
    await make(at(-1));
    await judged({ verdict: "spam" });
    await make(new Date(), { always: true });
    await judged({ verdict: "automated" });
    await make(at(1), { always: true });
    const totals = (await store.digests(10)).map(({ totals }) => totals.kept);
    expect(totals).toEqual([
      [{ verdict: "automated", route: "archive", messages: 1 }],
      [{ verdict: "spam", route: "archive", messages: 1 }],
      [],
    ]);
  });

  test("nothing to say: no digest to deliver, unless it is wanted always", async () => {
    await make(at(-2));
    await judged({ route: "human", actionable: true });
    expect(await make(at(1))).toEqual({ kind: "empty" });
    expect((await make(at(2), { always: true })).kind).toBe("made");
  });

  test("an incident that only stays open is told of once; when it grows, again", async () => {
    await make(at(-2));
    const facts = { human: "ann", maxPerHour: 1, waiting: 2, groups: [], moreGroups: 0 };
    const seen = (hours: number) =>
      store.raiseIncident({ kind: "flood", scope: "ann", facts, messages: 2, at: at(hours) });
    await seen(-1);
    expect((await make(at(1))).kind).toBe("made");
    expect(await make(at(25))).toEqual({ kind: "empty" });
    await seen(26);
    expect((await make(at(49))).kind).toBe("made");
  });
});

describe("what it says", () => {
  const refused = (words: string) => ({
    kind: "dsn" as const,
    reportingMta: "MX.example.net",
    recipients: [
      { address: "joe@example.net", action: "failed", reason: "mailbox-full", permanent: true, diagnostic: words },
    ] satisfies Classification["report"]["recipients"],
  });

  test("undecided first, then the digest, then the archive by size; those nearest to the threshold are listed", async () => {
    for (const score of [0.99, 0.91, 0.95, 0.97]) {
      await judged({ verdict: "spam", score, report: { kind: "other" } });
    }
    await judged({ route: "digest", fingerprint: "v1:aa", report: refused("552 mailbox full") });
    await judged({ verdict: "undecided", route: "archive", report: { kind: "person" } });
    const facts = await store.previewDigest({ since: at(-1), until: at(1) }, 3);
    expect(facts.causes.map(({ verdict, route, messages }) => [verdict, route, messages])).toEqual([
      ["undecided", "archive", 1],
      ["genuine-dsn", "digest", 1],
      ["spam", "archive", 4],
    ]);
    expect(facts.causes[2]?.entries.map(({ score }) => score)).toEqual([0.91, 0.95, 0.97]);
    expect(facts.causes[2]?.entries[0]).toMatchObject({ from: "joe@example.net" });
    expect(facts.causes[1]).toMatchObject({
      reason: "mailbox-full",
      remote: "MX.example.net",
      words: "552 mailbox full",
    });
    expect(facts.totals).toEqual({
      judged: 6,
      human: 0,
      grouped: 0,
      kept: [
        { verdict: "spam", route: "archive", messages: 4 },
        { verdict: "genuine-dsn", route: "digest", messages: 1 },
        { verdict: "undecided", route: "archive", messages: 1 },
      ],
    });
  });

  test("what a person released is not kept any more", async () => {
    const id = await judged({ verdict: "spam" });
    await store.release(id);
    const { totals, causes } = await store.previewDigest({ since: at(-1), until: at(1) }, 3);
    expect([totals.judged, totals.human, totals.kept, causes]).toEqual([1, 1, [], []]);
  });

  test("who sent most: the domain of the reverse-path, else who reports", async () => {
    const [letter] = await store.insertMessages([
      newMessage("a letter", {
        envelope: { ...ENVELOPE, reversePath: { kind: "address", localPart: "joe", domain: "Spam.example" } },
      }),
    ]);
    await store.saveClassification(letter?.id ?? "", classification({ verdict: "spam", route: "archive" }));
    await judged({ verdict: "backscatter", report: refused("550 no") });
    await judged({ verdict: "backscatter", report: refused("550 no") });
    const { senders } = await store.previewDigest({ since: at(-1), until: at(1) }, 3);
    expect(senders).toEqual([
      { name: "mx.example.net", messages: 2 },
      { name: "spam.example", messages: 1 },
    ]);
    const client = new pg.Client(options.databaseUrl);
    await client.connect();
    try {
      await client.query(`UPDATE "${options.schema}".verdict SET sender = NULL`);
    } finally {
      await client.end();
    }
    const judgedBefore = await store.previewDigest({ since: at(-1), until: at(1) }, 3);
    expect(judgedBefore.senders, "judged by an earlier release").toEqual(senders);
  });

  test("many causes: the largest are listed, the rest is counted", async () => {
    for (let index = 0; index < 14; index += 1) {
      await judged({ verdict: "backscatter", fingerprint: `v1:${index}`, report: refused("550 no") });
    }
    const facts = await store.previewDigest({ since: at(-1), until: at(1) }, 0);
    expect(facts.causes).toHaveLength(12);
    expect(facts.others).toEqual({ causes: 2, messages: 2 });
    expect(facts.causes.flatMap(({ entries }) => entries)).toEqual([]);
    expect(facts.timeline.messages.reduce((sum, count) => sum + count, 0)).toBe(14);
  });
});

describe("after a joe job", () => {
  const SETTINGS = { hours: 6, minMessages: 20, minReportingMtas: 5, unprovenShare: 0.9 };
  const PERIOD = () => ({ since: at(-1), until: at(1) });

  /**
   * So many reports come in, are counted a few at a time, and judged; each by another organisation, in words of its own.
   *
   * @returns The keys of one of them.
   */
  async function reported(count: number, sender: string, more: Partial<Classification> = {}) {
    const reporters = Array.from({ length: count }, () => `victim${++serial}.example`);
    const stored = await store.insertMessages(reporters.map((name) => newMessage(`Subject: ${name}\r\n\r\nno\r\n`)));
    const reports = stored.map(({ id }, index) => reportOf(id, sender, reporters[index] ?? ""));
    let last: readonly string[] | undefined;
    for (let from = 0; from < count; from += 10) {
      const batch = reports.slice(from, from + 10);
      const { keys } = await store.noteStorms(batch, SETTINGS);
      await Promise.all(
        batch.map(({ messageId, observation: { reporter } }, index) => {
          const report = { kind: "dsn", reportingMta: `mx.${reporter}` } as const;
          const judgement = { route: "archive", actionable: false, verdict: "backscatter", report } as const;
          const judged = classification({ ...judgement, fingerprint: `v1:${reporter}`, ...more });
          return store.saveClassification(messageId, judged, keys[index]);
        }),
      );
      last = keys[0];
    }
    return last;
  }

  function reportOf(messageId: string, sender: string, reporter: string): NotedReport {
    const seen = { recipients: [`user@${reporter}`], proof: "contradicted", counts: true, canProve: true } as const;
    const keys = [{ kind: "address", value: sender }] as const;
    return { messageId, observation: { ...seen, keys, sender, reporter, subject: "Cheap watches" } };
  }

  test("its reports are one line, those among them that came in before anybody could see it; the totals stay", async () => {
    await reported(40, "joe@example.com");
    await reported(1, "ann@example.com");
    await reported(1, "joe@example.com", { verdict: "undecided" });
    await judged({ verdict: "spam", fingerprint: "v1:spam" });
    const facts = await store.previewDigest(PERIOD(), 3);
    const [incident] = await store.incidents({ kind: "storm", limit: 9 });
    if (incident?.kind !== "storm") throw new Error("no storm");
    const { id, firstSeen, facts: known } = incident;
    expect(facts.storms).toEqual([
      { id, scope: "joe@example.com", messages: 40, reporters: known.reporters, since: firstSeen },
    ]);
    expect(known.reporters).toBeGreaterThan(20);
    expect(facts.causes.map(({ verdict, messages }) => [verdict, messages])).toEqual([
      ["undecided", 1],
      ["backscatter", 1],
      ["spam", 1],
    ]);
    expect(facts.others).toEqual({ causes: 0, messages: 0 });
    expect(facts.totals).toMatchObject({
      judged: 43,
      kept: [
        { verdict: "backscatter", route: "archive", messages: 41 },
        { verdict: "spam", route: "archive", messages: 1 },
        { verdict: "undecided", route: "archive", messages: 1 },
      ],
    });
    expect(facts.timeline.messages.reduce((sum, count) => sum + count, 0)).toBe(43);
    expect(facts.senders).toHaveLength(8);
  });

  test("a storm that is over says since when; what comes later is none of its own", async () => {
    const keys = await reported(30, "joe@example.com");
    const [incident] = await store.incidents({ kind: "storm", limit: 9 });
    await store.dismissIncident(incident?.id ?? "");
    const [late] = await store.insertMessages([newMessage("Subject: late\r\n\r\nno\r\n")]);
    await store.saveClassification(late?.id ?? "", classification({ verdict: "backscatter", route: "archive" }), keys);
    const [closed] = await store.incidents({ kind: "storm", limit: 9 });
    const facts = await store.previewDigest(PERIOD(), 3);
    expect(facts.storms).toMatchObject([{ messages: 30, over: closed?.closedAt }]);
    expect(facts.causes.map(({ messages }) => messages)).toEqual([1]);
    const before = await store.previewDigest({ since: at(-3), until: at(-2) }, 3);
    expect(before.storms, "a period without a report of it").toEqual([]);
  });

  test("of many storms the largest are told by name, the rest is counted", async () => {
    for (let storm = 0; storm < 7; storm += 1) await reported(30 + storm, `joe${storm}@example.com`);
    const facts = await store.previewDigest(PERIOD(), 3);
    expect(facts.storms?.map(({ messages }) => messages)).toEqual([36, 35, 34, 33, 32]);
    expect(facts.causes).toEqual([]);
    expect(facts.others).toEqual({ causes: 2, messages: 61 });
  });
});

test("what a digest said is kept until it is delivered, and forgotten then", async () => {
  await make(at(-1));
  const listed = await judged({ verdict: "spam" });
  const made = await make(at(1));
  if (made.kind !== "made") throw new Error(made.kind);
  const before = await store.digest(made.id);
  expect(before?.facts?.causes[0]?.entries.map(({ id }) => id)).toEqual([listed]);
  expect(await store.staleDigests(at(1))).toEqual([made.id]);
  await store.recordDigestDelivery(made.id, { outlet: "maildir", recipient: "ann", outcome: "delivered", detail: "x" });
  await store.closeDigest(made.id, { at: at(1), otherwise: "delivered" });
  expect(await store.digest(made.id)).toMatchObject({ state: "delivered", facts: undefined, totals: before?.totals });
  expect(await store.staleDigests(at(1))).toEqual([]);
  expect((await store.digests(1))[0]).toMatchObject({ deliveries: [{ outlet: "maildir", outcome: "delivered" }] });
});

test("a digest that somebody asks for is no period: the next one of the schedule tells everything", async () => {
  await make(at(-1));
  await judged({ verdict: "spam" });
  const asked = await store.askForDigest({ since: at(-1), until: at(1) }, 3);
  expect((await store.digest(asked))?.state).toBe("pending");
  expect((await make(at(1))).kind).toBe("made");
});
