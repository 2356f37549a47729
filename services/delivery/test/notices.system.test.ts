/** Notices and digests to several humans, on a clock that the test moves. */
import { createLog, createMetrics, type HumanConfig } from "@triage/runtime";
import { openStore, type Store } from "@triage/store";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useDatabase } from "../../../test/support/use-database.ts";
import { openMailIds } from "../src/compose/mail-ids.ts";
import { DeliveryError } from "../src/deliver-message.ts";
import { deliverDigest, giveUpDigest } from "../src/digest/deliver-digest.ts";
import { openWallClock } from "../src/digest/wall-clock.ts";
import { openAddressBook } from "../src/humans/address-book.ts";
import { watchHumans } from "../src/humans/watch-humans.ts";
import { deliverNotice, giveUpNotice, type NotifyParts } from "../src/notices/deliver-notice.ts";
import { aHuman } from "./humans.ts";
import { aMailbox, type Mailbox, putsOff, recipientsOf, refuses } from "./mailboxes.ts";

const [ANN, BOB, CY] = ["ann@example.com", "bob@example.com", "cy@example.com"];
/** The database has a clock of its own: what it stamps is compared with ours. */
const START = new Date();
const HOUR_MS = 3_600_000;
const ATTEMPTS = 4;

const database = useDatabase();
let store: Store;
let at: Date;
let serial = 0;

beforeEach(async () => {
  at = START;
  serial += 1;
  store = await openStore({ databaseUrl: database.url, schema: `notices_${serial}`, now: () => at.getTime() });
});
afterEach(() => store.close());

function aSite(humans: readonly HumanConfig[], outlets: readonly Mailbox[], limits = {}) {
  const metrics = createMetrics({ processMetrics: false });
  const addresses = openAddressBook(humans, outlets, limits);
  const mailIds = openMailIds("triage@example.com", "a secret of sixteen characters");
  const log = createLog({ level: "silent" });
  const from = "triage@example.com";
  const jobs: string[] = [];
  const enqueueNotices = async (ids: readonly string[]) => void jobs.push(...ids.map((id) => `notify ${id}`));
  const common = { store, addresses, from, mailIds, metrics, log, attempts: ATTEMPTS, now: () => at };
  const addJobs: NotifyParts["addJobs"] = async (queue, ids) => void jobs.push(...ids.map((id) => `${queue} ${id}`));
  const parts: NotifyParts = { ...common, addJobs };
  const whom = { addresses, to: ["ann"], enqueueNotices };
  const digest = { ...parts, ...whom, store, metrics, links: undefined, clock: openWallClock("UTC") };
  const enqueueMail = async (queue: string, id: string) => void jobs.push(`${queue} ${id}`);
  const watch = () => watchHumans({ store, humans, enqueueMail, metrics, log }, at);
  return { parts, digest, metrics, jobs, watch };
}

/** A trouble that is about nobody: told to all without conditions. */
async function alertRaised(): Promise<string> {
  const avoided = { addresses: [], outlets: [] };
  const facts = { trouble: "dead-letters", waiting: 1, latest: [], avoided } as const;
  const raised = await store.raiseIncident({ kind: "alert", scope: "test", facts, messages: 1, at, step: "begin" });
  return raised.noticeId ?? "";
}

async function stormNotice(step: "begin" | "10" | "100"): Promise<string> {
  const counts = { unproven: 40, proven: 0, contradicted: 0, reporters: 40, recipients: 40, senders: 1, grouped: 0 };
  const facts = { by: "domain", scope: "example.com", strength: "full", ...counts, examples: [] } as const;
  const raised = await store.raiseIncident({ kind: "storm", scope: "example.com", facts, messages: 40, at, step });
  return raised.noticeId ?? "";
}

const stateOf = async (id: string) => (await store.notice(id))?.state;

