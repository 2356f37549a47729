/** Messages that come back after a human's server had taken them, and after the next human's time had been looked at. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OwnBounce, openStore, type Store } from "../src/index.ts";
import { classification, freshSchema, newMessage } from "./fresh-schema.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOON = new Date("2026-11-22T12:00:00Z");
const after = (ms: number) => new Date(NOON.getTime() + ms);

const schema = freshSchema();
/** As many workers, each with connections of its own. */
const stores: Store[] = [];
let store: Store;
let serial = 0;

beforeAll(async () => {
  for (let worker = 0; worker < 3; worker += 1) stores.push(await openStore({ ...schema, now: () => NOON.getTime() }));
  store = stores[0] ?? (await openStore(schema));
});
afterAll(async () => {
  for (const one of stores) await one.close();
});

/** Names differ from test to test, so that nothing of one test counts in another. */
function newHuman(name: string): string {
  serial += 1;
  return `${name}-${serial}`;
}

async function received(): Promise<string> {
  serial += 1;
  const [outcome] = await store.insertMessages([newMessage(`sent on ${serial}`)]);
  return outcome?.id ?? "";
}

async function isFor(human: string, escalateAt: Date | undefined): Promise<string> {
  const id = await received();
  await store.saveClassification(id, classification());
  await store.assign(id, [{ human, escalateAt }], NOON);
  return id;
}

const addressOf = (human: string) => `${human}@example.com`;

async function takes(id: string, human: string, ...addresses: readonly string[]): Promise<void> {
  const recipients = addresses.length > 0 ? addresses : [addressOf(human)];
  const deliveries = recipients.map(
    (recipient) => ({ outlet: "smtp", recipient, outcome: "delivered", detail: "250 taken" }) as const,
  );
  await store.recordAttempt(id, { human, deliveries, state: "delivered", error: undefined, at: NOON });
  await store.settle([id], NOON);
}

/** The human's server took it, and then nobody was next: the time was looked at. */
async function takenInTime(human: string): Promise<string> {
  const id = await isFor(human, after(HOUR_MS));
  await takes(id, human);
  expect(await escalate(human, "nobody", after(HOUR_MS))).toEqual([]);
  return id;
}

async function bounceOf(id: string, address: string, at = after(2 * DAY_MS)): Promise<OwnBounce> {
  const failures = [{ addresses: [address], reason: "user-unknown" as const, words: "550 5.1.1 no such user" }];
  return { reportId: await received(), mail: { id, step: undefined }, failures, at };
}

interface Escalating {
  readonly unless?: "delivered" | "acknowledged";
  readonly nextAfterMs?: number;
  readonly worker?: Store;
}
const escalate = (human: string, to: string, at: Date, more: Escalating = {}) =>
  (more.worker ?? store).escalate({
    ...{ human, to, at, limit: 10 },
    ...{ unless: more.unless ?? "delivered", nextAfterMs: more.nextAfterMs },
  });

test("goes on to the next human late, once with any number of workers and reports, and is delivered when they have it", async () => {
  const [ann, cy] = [newHuman("ann"), newHuman("cy")];
  const id = await takenInTime(ann);
  const reports = await Promise.all(stores.map(() => bounceOf(id, addressOf(ann))));
  await Promise.all(reports.map((report, index) => stores[index]?.noteOwnBounce(report)));
  expect(await store.message(id)).toMatchObject({ state: "failed", assignments: [{ human: ann, state: "failed" }] });
  const late = after(2 * DAY_MS);
  const escalated = await Promise.all(stores.map((worker) => escalate(ann, cy, late, { worker })));
  expect(escalated.flat()).toEqual([`${id}.${cy}`]);
  await takes(id, cy);
  await store.noteOwnBounce(await bounceOf(id, addressOf(ann)));
  expect(await escalate(ann, cy, after(9 * DAY_MS))).toEqual([]);
  expect(await store.message(id)).toMatchObject({
    state: "delivered",
    deadLetter: { error: expect.stringContaining("550 5.1.1 no such user") },
    assignments: [
      { human: ann, state: "failed", escalatedTo: cy },
      { human: cy, state: "delivered", assignedBy: ann },
    ],
  });
});

test("is not lost between a look at the time and a bounce at the same moment", async () => {
  for (let round = 0; round < 8; round += 1) {
    const ann = newHuman("ann");
    const id = await isFor(ann, after(HOUR_MS));
    await takes(id, ann);
    const bounce = await bounceOf(id, addressOf(ann), after(HOUR_MS));
    const [, ...looks] = await Promise.all([
      stores[0]?.noteOwnBounce(bounce),
      ...stores.slice(1).map((worker) => escalate(ann, "cy", after(HOUR_MS), { worker })),
    ]);
    const later = await escalate(ann, "cy", after(2 * HOUR_MS));
    expect([...looks, later].flat()).toEqual([`${id}.cy`]);
  }
});

