import type { BounceFacts, DeadLetterFacts } from "@triage/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OwnBounce, openStore, type Store } from "../src/index.ts";
import { classification, freshSchema, newMessage } from "./fresh-schema.ts";

let store: Store;
const clock = { ms: Date.parse("2026-11-22T09:00:00Z") };

beforeAll(async () => {
  store = await openStore({ ...freshSchema(), now: () => clock.ms });
});
afterAll(() => store.close());

let count = 0;
async function received(): Promise<string> {
  count += 1;
  const [outcome] = await store.insertMessages([newMessage(`bounced message ${count}`)]);
  return outcome?.id ?? "";
}

/** A message that these addresses took, each of a human of that name. */
async function deliveredTo(...recipients: readonly string[]): Promise<string> {
  const id = await received();
  const at = new Date(clock.ms);
  await store.saveClassification(id, classification());
  const humans = recipients.map((recipient) => ({ human: recipient.split("@")[0] ?? "", escalateAt: undefined }));
  await store.assign(id, humans, at);
  for (const recipient of recipients) {
    const deliveries = [{ outlet: "smtp", recipient, outcome: "delivered" as const, detail: "250 taken" }];
    const human = recipient.split("@")[0] ?? "";
    await store.recordAttempt(id, { human, deliveries, state: "delivered", error: undefined, at });
  }
  await store.settle([id], at);
  expect((await store.message(id))?.state).toBe("delivered");
  return id;
}

async function bounceOf(id: string, address: string, more: Partial<OwnBounce> = {}): Promise<OwnBounce> {
  const failures = [{ addresses: [address], reason: "user-unknown" as const, words: "550 5.1.1 no such user" }];
  return { reportId: await received(), mail: { id, step: undefined }, failures, at: new Date(clock.ms), ...more };
}

const noticeFacts = async (id: string | undefined) => (await store.notice(id ?? ""))?.facts;

test("a human who is said to have it, and has not: their message is a dead letter, and an alert is raised", async () => {
  const id = await deliveredTo("ann@example.com");
  const [noticeId, ...others] = await store.noteOwnBounce(await bounceOf(id, "Ann@Example.com"));
  expect(others).toEqual([]);
  expect(await store.message(id)).toMatchObject({
    state: "failed",
    deadLetter: { stage: "deliver", error: expect.stringContaining("550 5.1.1 no such user") },
    assignments: [{ human: "ann", state: "failed" }],
  });
  expect(await noticeFacts(noticeId)).toEqual({
    trouble: "own-mail-bounced",
    address: "ann@example.com",
    named: "Ann@Example.com",
    reason: "user-unknown",
    words: "550 5.1.1 no such user",
    bounces: 1,
    messageIds: [id],
    avoided: { addresses: ["ann@example.com"], outlets: ["smtp"] },
  } satisfies BounceFacts);
});

test("the same report read twice, and a second report about the same mail, tell nothing new", async () => {
  const id = await deliveredTo("twice@example.com");
  const bounce = await bounceOf(id, "twice@example.com");
  expect(await store.noteOwnBounce(bounce)).toHaveLength(1);
  expect(await store.noteOwnBounce(bounce)).toEqual([]);
  expect(await store.noteOwnBounce(await bounceOf(id, "twice@example.com"))).toEqual([]);
  expect((await store.message(id))?.deliveries.filter(({ outcome }) => outcome === "failed")).toHaveLength(1);
});

test("when one of two humans has it, the message stays delivered, and the dead letter names the other", async () => {
  const id = await deliveredTo("one@example.com", "two@example.com");
  await store.noteOwnBounce(await bounceOf(id, "two@example.com"));
  const message = await store.message(id);
  expect(message?.state).toBe("delivered");
  expect(message?.deadLetter?.error).toContain("two@example.com");
  expect(message?.assignments.map(({ human, state }) => `${human} ${state}`)).toEqual(["one delivered", "two failed"]);
});

test("a report that names another address than the one we wrote to is about that one: mail is forwarded", async () => {
  const id = await deliveredTo("alias@example.com");
  await store.noteOwnBounce(await bounceOf(id, "mailbox-7@provider.example"));
  expect((await store.message(id))?.state).toBe("failed");
});

test("who names none of several addresses makes no message fail, but is told of", async () => {
  const id = await deliveredTo("three@example.com", "four@example.com");
  const [noticeId] = await store.noteOwnBounce(await bounceOf(id, "somebody@example.net"));
  expect((await store.message(id))?.state).toBe("delivered");
  expect(await noticeFacts(noticeId)).toMatchObject({ named: "somebody@example.net", bounces: 1 });
});

test("a complaint about our mail raises an alert, but the human has it", async () => {
  const id = await deliveredTo("annoyed@example.com");
  const failures = [{ addresses: ["annoyed@example.com"], reason: "feedback" as const, words: undefined }];
  expect(await store.noteOwnBounce(await bounceOf(id, "", { failures }))).toHaveLength(1);
  expect((await store.message(id))?.state).toBe("delivered");
});

test("ten bounces of one address are told twice: the first, and the tenth", async () => {
  const told: number[] = [];
  for (let bounce = 1; bounce <= 12; bounce += 1) {
    const id = await deliveredTo("ten@example.com");
    if ((await store.noteOwnBounce(await bounceOf(id, "ten@example.com"))).length > 0) told.push(bounce);
  }
  expect(told).toEqual([1, 10]);
});

