/** Real PostgreSQL: failures with one cause are one incident, whoever counts, in which order, how often. */
import type { Classification } from "@triage/contracts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../src/database.ts";
import { type FailureGroup, openStore, type Store } from "../src/index.ts";
import { classification, freshSchema, newMessage } from "./fresh-schema.ts";

const HOUR_MS = 3_600_000;
const options = freshSchema();
let nowMs = Date.UTC(2026, 10, 22, 12);
let stores: readonly Store[];
let store: Store;
let other: Store;

beforeAll(async () => {
  stores = await Promise.all([0, 1, 2].map(() => openStore({ ...options, now: () => nowMs })));
  [store, other] = stores as [Store, Store, Store];
});
afterAll(async () => {
  await Promise.all(stores.map((one) => one.close()));
});
// Ids never go back in time, so each test has a month of its own.
beforeEach(() => {
  nowMs += 30 * 24 * HOUR_MS;
});

function groupOf(cause: string, more: Partial<FailureGroup> = {}): FailureGroup {
  return {
    kind: "failure",
    scope: `${cause} example.com`,
    severity: "failed",
    addressesShown: 2,
    cause: { fingerprint: cause, reason: "blocked", links: [], forwardPathDomains: ["example.com"] },
    ...more,
  };
}

function failure(sender: string, recipient: string): Classification {
  return classification({
    returned: { form: "headers", from: sender },
    report: {
      kind: "dsn",
      recipients: [{ address: recipient, action: "failed", reason: "blocked", permanent: true }],
    },
  });
}

let made = 0;
async function received(count: number): Promise<readonly string[]> {
  const batch = Array.from({ length: count }, () => newMessage(`Subject: failure ${++made}\r\n\r\n`));
  return (await store.insertMessages(batch)).map(({ id }) => id);
}

async function save(id: string, group: FailureGroup, by: Store = store) {
  return by.saveFailure(
    id,
    failure(`ann${Number.parseInt(id.slice(-2), 16) % 5}@example.com`, "joe@example.net"),
    group,
  );
}

const ENDS = (at: number) => ({
  quietSince: new Date(at - 24 * HOUR_MS),
  begunBefore: new Date(at - 7 * 24 * HOUR_MS),
  at: new Date(at),
  addressesShown: 2,
});

async function incidentOf(cause: string) {
  const all = (await store.incidents({ kind: "failure", limit: 999 })).filter(
    (incident) => incident.kind === "failure" && incident.facts.fingerprint === cause,
  );
  return all;
}

async function withDatabase(work: (database: Database) => Promise<unknown>): Promise<void> {
  const database = openDatabase({ databaseUrl: options.databaseUrl, poolSize: 1, schema: options.schema });
  await work(database).finally(() => database.close());
}

async function deliver(id: string): Promise<void> {
  await store.assign(id, [{ human: "ann", escalateAt: undefined }], new Date());
  await store.recordAttempt(id, { human: "ann", deliveries: [], state: "delivered", error: undefined, at: new Date() });
  await store.settle([id], new Date());
}

async function failDelivery(id: string): Promise<void> {
  await store.assign(id, [{ human: "ann", escalateAt: undefined }], new Date());
  await store.recordAttempt(id, { human: "ann", deliveries: [], state: "failed", error: "550 no", at: new Date() });
  await store.settle([id], new Date());
}

test("the first message is delivered as itself, the others are counted and say where they belong", async () => {
  const [first = "", second = ""] = await received(2);
  expect(await save(first, groupOf("plain"))).toMatchObject({ outcome: "saved", state: "classified", noticeIds: [] });
  expect(await save(second, groupOf("plain"))).toMatchObject({ outcome: "saved", state: "grouped" });
  const [incident] = await incidentOf("plain");
  expect(incident).toMatchObject({ messages: 2, state: "open" });
  expect((await store.message(second))?.incident).toMatchObject({
    id: incident?.id,
    role: "grouped",
    firstMessageId: first,
  });
  expect((await store.message(second))?.classification).toMatchObject({ route: "human" });
  const page = await store.incidentMessages(incident?.id ?? "", { limit: 1, after: first });
  expect(page).toMatchObject([{ id: second, role: "grouped", state: "grouped" }]);
});

