/** Real PostgreSQL: a redirected report bounces after its server had taken it, and after the returned body was dropped. */
import { formatOwnMailId, NULL_REVERSE_PATH, readMessage, readOwnMailId } from "@triage/message";
import { createLog, createMetrics } from "@triage/runtime";
import { openStore, type Store } from "@triage/store";
import { afterEach, beforeEach, expect, test } from "vitest";
import { useDatabase } from "../../../test/support/use-database.ts";
import { openMailIds } from "../src/compose/mail-ids.ts";
import { type DeliverParts, deliverMessage } from "../src/deliver-message.ts";
import { openAddressBook } from "../src/humans/address-book.ts";
import type { Outlet } from "../src/outlets/outlet.ts";
import { startTrimming } from "../src/start-trimming.ts";
import { aClassification } from "./classifications.ts";
import { aHuman } from "./humans.ts";
import { readSample } from "./samples.ts";

const SECRET = "a secret of sixteen characters";
const BODY = "nobody but you shall read this";
const database = useDatabase();
let store: Store;

beforeEach(async () => {
  store = await openStore({ databaseUrl: database.url });
});
afterEach(() => store.close());

function aSite(sent: Buffer[]): DeliverParts {
  const outlet: Outlet = {
    id: "box",
    lineEnd: "crlf",
    async deliver({ raw }, recipients) {
      sent.push(raw);
      return recipients.map((recipient) => ({ recipient, outcome: "delivered", detail: "250 taken" }));
    },
    close: async () => {},
  };
  return {
    store,
    addresses: openAddressBook([aHuman({ id: "ann", outlet: "box", form: "redirect" })], [outlet]),
    enqueue: async () => {},
    onDeadLetter: async () => {},
    isOurMailId: (id) => readOwnMailId(id, [SECRET]) !== undefined,
    from: "triage@example.com",
    mailIds: openMailIds("triage@example.com", SECRET),
    hopLimit: 30,
    attempts: 4,
    metrics: createMetrics({ processMetrics: false }),
    log: createLog({ level: "silent" }),
    now: () => new Date(),
  };
}

async function inserted(raw: Buffer): Promise<string> {
  const envelope = { reversePath: NULL_REVERSE_PATH, forwardPaths: [] };
  const [one] = await store.insertMessages([{ raw, envelope, envelopeKnown: true, source: "test" }]);
  return one?.id ?? "";
}

test("it is a dead letter, and goes out again under the same id with what is kept of it", async () => {
  const sent: Buffer[] = [];
  const site = aSite(sent);
  const sample = (await readSample("returned-body.eml")).toString();
  const id = await inserted(Buffer.from(sample));
  await store.saveClassification(id, aClassification({}));
  await deliverMessage({ messageId: id }, site);
  expect(await store.message(id)).toMatchObject({ state: "delivered" });
  await startTrimming({ store, log: site.log }).close();
  const [noticeId] = await store.noteOwnBounce({
    reportId: await inserted(Buffer.from("Subject: the bounce of our mail\r\n\r\n")),
    mail: { id, step: undefined },
    failures: [{ addresses: ["ann@example.com"], reason: "mailbox-full", words: "552 5.2.2 full" }],
    at: new Date(),
  });
  expect(noticeId).toBeDefined();
  expect(await store.message(id)).toMatchObject({ state: "failed", deadLetter: { stage: "deliver" } });
  expect(await store.retryDeadLetter(id, { by: "test" })).toBe("deliver");
  await deliverMessage({ messageId: id }, site);
  expect(await store.message(id)).toMatchObject({ state: "delivered" });
  const ids = sent.map((raw) => readMessage(raw).root.headers.text("resent-message-id"));
  expect(ids).toEqual([1, 2].map(() => formatOwnMailId({ id, step: undefined, domain: "example.com" }, SECRET)));
  expect(sent.map((raw) => raw.includes(BODY))).toEqual([true, false]);
});