test("two humans who both bounce are not told of each other", async () => {
  const [left, right] = [await deliveredTo("left@example.com"), await deliveredTo("right@example.com")];
  await store.noteOwnBounce(await bounceOf(left, "left@example.com"));
  const [noticeId] = await store.noteOwnBounce(await bounceOf(right, "right@example.com"));
  const { avoided } = (await noticeFacts(noticeId)) as BounceFacts;
  expect(avoided.addresses).toEqual(expect.arrayContaining(["left@example.com", "right@example.com"]));
});

test("a bounced message is delivered again when somebody tries it again", async () => {
  const id = await deliveredTo("again@example.com");
  await store.noteOwnBounce(await bounceOf(id, "again@example.com"));
  expect(await store.retryDeadLetter(id, { by: "ann" })).toBe("deliver");
  expect(await store.message(id)).toMatchObject({ state: "classified", assignments: [{ state: "pending" }] });
});

test("a digest that bounces is failed when nobody else has it, and the alert avoids the address that it bounced at", async () => {
  const until = new Date(clock.ms);
  const id = await store.askForDigest({ since: new Date(clock.ms - 86_400_000), until }, 5);
  for (const recipient of ["daily@example.com", "other@example.com"]) {
    await store.recordDigestDelivery(id, { outlet: "smtp", recipient, outcome: "delivered", detail: "250 taken" });
  }
  await store.closeDigest(id, { at: until, otherwise: "delivered" });
  const digestBounce = (address: string) => bounceOf(id, address, { mail: { id, step: "digest" } });
  const [noticeId] = await store.noteOwnBounce(await digestBounce("daily@example.com"));
  expect(await noticeFacts(noticeId)).toMatchObject({
    address: "daily@example.com",
    messageIds: [],
    avoided: { addresses: expect.arrayContaining(["daily@example.com"]), outlets: ["smtp"] },
  });
  expect((await store.digest(id))?.state).toBe("delivered");
  const last = await digestBounce("other@example.com");
  await store.noteOwnBounce(last);
  await store.noteOwnBounce(last);
  const digest = await store.digest(id);
  expect(digest?.state).toBe("failed");
  expect(digest?.deliveries.filter(({ outcome }) => outcome === "failed")).toHaveLength(2);
});

test("a bounce of mail that is not known any more is told of, and breaks nothing", async () => {
  const id = "019a9f00-0000-7000-8000-00000000dead";
  for (const step of [undefined, "begin", "digest"]) {
    clock.ms += 2 * 86_400_000;
    await store.closeQuietAlerts(new Date(clock.ms - 86_400_000));
    const bounce = await bounceOf(id, `gone-${step}@example.com`, { mail: { id, step } });
    const [noticeId] = await store.noteOwnBounce(bounce);
    expect(await noticeFacts(noticeId)).toMatchObject({ named: `gone-${step}@example.com`, messageIds: [] });
  }
});

test("after a quiet day a bounce is told anew", async () => {
  const first = await deliveredTo("later@example.com");
  await store.noteOwnBounce(await bounceOf(first, "later@example.com"));
  clock.ms += 2 * 86_400_000;
  await store.closeQuietAlerts(new Date(clock.ms - 86_400_000));
  const second = await deliveredTo("later@example.com");
  expect(await store.noteOwnBounce(await bounceOf(second, "later@example.com"))).toHaveLength(1);
});

test("dead letters are told at once, and once more when none is left", async () => {
  const other = await openStore({ ...freshSchema(), now: () => clock.ms });
  try {
    expect(await other.watchDeadLetters()).toEqual([]);
    const [outcome] = await other.insertMessages([newMessage("a dead letter")]);
    const id = outcome?.id ?? "";
    await other.saveClassification(id, classification());
    const refused = { outlet: "smtp", recipient: "ann@example.com", outcome: "failed", detail: "554 no" } as const;
    const at = new Date(clock.ms);
    await other.recordAttempt(id, { human: "ann", deliveries: [refused], state: "failed", error: "554 no", at });
    await other.markFailed(id, { stage: "deliver", error: "refused for good", at: new Date(clock.ms) });
    const [begin] = await other.watchDeadLetters();
    expect(await other.watchDeadLetters()).toEqual([]);
    expect((await other.notice(begin ?? ""))?.facts).toEqual({
      trouble: "dead-letters",
      waiting: 1,
      latest: [{ messageId: id, stage: "deliver", error: "refused for good" }],
      avoided: { addresses: ["ann@example.com"], outlets: ["smtp"] },
    } satisfies DeadLetterFacts);
    await other.retryDeadLetter(id, { by: "ann" });
    const [end] = await other.watchDeadLetters();
    expect(await other.notice(end ?? "")).toMatchObject({ step: "end", facts: { waiting: 0 } });
    expect(await other.watchDeadLetters()).toEqual([]);
  } finally {
    await other.close();
  }
});

test("the secret of our mail is made once and is the same for all workers", async () => {
  expect(await store.mailSecret()).toMatch(/^[0-9a-f]{64}$/);
  expect(await store.mailSecret()).toBe(await store.mailSecret());
});
