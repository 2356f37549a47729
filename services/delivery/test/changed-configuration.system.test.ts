/** Real PostgreSQL: what becomes of mail that waits for a human whom the configuration does not name any more. */
import { NULL_REVERSE_PATH, parseAddress } from "@triage/message";
import { createLog, createMetrics, type HumanConfig } from "@triage/runtime";
import { openStore, type Store } from "@triage/store";
import { afterEach, beforeEach, expect, test } from "vitest";
import { useDatabase } from "../../../test/support/use-database.ts";
import { openMailIds } from "../src/compose/mail-ids.ts";
import { type DeliverParts, DeliveryError, deliverMessage } from "../src/deliver-message.ts";
import { openAddressBook } from "../src/humans/address-book.ts";
import { watchHumans } from "../src/humans/watch-humans.ts";
import type { Outlet } from "../src/outlets/outlet.ts";
import { aClassification } from "./classifications.ts";
import { aHuman } from "./humans.ts";
import { readSample } from "./samples.ts";

const NOON = new Date("2026-11-22T12:00:00Z");
const MINUTE_MS = 60_000;
const [ANN, BOB] = ["ann@example.com", "bob@example.com"];

const database = useDatabase();
const metrics = createMetrics({ processMetrics: false });
let store: Store;
let at: Date;
let taken: string[];
let outcome: "delivered" | "error" | "failed";

beforeEach(async () => {
  at = NOON;
  taken = [];
  outcome = "delivered";
  store = await openStore({ databaseUrl: database.url });
  await database.query("TRUNCATE triage.allowance, triage.assignment, triage.incident CASCADE");
});
afterEach(() => store.close());

const mailbox: Outlet = {
  id: "box",
  lineEnd: "lf",
  async deliver(_mail, recipients) {
    if (outcome === "delivered") taken.push(...recipients);
    return recipients.map((recipient) => ({ recipient, outcome, detail: "said the mailbox" }));
  },
  close: async () => {},
};

function aSite(...humans: readonly HumanConfig[]): DeliverParts & { readonly humans: readonly HumanConfig[] } {
  return {
    store,
    humans,
    addresses: openAddressBook(humans, [mailbox]),
    enqueue: async () => {},
    onDeadLetter: async () => {},
    isOurMailId: () => false,
    from: "triage@example.com",
    mailIds: openMailIds("triage@example.com", "a secret of sixteen characters"),
    hopLimit: 30,
    attempts: 4,
    metrics,
    log: createLog({ level: "silent" }),
    now: () => at,
  };
}

let serial = 0;
async function classified(): Promise<string> {
  serial += 1;
  const raw = Buffer.concat([Buffer.from(`X-Serial: ${serial}\r\n`), await readSample("blocked-dsn.eml")]);
  const to = parseAddress("postmaster@example.com");
  const envelope = { reversePath: NULL_REVERSE_PATH, forwardPaths: to === undefined ? [] : [to] };
  const [inserted] = await store.insertMessages([{ raw, envelope, envelopeKnown: true, source: "test" }]);
  const id = inserted?.id ?? "";
  await store.saveClassification(id, aClassification({}));
  return id;
}

const watch = (site: ReturnType<typeof aSite>) =>
  watchHumans({ ...site, store, enqueueMail: async () => {}, metrics }, at);

test("what was held back for a human who is gone goes to those whom the configuration names now", async () => {
  const before = aSite(aHuman({ id: "gone", to: [ANN], outlet: "box", maxPerHour: 1 }));
  await deliverMessage({ messageId: await classified() }, before);
  const id = await classified();
  await deliverMessage({ messageId: id }, before);
  expect((await store.message(id))?.assignments).toMatchObject([{ human: "gone", state: "held" }]);
  const after = aSite(aHuman({ id: "new", to: [BOB], outlet: "box" }));
  at = new Date(NOON.getTime() + MINUTE_MS);
  expect(await watch(after)).toEqual([id]);
  await deliverMessage({ messageId: id }, after);
  expect(taken).toEqual([ANN, BOB]);
  expect(await store.message(id)).toMatchObject({ state: "delivered", assignments: [{ human: "new" }] });
});

test("a dead letter that was given to a human who is gone before they had it is a dead letter again", async () => {
  const site = aSite(aHuman({ id: "ann", to: [ANN], outlet: "box" }), aHuman({ id: "bob", to: [BOB], outlet: "box" }));
  outcome = "failed";
  const id = await classified();
  await deliverMessage({ messageId: id }, site);
  expect(await store.redirectDeadLetter(id, { by: "test", human: "bob" })).toMatchObject({ kind: "done" });
  outcome = "error";
  await expect(deliverMessage({ messageId: id }, site)).rejects.toThrow(DeliveryError);
  await deliverMessage({ messageId: id }, aSite(aHuman({ id: "ann", to: [ANN], outlet: "box" })));
  expect(await store.message(id)).toMatchObject({
    state: "failed",
    deadLetter: { stage: "deliver", error: expect.stringContaining("bob: ") },
  });
});
