/** Notices and digests that come back after a human's server had taken them: the next human is told, once, and the chain ends. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OwnBounce, openStore, type Store } from "../src/index.ts";
import { classification, freshSchema, newMessage } from "./fresh-schema.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOON = new Date("2026-11-22T12:00:00Z");
const after = (ms: number) => new Date(NOON.getTime() + ms);

const schema = freshSchema();
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

async function received(): Promise<string> {
  serial += 1;
  const [outcome] = await store.insertMessages([newMessage(`a message ${serial}`)]);
  return outcome?.id ?? "";
}

/** A trouble that is about nobody, with its notice; `human` is the first of a chain that is used by this test alone. */
async function aNotice() {
  serial += 1;
  const facts = { trouble: "dead-letters", waiting: 1, latest: [], avoided: { addresses: [], outlets: [] } } as const;
  const scope = `test-${serial}`;
  const raised = await store.raiseIncident({ kind: "alert", scope, facts, messages: 1, at: NOON, step: "begin" });
  return { id: raised.noticeId ?? "", mail: { id: raised.id, step: "begin" }, human: `ann-${serial}` };
}

const addressOf = (human: string) => `${human}@example.com`;

/** The human's server takes it. */
async function takes(id: string, human: string, recipient = addressOf(human)): Promise<void> {
  await store.recordNoticeDelivery(id, { human, outlet: "smtp", recipient, outcome: "delivered", detail: "250 taken" });
  await store.recordNoticeAttempt(id, { human, state: "delivered", reached: true, at: NOON });
  await store.closeNotice(id, { at: NOON, otherwise: "failed" });
}

async function told(id: string, human: string, escalateAt: Date | undefined): Promise<void> {
  await store.assignNotice({ id, queue: "notify" }, [{ human, escalateAt }], NOON);
  await takes(id, human);
}

async function bounceOf(mail: OwnBounce["mail"], human: string, at = NOON): Promise<OwnBounce> {
  const failures = [
    { addresses: [addressOf(human)], reason: "user-unknown" as const, words: "550 5.1.1 no such user" },
  ];
  return { reportId: await received(), mail, failures, at };
}

const escalate = (human: string, to: string, at: Date, worker = store) =>
  worker.escalateNotices({ human, to, nextAfterMs: HOUR_MS, at, limit: 10 });
const stateOf = async (id: string) => (await store.notice(id))?.state;

test("goes to the next human when their time has come, once with any number of workers, and is settled when that one has it", async () => {
  const { id, mail, human } = await aNotice();
  await told(id, human, after(4 * HOUR_MS));
  expect(await stateOf(id)).toBe("delivered");
  const bounce = await bounceOf(mail, human);
  await Promise.all(stores.map((worker) => worker.noteOwnBounce(bounce)));
  expect(await stateOf(id)).toBe("pending");
  expect(await store.staleNotices(after(60_000), 10)).not.toContain(id); // it waits, and nothing is lost
  expect(await escalate(human, "cy", after(4 * HOUR_MS - 1))).toEqual([]);
  const escalated = await Promise.all(stores.map((one) => escalate(human, "cy", after(4 * HOUR_MS), one)));
  expect(escalated.flat()).toEqual([{ id, queue: "notify" }]);
  // The same report again, and another one about the same mail.
  await store.noteOwnBounce(bounce);
  await store.noteOwnBounce(await bounceOf(mail, human));
  expect(await escalate(human, "cy", after(9 * HOUR_MS))).toEqual([]);
  await takes(id, "cy");
  expect(await stateOf(id)).toBe("delivered");
  expect((await store.notice(id))?.deliveries.filter(({ outcome }) => outcome === "failed")).toHaveLength(1);
});

test("two reports about it at the same time count as one", async () => {
  const { id, mail, human } = await aNotice();
  await told(id, human, after(HOUR_MS));
  const reports = await Promise.all(stores.map(() => bounceOf(mail, human)));
  await Promise.all(reports.map((report, index) => stores[index]?.noteOwnBounce(report)));
  expect((await store.notice(id))?.deliveries.filter(({ outcome }) => outcome === "failed")).toHaveLength(1);
  expect(await escalate(human, "cy", after(HOUR_MS))).toHaveLength(1);
});

test("goes on at once when it comes back days after the next human's time", async () => {
  const { id, mail, human } = await aNotice();
  await told(id, human, after(4 * HOUR_MS));
  expect(await escalate(human, "cy", after(4 * HOUR_MS))).toEqual([]); // delivered in time
  await store.noteOwnBounce(await bounceOf(mail, human, after(5 * DAY_MS)));
  expect(await escalate(human, "cy", after(5 * DAY_MS))).toEqual([{ id, queue: "notify" }]);
});

test("ends with the last human of the chain: when theirs comes back as well, it is failed, and each of them is an alert", async () => {
  const { id, mail, human } = await aNotice();
  await told(id, human, after(HOUR_MS));
  const alerts = [...(await store.noteOwnBounce(await bounceOf(mail, human)))];
  const last = `boss-${human}`;
  await store.escalateNotices({ human, to: last, nextAfterMs: undefined, at: after(HOUR_MS), limit: 10 });
  await takes(id, last);
  alerts.push(...(await store.noteOwnBounce(await bounceOf(mail, last, after(HOUR_MS)))));
  expect(await stateOf(id)).toBe("failed");
  expect(await escalate(last, human, after(9 * DAY_MS))).toEqual([]);
  expect(alerts).toHaveLength(2);
  const facts = (await store.notice(alerts[1] ?? ""))?.facts;
  expect(facts).toMatchObject({
    address: addressOf(last),
    avoided: { addresses: expect.arrayContaining([human, last].map(addressOf)) },
  });
});

