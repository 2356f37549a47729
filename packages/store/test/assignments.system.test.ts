import type { FloodFacts } from "@triage/contracts";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../src/database.ts";
import { type HeldMessage, openStore, type Store } from "../src/index.ts";
import { classification, freshSchema, newMessage } from "./fresh-schema.ts";

const NOBODY = "00000000-0000-7000-8000-000000000000";
const NOON = new Date("2026-11-22T12:00:00Z");
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const after = (ms: number) => new Date(NOON.getTime() + ms);

const schema = freshSchema();
/** Looks into the tables. */
const database = openDatabase({ ...schema, poolSize: 1 });
/** As many workers, each with connections of its own. */
const stores: Store[] = [];
let store: Store;
let serial = 0;

beforeAll(async () => {
  for (let worker = 0; worker < 4; worker += 1) stores.push(await openStore(schema));
  store = stores[0] ?? (await openStore(schema));
});
afterAll(async () => {
  await database.close();
  for (const one of stores) await one.close();
});

/** Names differ from test to test, so that nothing of one test counts in another. */
function newHuman(): string {
  serial += 1;
  return `human-${serial}`;
}

async function classified(): Promise<string> {
  serial += 1;
  const [outcome] = await store.insertMessages([newMessage(`assigned ${serial}`)]);
  await store.saveClassification(outcome?.id ?? "", classification());
  return outcome?.id ?? "";
}

async function assigned(...humans: readonly string[]): Promise<string> {
  const id = await classified();
  await store.assign(
    id,
    humans.map((human) => ({ human, escalateAt: undefined })),
    NOON,
  );
  return id;
}

const DELIVERED = { outlet: "smtp", recipient: "ann@example.com", outcome: "delivered", detail: "250 OK" } as const;
const REFUSED = { ...DELIVERED, outcome: "failed", detail: "550 no such user" } as const;

function took(id: string, human: string): Promise<void> {
  return store.recordAttempt(id, { human, deliveries: [DELIVERED], state: "delivered", error: undefined, at: NOON });
}
function refused(id: string, human: string): Promise<void> {
  const error = "ann@example.com by smtp: 550 no such user";
  return store.recordAttempt(id, { human, deliveries: [REFUSED], state: "failed", error, at: NOON });
}

describe("a message with several humans", () => {
  test("is delivered when everybody has it, and not before", async () => {
    const id = await assigned("ann", "bob");
    await took(id, "ann");
    expect(await store.settle([id], NOON)).toEqual([]);
    expect((await store.message(id))?.state).toBe("classified");
    await took(id, "bob");
    expect(await store.settle([id], NOON)).toEqual([{ id, state: "delivered", missing: undefined }]);
    expect(await store.message(id)).toMatchObject({
      state: "delivered",
      deadLetter: undefined,
      deliveries: [{ human: "ann" }, { human: "bob" }],
      assignments: [
        { human: "ann", state: "delivered" },
        { human: "bob", state: "delivered" },
      ],
    });
  });

  test("is delivered when one has it and another refuses for good, and a dead letter names the other", async () => {
    const id = await assigned("ann", "bob");
    await took(id, "ann");
    await refused(id, "bob");
    await store.settle([id], NOON);
    const message = await store.message(id);
    expect(message?.state).toBe("delivered");
    expect(message?.deadLetter).toEqual({
      stage: "deliver",
      error: "bob: ann@example.com by smtp: 550 no such user",
      at: NOON,
    });
  });

  test("has failed when nobody has it", async () => {
    const id = await assigned("ann", "bob");
    await refused(id, "ann");
    await refused(id, "bob");
    expect(await store.settle([id], NOON)).toMatchObject([{ id, state: "failed" }]);
    expect((await store.message(id))?.state).toBe("failed");
  });

  test("is settled once, whoever comes last of many workers", async () => {
    const humans = ["ann", "bob", "cy", "dee"];
    const id = await assigned(...humans);
    const settled = await Promise.all(
      stores.map(async (worker, index) => {
        const human = humans[index] ?? "";
        await worker.recordAttempt(id, {
          human,
          deliveries: [DELIVERED],
          state: "delivered",
          error: undefined,
          at: NOON,
        });
        return worker.settle([id], NOON);
      }),
    );
    expect(settled.flat()).toHaveLength(1);
    expect((await store.message(id))?.state).toBe("delivered");
  });

  test("is assigned once: who has it is not asked again when somebody puts it back", async () => {
    const id = await assigned("ann");
    expect(await store.assign(id, [{ human: "ann", escalateAt: undefined }], NOON)).toEqual([]);
  });
});