test("a job that comes again gets the same answer and counts nothing", async () => {
  const [first = "", second = ""] = await received(2);
  const answers = [];
  for (const id of [first, second, second, first]) answers.push(await save(id, groupOf("again"), other));
  expect(answers.map(({ outcome, state }) => [outcome, state])).toEqual([
    ["saved", "classified"],
    ["saved", "grouped"],
    ["already-saved", "grouped"],
    ["already-saved", "classified"],
  ]);
  expect(await incidentOf("again")).toMatchObject([{ messages: 2 }]);
});

describe("several workers, messages of several causes in any order, and some of them twice", () => {
  test("one message begins each incident, each step is told once, nothing is lost or counted twice", async () => {
    const counts: Readonly<Record<string, number>> = { a: 120, b: 101, c: 100, d: 9, e: 1 };
    const jobs: { id: string; cause: string }[] = [];
    for (const [cause, count] of Object.entries(counts)) {
      for (const id of await received(count)) jobs.push({ id, cause: `many-${cause}` });
    }
    const twice = jobs.filter((_, index) => index % 7 === 0);
    const mixed = [...jobs, ...twice].sort((one, two) => (one.id.slice(-6) < two.id.slice(-6) ? -1 : 1));
    const noticeIds: string[] = [];
    await Promise.all(
      Array.from({ length: 9 }, async (_, worker) => {
        for (let job = mixed.shift(); job !== undefined; job = mixed.shift()) {
          noticeIds.push(...(await save(job.id, groupOf(job.cause), stores[worker % 3])).noticeIds);
        }
      }),
    );
    for (const [cause, count] of Object.entries(counts)) {
      const ids = jobs.filter((job) => job.cause === `many-${cause}`).map(({ id }) => id);
      const states = await Promise.all(ids.map(async (id) => (await store.message(id))?.state));
      const [incident, ...none] = await incidentOf(`many-${cause}`);
      const steps = incident?.notices.map(({ step }) => step).sort();
      expect({ cause, none, openers: states.filter((state) => state === "classified").length }).toEqual({
        cause,
        none: [],
        openers: 1,
      });
      expect(states.filter((state) => state === "grouped")).toHaveLength(count - 1);
      expect(incident?.messages).toBe(count);
      expect(steps ?? []).toEqual(["10", "100"].filter((step) => Number(step) <= count));
    }
    expect(noticeIds).toHaveLength(6);
    expect(new Set(noticeIds).size).toBe(6);
    const [notice] = await Promise.all(noticeIds.map((id) => store.notice(id)));
    expect(notice).toMatchObject({ kind: "failure", facts: { recipients: { total: 1 } } });
  });
});

test("a step says how many, since when, and names as many addresses as the site allows", async () => {
  const ids = await received(10);
  let noticeId = "";
  for (const [index, id] of ids.entries()) {
    const saved = await store.saveFailure(
      id,
      failure(`${index % 3}@example.com`, `${index}@example.net`),
      groupOf("facts"),
    );
    noticeId = saved.noticeIds[0] ?? noticeId;
  }
  expect((await store.notice(noticeId))?.facts).toMatchObject({
    messages: 10,
    openerId: ids[0],
    senders: {
      total: 3,
      addresses: [
        { address: "0@example.com", messages: 4 },
        { address: "1@example.com", messages: 3 },
      ],
      domains: [{ domain: "example.com", messages: 10 }],
    },
    recipients: { total: 10 },
  });
});