test("a chain that comes back to its first human tells nobody twice", async () => {
  const { id, mail, human } = await aNotice();
  await told(id, human, after(HOUR_MS));
  await store.noteOwnBounce(await bounceOf(mail, human));
  const other = `other-${human}`;
  await escalate(human, other, after(HOUR_MS));
  await takes(id, other);
  await store.noteOwnBounce(await bounceOf(mail, other, after(HOUR_MS)));
  await escalate(other, human, after(2 * HOUR_MS));
  expect((await store.noticeAssignments(id)).map(({ state }) => state)).toEqual(["failed", "failed"]);
  expect(await store.closeNotice(id, { at: after(2 * HOUR_MS), otherwise: "failed" })).toBe("failed");
});

test("stays with a human who has it at another address", async () => {
  const { id, mail, human } = await aNotice();
  await store.assignNotice({ id, queue: "notify" }, [{ human, escalateAt: after(HOUR_MS) }], NOON);
  await store.recordNoticeDelivery(id, {
    ...{ human, outlet: "smtp", recipient: addressOf(`${human}-at-home`), outcome: "delivered", detail: "250 taken" },
  });
  await takes(id, human);
  await store.noteOwnBounce(await bounceOf(mail, human));
  expect(await stateOf(id)).toBe("delivered");
  expect(await escalate(human, "cy", after(HOUR_MS))).toEqual([]);
});

test("a bounce that is quicker than the record of the delivery is not overwritten by it", async () => {
  const { id, mail, human } = await aNotice();
  await store.assignNotice({ id, queue: "notify" }, [{ human, escalateAt: after(HOUR_MS) }], NOON);
  const recipient = addressOf(human);
  await store.recordNoticeDelivery(id, { human, outlet: "smtp", recipient, outcome: "delivered", detail: "250 taken" });
  await store.noteOwnBounce(await bounceOf(mail, human));
  await store.recordNoticeAttempt(id, { human, state: "delivered", reached: true, at: NOON });
  expect(await store.closeNotice(id, { at: NOON, otherwise: "failed" })).toBe("pending");
  expect(await escalate(human, "cy", after(HOUR_MS))).toHaveLength(1);
});

test("what a flood's notice lists waits for the next human to be told, and waits anew when nobody is", async () => {
  const human = `flooded-${serial}`;
  const message = await received();
  await store.saveClassification(message, classification());
  await store.assign(message, [{ human, escalateAt: undefined }], NOON);
  await store.hold(message, { human, lane: "ordinary", at: NOON });
  const facts = { human, maxPerHour: 1, waiting: 1, groups: [], moreGroups: 0 };
  const ask = (at: Date) =>
    store.summariseHeld({
      human,
      waitingSince: at,
      toldSince: new Date(at.getTime() - HOUR_MS),
      at,
      describe: () => facts,
    });
  const id = (await ask(NOON)) ?? "";
  /** What the database stamps is by its own clock. */
  const later = new Date(Date.now() + DAY_MS);
  const mail = { id: (await store.notice(id))?.incidentId ?? "", step: "begin" };
  await told(id, human, after(HOUR_MS));
  expect((await store.message(message))?.state).toBe("grouped");
  await store.noteOwnBounce(await bounceOf(mail, human));
  expect(await store.message(message)).toMatchObject({ state: "classified", assignments: [{ state: "held" }] });
  expect(await ask(later)).toBeUndefined(); // a notice is on its way for it
  const next = `next-${human}`;
  await store.escalateNotices({ human, to: next, nextAfterMs: undefined, at: after(HOUR_MS), limit: 10 });
  await takes(id, next);
  expect((await store.message(message))?.state).toBe("grouped");
  await store.noteOwnBounce(await bounceOf(mail, next, after(2 * HOUR_MS)));
  expect(await store.message(message)).toMatchObject({ state: "classified", assignments: [{ state: "held" }] });
  expect(await ask(later)).toBeDefined();
});

test("a digest is told to the next human with what it says, which is forgotten when no bounce is to be expected any more", async () => {
  const digestTaken = async (escalateAt: Date | undefined) => {
    const id = await store.askForDigest({ since: after(-DAY_MS), until: NOON }, 5);
    const human = `daily-${id}`;
    await store.assignNotice({ id, queue: "digest" }, [{ human, escalateAt }], NOON);
    await store.recordDigestDelivery(id, {
      ...{ human, outlet: "smtp", recipient: addressOf(human), outcome: "delivered", detail: "250 taken" },
    });
    await store.recordNoticeAttempt(id, { human, state: "delivered", reached: true, at: NOON });
    await store.closeDigest(id, { at: NOON, otherwise: "failed" });
    return { id, human, mail: { id, step: "digest" } };
  };
  const nobodyNext = await digestTaken(undefined);
  expect(await store.digest(nobodyNext.id)).toMatchObject({ state: "delivered", facts: undefined });

  const early = await digestTaken(after(HOUR_MS));
  const bounces = [await bounceOf(early.mail, early.human), await bounceOf(early.mail, early.human)];
  await Promise.all(bounces.map((bounce, index) => stores[index]?.noteOwnBounce(bounce)));
  expect(await store.digest(early.id)).toMatchObject({ state: "pending", facts: { causes: expect.any(Array) } });
  expect(await escalate(early.human, "cy", after(HOUR_MS))).toEqual([{ id: early.id, queue: "digest" }]);

  const late = await digestTaken(after(HOUR_MS));
  await store.forgetToldDigests(new Date(Date.now() + HOUR_MS));
  await store.noteOwnBounce(await bounceOf(late.mail, late.human, after(8 * DAY_MS)));
  expect(await store.digest(late.id)).toMatchObject({ state: "failed", facts: undefined });
  expect(await escalate(late.human, "cy", after(9 * DAY_MS))).toEqual([]);
});
