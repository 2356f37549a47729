import { NULL_REVERSE_PATH, parseAddress } from "@triage/message";
import { createLog, createMetrics, type HumanConfig } from "@triage/runtime";
import { openStore, type Store } from "@triage/store";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useDatabase } from "../../../test/support/use-database.ts";
import { openMailIds } from "../src/compose/mail-ids.ts";
import { type DeliverParts, DeliveryError, deliverMessage, giveUpDelivery } from "../src/deliver-message.ts";
import { openAddressBook } from "../src/humans/address-book.ts";
import { watchHumans } from "../src/humans/watch-humans.ts";
import { deliverNotice } from "../src/notices/deliver-notice.ts";
import type { Outlet } from "../src/outlets/outlet.ts";
import { aClassification, aRecipient } from "./classifications.ts";
import { aHuman } from "./humans.ts";
import { aMailbox, putsOff, recipientsOf, refuses } from "./mailboxes.ts";
import { readSample } from "./samples.ts";

const [ANN, BOB, CY] = ["ann@example.com", "bob@example.com", "cy@example.com"];
const NOON = new Date("2026-11-22T12:00:00Z");
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const LETTER = aClassification({ verdict: "user-report", report: { kind: "person" } });

const database = useDatabase();
let store: Store;
let at: Date;

beforeEach(async () => {
  at = NOON;
  store = await openStore({ databaseUrl: database.url });
  await database.query("TRUNCATE triage.allowance, triage.assignment, triage.incident CASCADE");
});
afterEach(() => store.close());

interface Site extends DeliverParts {
  readonly humans: readonly HumanConfig[];
  /** Ids of the messages that got a job. */
  readonly jobs: string[];
}

function aSite(humans: readonly HumanConfig[], outlets: readonly Outlet[], limits = {}): Site {
  const jobs: string[] = [];
  return {
    store,
    humans,
    jobs,
    addresses: openAddressBook(humans, outlets, limits),
    enqueue: async (ids) => void jobs.push(...ids),
    onDeadLetter: async () => {},
    isOurMailId: () => false,
    from: "triage@example.com",
    mailIds: openMailIds("triage@example.com", "a secret of sixteen characters"),
    hopLimit: 30,
    attempts: 4,
    metrics: createMetrics({ processMetrics: false }),
    log: createLog({ level: "silent" }),
    now: () => at,
  };
}

let serial = 0;
async function classified(
  classification = aClassification({}),
  forwardPath = "postmaster@example.com",
): Promise<string> {
  serial += 1;
  const raw = Buffer.concat([Buffer.from(`X-Serial: ${serial}\r\n`), await readSample("blocked-dsn.eml")]);
  const to = parseAddress(forwardPath);
  const envelope = { reversePath: NULL_REVERSE_PATH, forwardPaths: to === undefined ? [] : [to] };
  const [outcome] = await store.insertMessages([{ raw, envelope, envelopeKnown: true, source: "test" }]);
  await store.saveClassification(outcome?.id ?? "", classification);
  return outcome?.id ?? "";
}

test("a message goes to every human whose conditions hold, else to those without", async () => {
  const box = aMailbox("box");
  const site = aSite(
    [
      aHuman({ id: "general", to: [ANN], outlet: "box" }),
      aHuman({ id: "blocks", to: [BOB], outlet: "box", for: { reason: ["blocked"], urgency: ["high"] } }),
      aHuman({ id: "gmail", to: [CY], outlet: "box", for: { remoteOrganisation: ["example.net"], kind: ["dsn"] } }),
    ],
    [box],
  );
  await deliverMessage({ messageId: await classified(aClassification({ urgency: "high" })) }, site);
  expect(recipientsOf(box).sort()).toEqual([BOB, CY]);
  box.mails.length = 0;
  await deliverMessage({ messageId: await classified(LETTER) }, site);
  expect(recipientsOf(box)).toEqual([ANN]);
});

test("who refused for good is not asked again while another one is retried", async () => {
  const [first, second] = [aMailbox("first"), aMailbox("second")];
  const site = aSite(
    [aHuman({ id: "ann", to: [ANN], outlet: "first" }), aHuman({ id: "bob", to: [BOB], outlet: "second" })],
    [first, second],
  );
  first.answer = refuses(ANN);
  second.answer = putsOff(BOB);
  const id = await classified();
  await expect(deliverMessage({ messageId: id }, site)).rejects.toThrow("451 try later");
  let asked = 0;
  first.answer = async () => {
    asked += 1;
    return { outcome: "delivered", detail: "taken" };
  };
  second.answer = refuses();
  await deliverMessage({ messageId: id }, site);
  expect(asked).toBe(0);
  const message = await store.message(id);
  expect(message).toMatchObject({
    state: "delivered",
    deadLetter: { error: "ann: ann@example.com by first: 550 no such user" },
  });
});