test("an outlet that hangs keeps nobody else from being told, of this notice or of the next", async () => {
  const [stuck, quick] = [aMailbox("stuck"), aMailbox("quick")];
  const { parts } = aSite(
    [aHuman({ id: "ann", to: [ANN], outlet: "stuck" }), aHuman({ id: "bob", to: [BOB], outlet: "quick" })],
    [stuck, quick],
    { atOnce: 1, maxWaiting: 0 },
  );
  let release: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  stuck.answer = async () => {
    await gate;
    return { outcome: "delivered", detail: "at last" };
  };
  const first = await alertRaised();
  const hanging = deliverNotice({ messageId: first }, parts);
  await vi.waitUntil(() => quick.mails.length === 1, { timeout: 30_000, interval: 10 });
  await store.closeIncident({
    kind: "alert",
    scope: "test",
    facts: { trouble: "dead-letters", waiting: 0, latest: [], avoided: { addresses: [], outlets: [] } },
    messages: 0,
    at,
  });
  const second = await alertRaised();
  await deliverNotice({ messageId: second }, parts);
  expect(recipientsOf(quick)).toEqual([BOB, BOB]);
  expect(await stateOf(second)).toBe("pending");
  release();
  await hanging;
  await deliverNotice({ messageId: `${second}.ann` }, parts);
  expect(recipientsOf(stuck)).toEqual([ANN, ANN]);
  expect(recipientsOf(quick)).toHaveLength(2);
  expect(await stateOf(second)).toBe("delivered");
});

test("who refused for good is not asked again while another one is retried", async () => {
  const [one, other] = [aMailbox("one"), aMailbox("other")];
  const { parts } = aSite(
    [aHuman({ id: "ann", to: [ANN], outlet: "one" }), aHuman({ id: "bob", to: [BOB], outlet: "other" })],
    [one, other],
  );
  one.answer = refuses(ANN);
  other.answer = putsOff(BOB);
  const id = await alertRaised();
  await expect(deliverNotice({ messageId: id }, parts)).rejects.toThrow("other: 451 try later");
  one.answer = refuses();
  other.answer = refuses();
  await deliverNotice({ messageId: id }, parts);
  expect([recipientsOf(one), recipientsOf(other)]).toEqual([[], [BOB]]);
  expect(await stateOf(id)).toBe("delivered");
});

const afterFour = (to: string) => ({ afterMs: 4 * HOUR_MS, unless: "acknowledged", to }) as const;

test("what a human could not be told goes to the next one in time, and is told once", async () => {
  const [down, up] = [aMailbox("down"), aMailbox("up")];
  const { parts, jobs, metrics, watch } = aSite(
    [
      aHuman({ id: "ann", to: [ANN], outlet: "down", escalation: afterFour("cy") }),
      aHuman({ id: "bob", to: [BOB], outlet: "up", escalation: afterFour("cy") }),
      aHuman({ id: "cy", to: [CY], outlet: "up", for: { kind: ["mdn"] } }),
    ],
    [down, up],
  );
  down.answer = putsOff(ANN);
  const id = await alertRaised();
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    await expect(deliverNotice({ messageId: id }, parts)).rejects.toThrow(DeliveryError);
  }
  await giveUpNotice({ messageId: id }, new DeliveryError("451 try later"), parts);
  expect(recipientsOf(up)).toEqual([BOB]);
  // Not over: the next human has not been asked yet. It is nothing for the sweeper, either.
  expect(await stateOf(id)).toBe("pending");
  expect(await store.staleNotices(new Date(START.getTime() + 60_000), 10)).toEqual([]);
  await watch();
  expect(jobs).toEqual([]);
  at = new Date(START.getTime() + 4 * HOUR_MS);
  await watch();
  expect(jobs).toEqual([`notify ${id}.cy`]);
  await deliverNotice({ messageId: `${id}.cy` }, parts);
  expect(recipientsOf(up)).toEqual([BOB, CY]);
  expect(await stateOf(id)).toBe("delivered");
  await watch();
  expect(jobs).toHaveLength(1);
  expect((await metrics.render()).body).toContain('triage_escalations_total{unless="delivered"} 1');
});