describe("an incident swallows nothing for a message that the human does not have", () => {
  test("when the first message becomes a dead letter, the next one is delivered", async () => {
    const [first = "", second = "", third = ""] = await received(3);
    await save(first, groupOf("dead"));
    await failDelivery(first);
    expect(await save(second, groupOf("dead"))).toMatchObject({ state: "classified" });
    expect(await save(third, groupOf("dead"))).toMatchObject({ state: "grouped" });
    expect(await incidentOf("dead")).toHaveLength(1);
  });

  test("when no next one comes, the latest of the others takes its place, but not for ever", async () => {
    const ids = await received(6);
    for (const id of ids) await save(id, groupOf("unheard"));
    const replaced: string[] = [];
    let failing: string | undefined = ids[0];
    while (failing !== undefined) {
      await failDelivery(failing);
      [failing] = await store.replaceUnheard();
      if (failing !== undefined) replaced.push(failing);
    }
    expect(replaced).toEqual([ids[5], ids[4]]);
    expect((await store.message(ids[5] ?? ""))?.incident?.role).toBe("opener");
  });

  test("when its last word reached nobody, the latest of the others is delivered, once", async () => {
    const [first = "", second = "", third = ""] = await received(3);
    for (const id of [first, second, third]) await save(id, groupOf("end unheard"));
    await deliver(first);
    nowMs += 25 * HOUR_MS;
    await store.endFailures(ENDS(nowMs));
    expect(await store.replaceUnheard()).toEqual([]);
    const [incident] = await incidentOf("end unheard");
    await store.closeNotice(incident?.notices.at(-1)?.id ?? "", { at: new Date(), otherwise: "failed" });
    expect(await store.replaceUnheard()).toEqual([third]);
    expect(await store.replaceUnheard()).toEqual([]);
    await deliver(third);
    expect(await store.replaceUnheard()).toEqual([]);
    expect((await store.message(second))?.state).toBe("grouped");
  });

  test("when the step that had said it all comes back after the end, the latest of the others is delivered", async () => {
    const ids = await received(10);
    for (const id of ids) await save(id, groupOf("step unheard"));
    await deliver(ids[0] ?? "");
    nowMs += 25 * HOUR_MS;
    expect(await store.endFailures(ENDS(nowMs))).toEqual([]);
    const [incident] = await incidentOf("step unheard");
    await store.closeNotice(incident?.notices.at(-1)?.id ?? "", { at: new Date(), otherwise: "failed" });
    expect(await store.replaceUnheard()).toEqual([ids[9]]);
  });

  test("but not by one whose bytes are kept no longer", async () => {
    const [first = "", second = "", third = ""] = await received(3);
    for (const id of [first, second, third]) await save(id, groupOf("bytes gone"));
    await failDelivery(first);
    await withDatabase((database) => database.query("DELETE FROM message_raw WHERE id = $1", [third]));
    expect(await store.replaceUnheard()).toEqual([second]);
  });

  test("when a person says that the first one was none, the next one is delivered", async () => {
    const [first = "", second = ""] = await received(2);
    await save(first, groupOf("corrected"));
    await store.saveCorrection(first, { verdict: "spam", by: "ann", apiKey: "k" }, (was) => ({
      ...was,
      verdict: "spam",
      route: "archive",
    }));
    expect(await save(second, groupOf("corrected"))).toMatchObject({ state: "classified" });
  });

  test("a failure is delivered although a delay began the incident", async () => {
    const [delay = "", late = "", failed = "", more = ""] = await received(4);
    const delayed = groupOf("worse", { severity: "delayed" });
    expect(await save(delay, delayed)).toMatchObject({ state: "classified" });
    expect(await save(late, delayed)).toMatchObject({ state: "grouped" });
    expect(await save(failed, groupOf("worse"))).toMatchObject({ state: "classified" });
    expect(await save(more, delayed)).toMatchObject({ state: "grouped" });
  });

  test("one that is released comes whole, and stays counted", async () => {
    const [first = "", second = ""] = await received(2);
    await save(first, groupOf("released"));
    await save(second, groupOf("released"));
    expect(await store.release(second)).toBe("released");
    expect(await store.message(second)).toMatchObject({ state: "classified", incident: { role: "grouped" } });
    expect(await incidentOf("released")).toMatchObject([{ messages: 2 }]);
  });
});