test("a refused address of a human is a dead letter, and a retry delivers to that address alone", async () => {
  const box = aMailbox("box");
  const site = aSite([aHuman({ id: "team", to: [ANN, BOB], outlet: "box" })], [box]);
  box.answer = refuses(BOB);
  const id = await classified();
  await deliverMessage({ messageId: id }, site);
  expect(await store.message(id)).toMatchObject({
    state: "delivered",
    assignments: [{ human: "team", state: "delivered", refused: [BOB] }],
    deadLetter: { error: "team: bob@example.com by box: 550 no such user" },
  });
  box.answer = refuses();
  await store.retryDeadLetter(id, { by: "ann" });
  await deliverMessage({ messageId: id }, site);
  expect(recipientsOf(box)).toEqual([ANN, BOB]);
  expect(await store.message(id)).toMatchObject({ state: "delivered", deadLetter: undefined });
});

test("an outlet that hangs keeps nobody else waiting, and what waits for it is taken up when there is room", async () => {
  const [stuck, quick] = [aMailbox("stuck"), aMailbox("quick")];
  const site = aSite(
    [aHuman({ id: "ann", to: [ANN], outlet: "quick" }), aHuman({ id: "bob", to: [BOB], outlet: "stuck" })],
    [stuck, quick],
    { atOnce: 1, maxWaiting: 1 },
  );
  let release: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  stuck.answer = async () => {
    await gate;
    return { outcome: "delivered", detail: "at last" };
  };
  const ids = [await classified(), await classified(), await classified()];
  const jobs: Promise<void>[] = [];
  for (const messageId of ids.slice(0, 2)) {
    jobs.push(deliverMessage({ messageId }, site)); // holds the outlet, then its line
    await vi.waitUntil(() => quick.mails.length === jobs.length, { timeout: 30_000, interval: 10 });
  }
  // The third finds the line full: its job ends, with the quick one's part done.
  await deliverMessage({ messageId: ids[2] ?? "" }, site);
  expect((await store.message(ids[2] ?? ""))?.assignments).toMatchObject([
    { state: "delivered" },
    { state: "pending" },
  ]);
  release();
  await Promise.all(jobs);
  // each of the two made room, and named it: a queue holds one job for it
  expect(new Set(site.jobs)).toEqual(new Set([`${ids[2]}.bob`]));
  await deliverMessage({ messageId: `${ids[2]}.bob` }, site);
  expect(recipientsOf(quick)).toHaveLength(3);
  expect(recipientsOf(stuck)).toHaveLength(3);
});

test("who is on duty gets it, and who was on duty and has it is enough", async () => {
  const box = aMailbox("box");
  const rota = {
    timeZone: "Europe/Vienna",
    startMs: Date.parse("2026-11-22T09:00Z"),
    everyMs: 12 * HOUR_MS,
    turns: [[ANN], [BOB]],
    overrides: [],
  };
  const site = aSite([aHuman({ id: "ops", to: [ANN, BOB], outlet: "box", rota })], [box]);
  await deliverMessage({ messageId: await classified() }, site);
  at = new Date("2026-11-22T20:00:00Z"); // 21:00 in Vienna
  await deliverMessage({ messageId: await classified() }, site);
  expect(recipientsOf(box)).toEqual([ANN, BOB]);
});

test("a human who is not in the configuration any more is replaced by those who are", async () => {
  const box = aMailbox("box");
  box.answer = putsOff(ANN);
  const id = await classified();
  await expect(
    deliverMessage({ messageId: id }, aSite([aHuman({ id: "gone", to: [ANN], outlet: "box" })], [box])),
  ).rejects.toThrow(DeliveryError);
  await deliverMessage({ messageId: id }, aSite([aHuman({ id: "new", to: [BOB], outlet: "box" })], [box]));
  expect(await store.message(id)).toMatchObject({ state: "delivered", assignments: [{ human: "new" }] });
});