describe("acknowledging", () => {
  test("who said so first stays, and an unknown message is known to be one", async () => {
    const id = await classified();
    expect(await store.acknowledge(id, "ann")).toBe(true);
    expect(await store.acknowledge(id, "bob")).toBe(true);
    expect((await store.message(id))?.acknowledged).toMatchObject({ by: "ann", at: expect.any(Date) });
    expect(await store.acknowledge(NOBODY, "ann")).toBe(false);
    expect(await store.acknowledge("no id", "ann")).toBe(false);
  });
});

describe("the allowance of a human", () => {
  test("is exact with any number of workers: so many in an hour, and no more", async () => {
    const human = newHuman();
    const takes = Array.from({ length: 100 }, (_, index) => {
      const at = after(index * 1_000);
      return (stores[index % stores.length] ?? store).takeAllowance({ human, lane: "ordinary", at }, 17);
    });
    expect((await Promise.all(takes)).filter(Boolean)).toHaveLength(17);
  });

  test("has room again a minute after the hour of each mail, not at the full hour", async () => {
    const human = newHuman();
    const take = (ms: number) => store.takeAllowance({ human, lane: "ordinary", at: after(ms) }, 2);
    expect([await take(30_000), await take(30 * MINUTE_MS), await take(59 * MINUTE_MS)]).toEqual([true, true, false]);
    expect([await take(HOUR_MS + 29_000), await take(HOUR_MS + MINUTE_MS)]).toEqual([false, true]);
    expect([await take(HOUR_MS + MINUTE_MS + 1), await take(91 * MINUTE_MS)]).toEqual([false, true]);
  });

  test("is in no hour exceeded, and used up in each, whenever the mails come", async () => {
    const times = fc.array(fc.nat({ max: 3 * HOUR_MS }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(times, fc.integer({ min: 1, max: 5 }), async (unsorted, limit) => {
        const human = newHuman();
        const taken: number[] = [];
        for (const ms of unsorted.toSorted((a, b) => a - b)) {
          if (await store.takeAllowance({ human, lane: "ordinary", at: after(ms) }, limit)) taken.push(ms);
          // Refused only where as many were taken in the hour before and its last minute.
          else expect(taken.filter((at) => at > ms - HOUR_MS - MINUTE_MS).length).toBeGreaterThanOrEqual(limit);
        }
        for (const end of taken) {
          expect(taken.filter((at) => at > end - HOUR_MS && at <= end).length).toBeLessThanOrEqual(limit);
        }
      }),
      { numRuns: 25 },
    );
  });

  test("is no larger for many mails than for a few", async () => {
    const human = newHuman();
    /** In each of the 61 minutes that count. */
    const sizeAfter = async (mailsPerMinute: number, from: number) => {
      for (let mail = 0; mail < 61 * mailsPerMinute; mail += 1) {
        const at = after(from + (mail * MINUTE_MS) / mailsPerMinute);
        await store.takeAllowance({ human, lane: "ordinary", at }, 1_000_000);
      }
      const [row] = await database.query("SELECT pg_column_size(a.*) AS bytes FROM allowance a WHERE human = $1", [
        human,
      ]);
      return Number(row?.bytes);
    };
    expect(await sizeAfter(4, 3 * HOUR_MS)).toBe(await sizeAfter(1, 0));
  });

  test("of letters is another one than that of bounces, however many there are", async () => {
    const human = newHuman();
    for (let index = 0; index < 5; index += 1) {
      await store.takeAllowance({ human, lane: "ordinary", at: NOON }, 3);
      await store.takeAllowance({ human, lane: "urgent", at: NOON }, 3);
    }
    expect(await store.takeAllowance({ human, lane: "letter", at: NOON }, 3)).toBe(true);
  });

  test("is not used up for years by a clock that was wrong for a moment", async () => {
    const human = newHuman();
    const nextYear = after(365 * 24 * HOUR_MS);
    expect(await store.takeAllowance({ human, lane: "ordinary", at: nextYear }, 1)).toBe(true);
    expect(await store.takeAllowance({ human, lane: "ordinary", at: NOON }, 1)).toBe(true);
    expect(await store.takeAllowance({ human, lane: "ordinary", at: NOON }, 1)).toBe(false);
  });

  test("comes back when nothing reached the human with it, once for each", async () => {
    const human = newHuman();
    const allowance = { human, lane: "ordinary", at: NOON } as const;
    await store.takeAllowance(allowance, 2);
    await store.takeAllowance(allowance, 2);
    await store.giveBackAllowance(allowance);
    expect(await store.takeAllowance(allowance, 2)).toBe(true);
    expect(await store.takeAllowance(allowance, 2)).toBe(false);
  });
});

const describeFlood =
  (human: string) =>
  (waiting: readonly HeldMessage[]): FloodFacts => ({
    human,
    maxPerHour: 1,
    waiting: waiting.length,
    groups: [],
    moreGroups: 0,
  });

describe("what waits", () => {
  async function held(human: string, heldAt: Date): Promise<string> {
    const id = await assigned(human);
    await store.hold(id, { human, lane: "ordinary", at: heldAt });
    return id;
  }
  const ask = (human: string, at: Date, worker: Store = store) =>
    worker.summariseHeld({
      human,
      waitingSince: new Date(at.getTime() - 5 * MINUTE_MS),
      toldSince: new Date(at.getTime() - HOUR_MS),
      at,
      describe: describeFlood(human),
    });

  test("goes on when there is room, the oldest first", async () => {
    const human = newHuman();
    const first = await held(human, NOON);
    const second = await held(human, after(1_000));
    const allowance = { human, lane: "ordinary", at: after(2_000) } as const;
    expect(await store.freeHeld(allowance, 1)).toEqual([`${first}.${human}`]);
    expect(await store.freeAllHeld(human, after(3_000))).toEqual([`${second}.${human}`]);
  });

  test("is told of once, by whichever worker looks first, and is grouped when the human has been told", async () => {
    const human = newHuman();
    const ids = [await held(human, NOON), await held(human, NOON)];
    expect(await ask(human, after(MINUTE_MS))).toBeUndefined(); // more may come
    const at = after(5 * MINUTE_MS);
    const told = (await Promise.all(stores.map((worker) => ask(human, at, worker)))).filter((one) => one !== undefined);
    expect(told).toHaveLength(1);
    const [noticeId = ""] = told;
    expect(await store.notice(noticeId)).toMatchObject({ kind: "flood", step: "begin", facts: { human, waiting: 2 } });
    expect(await store.freeHeld({ human, lane: "ordinary", at }, 10)).toEqual([]);
    await store.closeNotice(noticeId, { at: at, otherwise: "delivered" });
    for (const id of ids) expect(await store.message(id)).toMatchObject({ state: "grouped" });
    const { incidentId = "" } = (await store.notice(noticeId)) ?? {};
    expect((await store.incidentMessages(incidentId, { limit: 10 })).map(({ id }) => id)).toEqual(ids);
  });

  test("a letter that the list has no room for is not told of by a number: it waits for the next list", async () => {
    const human = newHuman();
    serial += 1;
    const mails = Array.from({ length: 502 }, (_, index) => newMessage(`Subject: letter ${serial}.${index}\n\nhello`));
    const ids = (await store.insertMessages(mails)).map((outcome) => outcome?.id ?? "");
    await Promise.all(
      ids.map(async (id, index) => {
        const worker = stores[index % stores.length] ?? store;
        await worker.saveClassification(id, classification({ report: { kind: "person" } }));
        await worker.assign(id, [{ human, escalateAt: undefined }], NOON);
        await worker.hold(id, { human, lane: "letter", at: NOON });
      }),
    );
    const later: number[] = [];
    const tell = async (at: Date) => {
      const noticeId = await store.summariseHeld({
        human,
        waitingSince: at,
        toldSince: new Date(at.getTime() - HOUR_MS),
        at,
        describe: (waiting, lettersLater) => {
          later.push(waiting.length, lettersLater);
          return describeFlood(human)(waiting);
        },
      });
      await store.closeNotice(noticeId ?? "", { at, otherwise: "delivered" });
      const [told] = await database.query(
        "SELECT count(*) AS messages FROM assignment JOIN message m ON m.id = message_id AND m.state = 'grouped' WHERE human = $1 AND notice_id = $2",
        [human, noticeId],
      );
      return Number(told?.messages);
    };
    expect(await tell(NOON)).toBe(500);
    expect(await tell(after(HOUR_MS))).toBe(2);
    expect(later).toEqual([500, 2, 2, 0]);
  });

  test("is read without what the notice does not say: ten thousand of the largest reports would be gigabytes", async () => {
    const human = newHuman();
    const recipient = { address: "joe@example.net", action: "failed", reason: "blocked", permanent: true } as const;
    serial += 1;
    const [outcome] = await store.insertMessages([newMessage(`large ${serial}`)]);
    const id = outcome?.id ?? "";
    const recipients = Array.from({ length: 1_000 }, () => recipient);
    await store.saveClassification(id, classification({ urgency: "high", report: { kind: "dsn", recipients } }));
    await store.assign(id, [{ human, escalateAt: undefined }], NOON);
    await store.hold(id, { human, lane: "urgent", at: NOON });
    const read: HeldMessage[] = [];
    await store.summariseHeld({
      human,
      waitingSince: NOON,
      toldSince: NOON,
      at: after(5 * MINUTE_MS),
      describe: (waiting) => {
        read.push(...waiting);
        return describeFlood(human)(waiting);
      },
    });
    expect(read.map((message) => message.classification)).toEqual([
      {
        verdict: "genuine-dsn",
        why: "The message came from us.",
        urgency: "high",
        returned: {},
        report: { kind: "dsn", recipients: [recipient] },
      },
    ]);
  });

  test("is told of once an hour at most", async () => {
    const human = newHuman();
    await held(human, NOON);
    expect(await ask(human, after(5 * MINUTE_MS))).toBeDefined();
    await held(human, after(6 * MINUTE_MS));
    expect(await ask(human, after(64 * MINUTE_MS))).toBeUndefined();
    const second = await ask(human, after(65 * MINUTE_MS));
    expect(await store.notice(second ?? "")).toMatchObject({ step: "2", facts: { waiting: 1 } });
  });

  test("is told of although a clock that was wrong has told of some next year", async () => {
    const human = newHuman();
    await held(human, NOON);
    expect(await ask(human, after(365 * 24 * HOUR_MS))).toBeDefined();
    await held(human, NOON);
    expect(await ask(human, after(5 * MINUTE_MS))).toBeDefined();
  });

  test("is listed again when the notice could not be delivered", async () => {
    const human = newHuman();
    const id = await held(human, NOON);
    const lost = (await ask(human, after(5 * MINUTE_MS))) ?? "";
    await store.closeNotice(lost, { at: after(6 * MINUTE_MS), otherwise: "failed" });
    expect(await store.message(id)).toMatchObject({ state: "classified", assignments: [{ state: "held" }] });
    const again = await ask(human, after(65 * MINUTE_MS + MINUTE_MS));
    expect(await store.notice(again ?? "")).toMatchObject({ facts: { waiting: 1 } });
  });

  test("is listed again when the notice bounces after it had been taken", async () => {
    const human = newHuman();
    const id = await held(human, NOON);
    const lost = (await ask(human, after(5 * MINUTE_MS))) ?? "";
    await store.closeNotice(lost, { at: NOON, otherwise: "delivered" });
    const address = `${human}@example.com`;
    await store.recordNoticeDelivery(lost, { outlet: "smtp", recipient: address, outcome: "delivered", detail: "250" });
    const { incidentId = "" } = (await store.notice(lost)) ?? {};
    await store.noteOwnBounce({
      reportId: await classified(),
      mail: { id: incidentId, step: "begin" },
      failures: [{ addresses: [address], reason: "mailbox-full", words: "552 5.2.2 full" }],
      at: after(6 * MINUTE_MS),
    });
    expect(await store.message(id)).toMatchObject({ state: "classified", assignments: [{ state: "held" }] });
    const again = await ask(human, after(HOUR_MS + 30 * 365 * 24 * HOUR_MS));
    expect(await store.notice(again ?? "")).toMatchObject({ facts: { waiting: 1 } });
  });

  test("a message that was told of comes whole when a person releases it", async () => {
    const human = newHuman();
    const id = await held(human, NOON);
    const noticeId = (await ask(human, after(5 * MINUTE_MS))) ?? "";
    await store.closeNotice(noticeId, { at: NOON, otherwise: "delivered" });
    expect(await store.release(id)).toBe("released");
    expect(await store.assign(id, [{ human, escalateAt: undefined }], NOON)).toEqual([human]);
  });

  test("who was only told of a message that another human has gets it when a person releases it", async () => {
    const human = newHuman();
    const id = await assigned(human, "boss");
    await took(id, "boss");
    await store.hold(id, { human, lane: "ordinary", at: NOON });
    const noticeId = (await ask(human, after(5 * MINUTE_MS))) ?? "";
    await store.closeNotice(noticeId, { at: NOON, otherwise: "delivered" });
    expect((await store.message(id))?.state).toBe("delivered");
    expect(await store.release(id)).toBe("released");
    expect((await store.message(id))?.assignments).toMatchObject([
      { human: "boss", state: "delivered" },
      { human, state: "pending" },
    ]);
    expect(await store.release(id)).toBe("not-archived");
  });

  test("a flood is over when nothing has waited for an hour", async () => {
    const human = newHuman();
    await held(human, NOON);
    const noticeId = (await ask(human, after(5 * MINUTE_MS))) ?? "";
    await store.closeQuietFloods(after(2 * HOUR_MS), after(3 * HOUR_MS));
    const open = async () =>
      (await store.incidents({ kind: "flood", state: "open", limit: 999 })).map((one) => one.facts);
    expect(await open()).toContainEqual(expect.objectContaining({ human })); // it still waits
    await store.closeNotice(noticeId, { at: after(2 * HOUR_MS), otherwise: "delivered" });
    await store.closeQuietFloods(after(2 * HOUR_MS), after(3 * HOUR_MS));
    expect(await open()).not.toContainEqual(expect.objectContaining({ human }));
  });
});

describe("escalation", () => {
  async function due(human: string): Promise<string> {
    const id = await classified();
    await store.assign(id, [{ human, escalateAt: after(HOUR_MS) }], NOON);
    return id;
  }
  function step(human: string, unless: "delivered" | "acknowledged", ms = HOUR_MS) {
    return { human, unless, to: "boss", nextAfterMs: undefined, at: after(ms), limit: 100 } as const;
  }

  test("what nobody took in time goes to the next human, once with any number of workers", async () => {
    const human = newHuman();
    const ids = [await due(human), await due(human), await due(human)];
    expect(await store.escalate(step(human, "delivered", HOUR_MS - 1))).toEqual([]);
    const escalated = await Promise.all(stores.map((worker) => worker.escalate(step(human, "delivered"))));
    expect(escalated.flat().sort()).toEqual(ids.map((id) => `${id}.boss`).sort());
    expect((await store.message(ids[0] ?? ""))?.assignments).toMatchObject([
      { human: "boss", state: "pending", assignedBy: human },
      { human, escalatedTo: "boss" },
    ]);
    expect(await store.escalate(step(human, "delivered", 10 * HOUR_MS))).toEqual([]);
  });

  test("what was delivered in time does not, unless somebody has to say that they see to it", async () => {
    const [human, other] = [newHuman(), newHuman()];
    const first = await due(human);
    await took(first, human);
    expect(await store.escalate(step(human, "delivered"))).toEqual([]);
    const second = await due(other);
    await took(second, other);
    await store.settle([second], NOON);
    expect(await store.escalate(step(other, "acknowledged"))).toEqual([`${second}.boss`]);
    expect(await store.staleDeliveries(after(2 * HOUR_MS), 1_000)).toContain(`${second}.boss`); // though it counts as delivered
  });

  test("what somebody sees to goes to nobody else", async () => {
    const human = newHuman();
    const id = await due(human);
    await took(id, human);
    await store.acknowledge(id, "ann");
    expect(await store.escalate(step(human, "acknowledged"))).toEqual([]);
  });

  test("a dead letter goes to the next human too, and is delivered when they have it", async () => {
    const human = newHuman();
    const id = await due(human);
    await refused(id, human);
    await store.settle([id], NOON);
    expect((await store.message(id))?.state).toBe("failed");
    expect(await store.escalate(step(human, "delivered"))).toEqual([`${id}.boss`]);
    await took(id, "boss");
    await store.settle([id], NOON);
    expect(await store.message(id)).toMatchObject({ state: "delivered", deadLetter: { stage: "deliver" } });
  });

  test("is forgotten where nobody looks at it any more, because the configuration has changed", async () => {
    const human = newHuman();
    const id = await due(human);
    await store.forgetEscalations([human], after(48 * HOUR_MS));
    expect(await store.escalate({ ...step(human, "delivered"), at: NOON })).toEqual([]);
    await store.forgetEscalations(["somebody else"], after(HOUR_MS / 2));
    expect(await store.escalate({ ...step(human, "delivered") })).toEqual([`${id}.boss`]);
    const gone = await due(human);
    await store.forgetEscalations(["somebody else"], after(48 * HOUR_MS));
    expect(await store.escalate({ ...step(human, "delivered") })).not.toContain(`${gone}.boss`);
  });

  test("who has it already does not get it again", async () => {
    const human = newHuman();
    const id = await classified();
    await store.assign(
      id,
      [
        { human, escalateAt: NOON },
        { human: "boss", escalateAt: undefined },
      ],
      NOON,
    );
    await took(id, "boss");
    expect(await store.escalate(step(human, "delivered"))).toEqual([]);
    expect((await store.message(id))?.assignments[0]).toMatchObject({ human: "boss", state: "delivered" });
  });
});