test("a notice that nobody takes, the next human neither, is failed and stays in the list", async () => {
  const down = aMailbox("down");
  down.answer = refuses(ANN, CY);
  const { parts, watch } = aSite(
    [
      aHuman({ id: "ann", to: [ANN], outlet: "down", escalation: afterFour("cy") }),
      aHuman({ id: "cy", to: [CY], outlet: "down", for: { kind: ["mdn"] } }),
    ],
    [down],
  );
  const id = await alertRaised();
  await deliverNotice({ messageId: id }, parts);
  expect(await stateOf(id)).toBe("pending");
  at = new Date(START.getTime() + 4 * HOUR_MS);
  await watch();
  await deliverNotice({ messageId: `${id}.cy` }, parts);
  expect(await stateOf(id)).toBe("failed");
  expect(await store.incidents({ limit: 1 })).toMatchObject([{ notices: [{ id, state: "failed" }] }]);
});

test("a configuration that names no next human any more does not leave a notice waiting for ever", async () => {
  const down = aMailbox("down");
  down.answer = refuses(ANN);
  const { parts } = aSite([aHuman({ id: "ann", to: [ANN], outlet: "down", escalation: afterFour("cy") })], [down]);
  const id = await alertRaised();
  await deliverNotice({ messageId: id }, parts);
  // Nobody looked for a while: a service that was down overnight closes nothing that is due.
  at = new Date(START.getTime() + 16 * HOUR_MS);
  await deliverNotice({ messageId: id }, parts);
  expect(await stateOf(id)).toBe("pending");
  at = new Date(START.getTime() + 30 * HOUR_MS);
  await deliverNotice({ messageId: id }, parts);
  expect(await stateOf(id)).toBe("failed");
});

test("a human who is not in the configuration any more is replaced by those who are", async () => {
  const box = aMailbox("box");
  box.answer = putsOff(ANN);
  const id = await alertRaised();
  const before = aSite([aHuman({ id: "gone", to: [ANN], outlet: "box" })], [box]);
  await expect(deliverNotice({ messageId: id }, before.parts)).rejects.toThrow(DeliveryError);
  await deliverNotice({ messageId: id }, aSite([aHuman({ id: "new", to: [BOB], outlet: "box" })], [box]).parts);
  expect(recipientsOf(box)).toEqual([BOB]);
  expect(await stateOf(id)).toBe("delivered");
});

test("a digest that its human does not take goes to the next one, with what it says", async () => {
  const [down, up] = [aMailbox("down"), aMailbox("up")];
  const { digest, jobs, watch } = aSite(
    [
      aHuman({ id: "ann", to: [ANN], outlet: "down", escalation: afterFour("cy") }),
      aHuman({ id: "cy", to: [CY], outlet: "up", for: { kind: ["mdn"] } }),
    ],
    [down, up],
  );
  down.answer = putsOff(ANN);
  const id = await store.askForDigest({ since: new Date(START.getTime() - 24 * HOUR_MS), until: START }, 5);
  await expect(deliverDigest({ messageId: id }, digest)).rejects.toThrow(DeliveryError);
  await giveUpDigest({ messageId: id }, new Error("the worker was lost"), digest);
  expect((await store.digest(id))?.state).toBe("pending");
  at = new Date(START.getTime() + 4 * HOUR_MS);
  await watch();
  expect(jobs).toEqual([`digest ${id}.cy`]);
  await deliverDigest({ messageId: `${id}.cy` }, digest);
  expect(recipientsOf(up)).toEqual([CY]);
  expect(await store.digest(id)).toMatchObject({ state: "delivered", facts: undefined });
});