test("waits for the next human's time where that is still to come", async () => {
  const ann = newHuman("ann");
  const id = await isFor(ann, after(4 * HOUR_MS));
  await takes(id, ann);
  await store.noteOwnBounce(await bounceOf(id, addressOf(ann), after(HOUR_MS)));
  expect(await escalate(ann, "cy", after(4 * HOUR_MS - 1))).toEqual([]);
  expect(await escalate(ann, "cy", after(4 * HOUR_MS))).toEqual([`${id}.cy`]);
});

test("ends with the last human of the chain: a dead letter that names them all, an alert for each, and nobody twice", async () => {
  const [ann, cy, dee] = [newHuman("ann"), newHuman("cy"), newHuman("dee")];
  const id = await takenInTime(ann);
  const late = after(2 * DAY_MS);
  const alerts = [...(await store.noteOwnBounce(await bounceOf(id, addressOf(ann))))];
  await escalate(ann, cy, late, { nextAfterMs: HOUR_MS });
  await takes(id, cy);
  expect(await escalate(cy, dee, after(3 * DAY_MS))).toEqual([]);
  alerts.push(...(await store.noteOwnBounce(await bounceOf(id, addressOf(cy), after(4 * DAY_MS)))));
  expect(await escalate(cy, dee, after(4 * DAY_MS))).toEqual([`${id}.${dee}`]);
  await takes(id, dee);
  alerts.push(...(await store.noteOwnBounce(await bounceOf(id, addressOf(dee), after(5 * DAY_MS)))));
  expect(await escalate(dee, ann, after(6 * DAY_MS))).toEqual([]);
  expect(alerts).toHaveLength(3);
  const message = await store.message(id);
  expect(message?.state).toBe("failed");
  for (const human of [ann, cy, dee]) expect(message?.deadLetter?.error).toContain(addressOf(human));
});

test("a chain that comes back to its first human brings it to nobody twice", async () => {
  const [ann, cy] = [newHuman("ann"), newHuman("cy")];
  const id = await takenInTime(ann);
  await store.noteOwnBounce(await bounceOf(id, addressOf(ann)));
  await escalate(ann, cy, after(2 * DAY_MS), { nextAfterMs: HOUR_MS });
  await takes(id, cy);
  await store.noteOwnBounce(await bounceOf(id, addressOf(cy), after(3 * DAY_MS)));
  expect(await escalate(cy, ann, after(3 * DAY_MS))).toEqual([]);
  expect((await store.message(id))?.state).toBe("failed");
});

test("stays with a human who has it at another address, until that comes back as well", async () => {
  const ann = newHuman("ann");
  const [work, home] = [addressOf(ann), addressOf(`${ann}-at-home`)];
  const id = await isFor(ann, after(HOUR_MS));
  await takes(id, ann, work, home);
  await escalate(ann, "cy", after(HOUR_MS));
  await store.noteOwnBounce(await bounceOf(id, work));
  expect(await escalate(ann, "cy", after(2 * DAY_MS))).toEqual([]);
  await store.noteOwnBounce(await bounceOf(id, home));
  expect(await escalate(ann, "cy", after(2 * DAY_MS))).toEqual([`${id}.cy`]);
});

test("stays a dead letter where nobody is next, where somebody sees to it, and where a person has put it away", async () => {
  const [ann, bob, cy] = [newHuman("ann"), newHuman("bob"), newHuman("cy")];
  const nobodyNext = await isFor(ann, undefined);
  await takes(nobodyNext, ann);
  const seenTo = await takenInTime(bob);
  await store.acknowledge(seenTo, "bob");
  const putAway = await takenInTime(cy);
  const late = after(3 * DAY_MS);
  for (const [id, human] of [
    [nobodyNext, ann],
    [seenTo, bob],
    [putAway, cy],
  ] as const) {
    await store.noteOwnBounce(await bounceOf(id, addressOf(human)));
    expect(await store.message(id)).toMatchObject({ state: "failed", deadLetter: { stage: "deliver" } });
  }
  await store.discardDeadLetter(putAway, { by: "dee" });
  for (const human of [ann, bob, cy]) expect(await escalate(human, "next", late)).toEqual([]);
});

test("what the next human got already, because nobody acknowledged it, does not come a second time", async () => {
  const [ann, cy] = [newHuman("ann"), newHuman("cy")];
  const id = await isFor(ann, after(HOUR_MS));
  await takes(id, ann);
  expect(await escalate(ann, cy, after(HOUR_MS), { unless: "acknowledged" })).toEqual([`${id}.${cy}`]);
  await takes(id, cy);
  await store.noteOwnBounce(await bounceOf(id, addressOf(ann)));
  expect(await escalate(ann, cy, after(3 * DAY_MS), { unless: "acknowledged" })).toEqual([]);
  expect((await store.message(id))?.state).toBe("delivered");
});