test("what is not delivered in time goes to the next human, and to the one after that", async () => {
  const [down, up] = [aMailbox("down"), aMailbox("up")];
  const hours = (count: number, to: string) => ({ afterMs: count * HOUR_MS, unless: "delivered", to }) as const;
  const site = aSite(
    [
      aHuman({ id: "ops", to: [ANN], outlet: "down", escalation: hours(4, "deputy") }),
      aHuman({ id: "deputy", to: [BOB], outlet: "down", for: { kind: ["mdn"] }, escalation: hours(2, "boss") }),
      aHuman({ id: "boss", to: [CY], outlet: "up", for: { kind: ["mdn"] } }),
    ],
    [down, up],
  );
  const watch = () =>
    watchHumans({ ...site, store, enqueueMail: async () => {}, metrics: createMetrics({ processMetrics: false }) }, at);
  down.answer = putsOff(ANN, BOB);
  const id = await classified();
  await expect(deliverMessage({ messageId: id }, site)).rejects.toThrow(DeliveryError);
  expect(await watch()).toEqual([]);
  at = new Date(NOON.getTime() + 4 * HOUR_MS);
  expect(await watch()).toEqual([`${id}.deputy`]);
  await expect(deliverMessage({ messageId: `${id}.deputy` }, site)).rejects.toThrow(DeliveryError);
  at = new Date(NOON.getTime() + 6 * HOUR_MS);
  expect(await watch()).toEqual([`${id}.boss`]);
  await deliverMessage({ messageId: `${id}.boss` }, site);
  expect(recipientsOf(up)).toEqual([CY]);
  // The retries of the two who are down end: the boss has it.
  for (const messageId of [id, `${id}.deputy`]) {
    expect((await store.message(id))?.state).toBe("classified");
    await giveUpDelivery({ messageId }, new DeliveryError("451 try later"), { ...site, attempts: 2 });
  }
  expect(await store.message(id)).toMatchObject({
    state: "delivered",
    assignments: [
      { human: "boss", state: "delivered", assignedBy: "deputy" },
      { human: "deputy", state: "failed", assignedBy: "ops", escalatedTo: "boss" },
      { human: "ops", state: "failed", escalatedTo: "deputy" },
    ],
  });
});

test("a dead letter that was put away is delivered after all when somebody releases it", async () => {
  const box = aMailbox("box");
  const site = aSite([aHuman({ id: "ann", to: [ANN], outlet: "box" })], [box]);
  box.answer = refuses(ANN);
  const id = await classified();
  await deliverMessage({ messageId: id }, site);
  expect(await store.discardDeadLetter(id, { by: "ann" })).toMatchObject({ kind: "done" });
  expect(await store.release(id)).toBe("released");
  box.answer = refuses();
  await deliverMessage({ messageId: id }, site);
  expect(recipientsOf(box)).toEqual([ANN]);
  expect(await store.message(id)).toMatchObject({ state: "delivered", deadLetter: undefined });
});

test("a flood of bounces is told of as one, and holds no letter back; nothing is lost", async () => {
  const box = aMailbox("box");
  const site = aSite([aHuman({ id: "ann", to: [ANN], outlet: "box", maxPerHour: 3 })], [box]);
  const notices: string[] = [];
  const watch = () =>
    watchHumans(
      {
        ...site,
        store,
        enqueueMail: async (_queue, id) => void notices.push(id),
        metrics: createMetrics({ processMetrics: false }),
      },
      at,
    );
  const bounces: string[] = [];
  for (let index = 0; index < 12; index += 1) {
    const reason = index % 3 === 0 ? "rejected" : "blocked";
    const report = { kind: "dsn", recipients: [aRecipient({ reason })] } as const;
    bounces.push(await classified(aClassification({ report })));
  }
  await Promise.all(bounces.map((messageId) => deliverMessage({ messageId }, site)));
  for (let letters = 0; letters < 4; letters += 1) {
    await deliverMessage({ messageId: await classified(LETTER) }, site);
  }
  expect(box.mails).toHaveLength(6);
  expect(await store.countHeld()).toBe(10);
  expect(await watch()).toEqual([]);
  expect(notices).toEqual([]);
  at = new Date(NOON.getTime() + 5 * MINUTE_MS);
  await watch();
  const [noticeId = ""] = notices;
  const metrics = createMetrics({ processMetrics: false });
  await deliverNotice({ messageId: noticeId }, { ...site, store, metrics, addJobs: async () => {} });
  const told = box.mails.at(-1)?.mail;
  expect(told?.subject).toBe("[triage] 10 messages not sent one by one, 1 letter among them");
  expect(told?.text).toMatch(/1 {2}written by people[\s\S]*\| From: .*mailer-daemon@/i);
  expect(told?.text).toContain("genuine-dsn, blocked");
  const states = await Promise.all(bounces.map(async (id) => (await store.message(id))?.state));
  expect(states.filter((state) => state === "delivered")).toHaveLength(3);
  expect(states.filter((state) => state === "grouped")).toHaveLength(9);
  // One that the human wants to read comes whole, whatever the limit says.
  const wanted = bounces[states.indexOf("grouped")] ?? "";
  await store.release(wanted);
  await deliverMessage({ messageId: wanted }, site);
  expect(await store.message(wanted)).toMatchObject({ state: "delivered" });
});