test("a digest that nobody takes is told to somebody else, once for all that fail in a row, and tried again by its period", async () => {
  const [refusing, other] = [aMailbox("refusing"), aMailbox("other")];
  const { parts, digest, jobs } = aSite(
    [aHuman({ id: "ann", to: [ANN], outlet: "refusing" }), aHuman({ id: "bob", to: [BOB], outlet: "other" })],
    [refusing, other],
  );
  refusing.answer = refuses(ANN);
  const period = { since: new Date(START.getTime() - 24 * HOUR_MS), until: START };
  const ids = [await store.askForDigest(period, 5), await store.askForDigest(period, 5)];
  for (const id of ids) await deliverDigest({ messageId: id }, digest);
  expect((await store.digests(9)).map(({ state }) => state)).toEqual(["failed", "failed"]);
  expect(jobs).toHaveLength(1);
  await deliverNotice({ messageId: jobs[0]?.replace("notify ", "") ?? "" }, parts);
  expect(recipientsOf(other)).toEqual([BOB]);
  expect(other.mails[0]?.mail.text).toContain(`triage digest --of ${ids[0]} --send`);
  expect(await store.incidents({ limit: 1 })).toMatchObject([{ state: "open", facts: { digests: 2 } }]);
  refusing.answer = aMailbox("refusing").answer;
  await deliverDigest({ messageId: await store.askForDigest(period, 5) }, digest);
  expect(await store.incidents({ limit: 1 })).toMatchObject([{ state: "closed" }]);
});

test("a notice that everybody refuses is told to somebody else, once a day; an alert that everybody refuses is told to nobody", async () => {
  const [refusing, other] = [aMailbox("refusing"), aMailbox("other")];
  const { parts, jobs } = aSite(
    [
      aHuman({ id: "ann", to: [ANN], outlet: "refusing" }),
      aHuman({ id: "bob", to: [BOB], outlet: "other", for: { kind: ["mdn"] } }),
    ],
    [refusing, other],
  );
  refusing.answer = refuses(ANN);
  other.answer = refuses(BOB);
  const stormId = await stormNotice("begin");
  await deliverNotice({ messageId: stormId }, parts);
  expect(await stateOf(stormId)).toBe("failed");
  expect(jobs).toHaveLength(1);
  const alertId = jobs[0]?.replace("notify ", "") ?? "";
  const facts = { trouble: "notice-failed", about: "storm", notices: 1 };
  expect(await store.notice(alertId)).toMatchObject({ kind: "alert", facts });
  await deliverNotice({ messageId: alertId }, parts);
  await deliverNotice({ messageId: await stormNotice("10") }, parts);
  expect([await stateOf(alertId), jobs.length]).toEqual(["failed", 1]);
  at = new Date(START.getTime() + 25 * HOUR_MS);
  await store.closeQuietAlerts(new Date(at.getTime() - 24 * HOUR_MS));
  other.answer = refuses();
  await deliverNotice({ messageId: await stormNotice("100") }, parts);
  await deliverNotice({ messageId: jobs[1]?.replace("notify ", "") ?? "" }, parts);
  expect(recipientsOf(other)).toEqual([BOB]);
  const [storm] = await store.incidents({ kind: "storm", limit: 1 });
  expect(other.mails[0]?.mail.text).toContain(`triage incidents show ${storm?.id}`);
});

test("an alert that nobody can be told of is in the log without the addresses that it is about", async () => {
  const box = aMailbox("box");
  const { parts } = aSite([aHuman({ id: "ann", to: [ANN], outlet: "box" })], [box]);
  const lines: string[] = [];
  const log = createLog({ destination: { write: (line) => void lines.push(line) }, pretty: false });
  const avoided = { addresses: [ANN], outlets: ["box"] };
  const facts = {
    trouble: "own-mail-bounced",
    address: ANN,
    reason: "mailbox-full",
    bounces: 1,
    messageIds: [],
    avoided,
  } as const;
  const raised = await store.raiseIncident({ kind: "alert", scope: "nobody", facts, messages: 1, at, step: "begin" });
  await deliverNotice({ messageId: raised.noticeId ?? "" }, { ...parts, log });
  expect(recipientsOf(box)).toEqual([]);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ trouble: "own-mail-bounced", incidentId: raised.id }]);
  expect(lines.join("")).not.toContain("ann@");
});