describe("an incident ends", () => {
  test("when it was quiet for long, with a word only where more came than the human has mail about", async () => {
    const [alone = "", first = "", second = ""] = await received(3);
    await save(alone, groupOf("ends-alone"));
    await save(first, groupOf("ends-told"));
    await save(second, groupOf("ends-told"));
    await Promise.all([alone, first].map(deliver));
    nowMs += 25 * HOUR_MS;
    const ended = await Promise.all([store.endFailures(ENDS(nowMs)), other.endFailures(ENDS(nowMs))]);
    const notices = await Promise.all(ended.flat().map((id) => store.notice(id)));
    const mine = notices.filter((notice) => notice?.kind === "failure" && notice.facts.fingerprint.startsWith("ends-"));
    expect(mine).toMatchObject([{ step: "end", facts: { fingerprint: "ends-told", messages: 2, ended: "quiet" } }]);
    expect(await incidentOf("ends-alone")).toMatchObject([{ state: "closed", notices: [] }]);
  });

  test("and the next message of its cause begins another one", async () => {
    const [first = ""] = await received(1);
    await save(first, groupOf("anew"));
    nowMs += 25 * HOUR_MS;
    await store.endFailures(ENDS(nowMs));
    const [next = ""] = await received(1);
    expect(await save(next, groupOf("anew"))).toMatchObject({ state: "classified" });
    expect(await incidentOf("anew")).toMatchObject([{ state: "open" }, { state: "closed" }]);
  });

  test("after some days also when it goes on, so that a person sees a whole message again", async () => {
    const [first = "", second = ""] = await received(2);
    await save(first, groupOf("long"));
    nowMs += 8 * 24 * HOUR_MS;
    const [late = ""] = await received(1);
    await save(second, groupOf("long"));
    expect(await save(late, groupOf("long"))).toMatchObject({ state: "grouped" });
    const notices = await Promise.all((await store.endFailures(ENDS(nowMs))).map((id) => store.notice(id)));
    expect(notices).toContainEqual(
      expect.objectContaining({ facts: expect.objectContaining({ fingerprint: "long", messages: 3, ended: "long" }) }),
    );
  });

  test("when a person closes it", async () => {
    const [first = "", second = ""] = await received(2);
    await save(first, groupOf("closed"));
    const [incident] = await incidentOf("closed");
    expect(await store.dismissIncident(incident?.id ?? "")).toBe("closed");
    expect(await store.dismissIncident(incident?.id ?? "")).toBe("not-open");
    expect(await save(second, groupOf("closed"))).toMatchObject({ state: "classified" });
  });
});

describe("causes", () => {
  const QUESTIONS = { hours: [1, 6], days: [7] };

  test("are counted once for each message, whoever counts, and a repeat gets the same answer", async () => {
    const ids = await received(60);
    const notes = ids.map((messageId) => ({ messageId, fingerprint: "v2:counted" }));
    const batches = [notes.slice(0, 25), notes.slice(20, 45), notes.slice(40), notes.slice(10, 30)];
    const answers = await Promise.all(batches.map((batch, index) => stores[index % 3]?.noteCauses(batch, QUESTIONS)));
    const within = new Map<string, number | undefined>();
    for (const [index, batch] of batches.entries()) {
      for (const [at, { messageId }] of batch.entries()) {
        const count = answers[index]?.[at]?.messagesWithin(1);
        expect(within.get(messageId) ?? count).toBe(count);
        within.set(messageId, count);
      }
    }
    // Each of the numbers from 1 to 60 once: whichever is the hundredth is the hundredth.
    expect([...within.values()].sort((a = 0, b = 0) => a - b)).toEqual(Array.from({ length: 60 }, (_, at) => at + 1));
    const news = await store.noteCauses(notes, QUESTIONS);
    expect(news.filter(({ isNew }) => isNew(7) === true)).toHaveLength(1);
  });

  test("count within their hours, are new after their days, and are forgotten", async () => {
    const note = async () => {
      const [messageId = ""] = await received(1);
      const [answer] = await store.noteCauses([{ messageId, fingerprint: "v2:hours" }], QUESTIONS);
      return [answer?.messagesWithin(1), answer?.messagesWithin(6), answer?.messagesWithin(99), answer?.isNew(7)];
    };
    expect(await note()).toEqual([1, 1, undefined, true]);
    nowMs += 3 * HOUR_MS;
    expect(await note()).toEqual([1, 2, undefined, false]);
    nowMs += 10 * HOUR_MS;
    expect(await note()).toEqual([1, 1, undefined, false]);
    nowMs += 8 * 24 * HOUR_MS;
    expect(await note()).toEqual([1, 1, undefined, true]);
    await store.forgetCauses(new Date(nowMs + HOUR_MS));
    expect(await note()).toEqual([1, 1, undefined, true]);
  });
});