test("a flood of one is the message itself, past the limit, and the next one waits its hour", async () => {
  const box = aMailbox("box");
  const site = aSite([aHuman({ id: "ann", to: [ANN], outlet: "box", maxPerHour: 1 })], [box]);
  const metrics = createMetrics({ processMetrics: false });
  const notices: string[] = [];
  const watch = () =>
    watchHumans({ ...site, store, enqueueMail: async (_queue, id) => void notices.push(id), metrics }, at);
  await deliverMessage({ messageId: await classified() }, site);
  const id = await classified();
  await deliverMessage({ messageId: id }, site);
  at = new Date(NOON.getTime() + 5 * MINUTE_MS);
  await watch();
  const added: string[] = [];
  const addJobs = async (queue: string, ids: readonly string[]) =>
    void added.push(...ids.map((one) => `${queue} ${one}`));
  await deliverNotice({ messageId: notices[0] ?? "" }, { ...site, store, metrics, addJobs });
  expect(added).toEqual([`deliver ${id}.ann`]);
  await deliverMessage({ messageId: `${id}.ann` }, site);
  expect(box.mails.map(({ mail }) => mail.id)).toContain(id);
  expect(await store.message(id)).toMatchObject({ state: "delivered" });
  await deliverMessage({ messageId: await classified() }, site);
  at = new Date(NOON.getTime() + 30 * MINUTE_MS);
  await watch();
  expect([notices.length, box.mails.length, await store.countHeld()]).toEqual([1, 2, 1]);
});

test("what waits for room is sent at once when a person asks for it, past the limit and once", async () => {
  const box = aMailbox("box");
  const site = aSite([aHuman({ id: "ann", to: [ANN], outlet: "box", maxPerHour: 1 })], [box]);
  await deliverMessage({ messageId: await classified(LETTER) }, site);
  const id = await classified(LETTER);
  await deliverMessage({ messageId: id }, site);
  expect(box.mails).toHaveLength(1);
  expect(await store.release(id)).toBe("released");
  expect(await store.release(id)).toBe("not-archived");
  await deliverMessage({ messageId: id }, site);
  expect(box.mails).toHaveLength(2);
  expect(await store.message(id)).toMatchObject({ state: "delivered" });
});

test("what waits is sent one by one when there is room before anybody is told", async () => {
  const box = aMailbox("box");
  const site = aSite([aHuman({ id: "ann", to: [ANN], outlet: "box", maxPerHour: 1 })], [box]);
  await deliverMessage({ messageId: await classified() }, site);
  at = new Date(NOON.getTime() + 58 * MINUTE_MS);
  const id = await classified();
  await deliverMessage({ messageId: id }, site);
  expect(box.mails).toHaveLength(1);
  at = new Date(NOON.getTime() + 61 * MINUTE_MS);
  const metrics = createMetrics({ processMetrics: false });
  expect(await watchHumans({ ...site, store, enqueueMail: async () => {}, metrics }, at)).toEqual([`${id}.ann`]);
  await deliverMessage({ messageId: `${id}.ann` }, site);
  expect(box.mails).toHaveLength(2);
});

test("an outlet that is down does not use the hour up: what it did not take does not count", async () => {
  const box = aMailbox("box");
  const site = aSite([aHuman({ id: "ann", to: [ANN], outlet: "box", maxPerHour: 1 })], [box]);
  box.answer = putsOff(ANN);
  const ids = [await classified(), await classified()];
  for (const messageId of ids) await expect(deliverMessage({ messageId }, site)).rejects.toThrow(DeliveryError);
  expect(await store.countHeld()).toBe(0);
});
