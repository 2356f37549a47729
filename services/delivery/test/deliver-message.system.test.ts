import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NULL_REVERSE_PATH, parseAddress } from "@triage/message";
import { createLog, createMetrics } from "@triage/runtime";
import { openStore, type Store } from "@triage/store";
import { afterEach, beforeEach, expect, test } from "vitest";
import { useDatabase } from "../../../test/support/use-database.ts";
import { openMailIds } from "../src/compose/mail-ids.ts";
import { type DeliverParts, deliverMessage, giveUpDelivery } from "../src/deliver-message.ts";
import { openAddressBook } from "../src/humans/address-book.ts";
import { openMaildirOutlet } from "../src/outlets/maildir-outlet.ts";
import type { Outlet } from "../src/outlets/outlet.ts";
import { openSmtpOutlet } from "../src/outlets/smtp-outlet.ts";
import { aClassification } from "./classifications.ts";
import { aHuman } from "./humans.ts";
import { readSample } from "./samples.ts";
import { refuse, type SmtpHost, startSmtpHost } from "./smtp-host.ts";

const ANN = "ann@example.com";
const BOB = "bob@example.com";
const database = useDatabase();
const closers: (() => Promise<unknown>)[] = [];
let store: Store;
let maildir: string;

beforeEach(async () => {
  store = await openStore({ databaseUrl: database.url });
  closers.push(() => store.close());
  maildir = await mkdtemp(join(tmpdir(), "triage-human-"));
  closers.push(() => rm(maildir, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Puts a message into the store as ingest and classifier would; its bytes differ from call to call. */
async function classified(raw?: Buffer): Promise<string> {
  const forwardPath = parseAddress("postmaster@example.com");
  const fresh = Buffer.concat([
    Buffer.from(`X-Test: ${closers.length} ${Math.random()}\r\n`),
    await readSample("blocked-dsn.eml"),
  ]);
  const [outcome] = await store.insertMessages([
    {
      raw: raw ?? fresh,
      envelope: { reversePath: NULL_REVERSE_PATH, forwardPaths: forwardPath === undefined ? [] : [forwardPath] },
      envelopeKnown: true,
      source: "test",
    },
  ]);
  if (outcome === undefined) throw new Error("nothing was inserted");
  await store.saveClassification(outcome.id, aClassification({}));
  return outcome.id;
}

async function partsFor(outlet: Outlet, to: readonly string[] = [ANN]): Promise<DeliverParts> {
  closers.push(() => outlet.close());
  const metrics = createMetrics({ processMetrics: false });
  const log = createLog({ level: "silent" });
  const addresses = openAddressBook([aHuman({ to, outlet: outlet.id })], [outlet]);
  const rest = {
    from: "triage@example.com",
    mailIds: openMailIds("triage@example.com", "a secret of sixteen characters"),
    hopLimit: 30,
    attempts: 1,
    enqueue: async () => {},
    onDeadLetter: async () => {},
    isOurMailId: () => false,
    now: () => new Date(),
  };
  return { store, addresses, metrics, log, ...rest };
}

const toMaildir = async () => partsFor(await openMaildirOutlet({ path: maildir }));
function toSmtp({ port }: SmtpHost, to: readonly string[]): Promise<DeliverParts> {
  const hosts = [{ kind: "tcp", host: "127.0.0.1", port, tls: "none" }] as const;
  return partsFor(openSmtpOutlet({ id: "smtp", kind: "smtp", hosts, auth: undefined, pool: 2 }), to);
}

async function startHost(options: Parameters<typeof startSmtpHost>[0] = {}): Promise<SmtpHost> {
  const host = await startSmtpHost(options);
  closers.push(() => host.close());
  return host;
}

test("a delivered message is in the human's Maildir, and its state and delivery say so", async () => {
  const id = await classified();
  const parts = await toMaildir();
  await deliverMessage({ messageId: id }, parts);
  const [name = ""] = await readdir(join(maildir, "new"));
  expect(await readFile(join(maildir, "new", name), "utf8")).toContain(
    "Subject: [triage] Blocked: joe@example.net (5.7.1)",
  );
  expect(await store.message(id)).toMatchObject({
    state: "delivered",
    deliveries: [{ outlet: "maildir", recipient: ANN, outcome: "delivered" }],
  });
  expect((await parts.metrics.deliveries.get()).values).toMatchObject([
    { value: 1, labels: { outlet: "maildir", outcome: "delivered" } },
  ]);
});

test("a job that comes twice delivers once", async () => {
  const id = await classified();
  const parts = await toMaildir();
  await deliverMessage({ messageId: id }, parts);
  await deliverMessage({ messageId: id }, parts);
  expect(await readdir(join(maildir, "new"))).toHaveLength(1);
  expect((await store.message(id))?.deliveries).toHaveLength(1);
});

test("an archived message is not delivered, whatever job comes for it; released, it is", async () => {
  const id = await classified();
  const parts = await toMaildir();
  const [archived] = await store.insertMessages([
    {
      raw: Buffer.from("From: a@example.net\r\n\r\nother\r\n"),
      envelope: { reversePath: undefined, forwardPaths: [] },
      envelopeKnown: false,
      source: "test",
    },
  ]);
  if (archived === undefined) throw new Error("nothing was inserted");
  await store.saveClassification(archived.id, aClassification({ route: "archive", actionable: false }));
  await deliverMessage({ messageId: archived.id }, parts);
  expect(await readdir(join(maildir, "new"))).toEqual([]);
  await store.release(archived.id);
  await deliverMessage({ messageId: archived.id }, parts);
  expect(await store.message(archived.id)).toMatchObject({ state: "delivered" });
  expect(await store.message(id)).toMatchObject({ state: "classified" });
});

test("a temporary refusal is recorded and retried; who has the mail already does not get it again", async () => {
  const refuseTo: Record<string, Error> = { [BOB]: refuse(450, "mailbox busy") };
  const host = await startHost({ refuseTo });
  const parts = await toSmtp(host, [ANN, BOB]);
  const id = await classified();
  await expect(deliverMessage({ messageId: id }, parts)).rejects.toMatchObject({
    code: "DELIVERY_ERROR",
    retryable: true,
  });
  expect(await store.message(id)).toMatchObject({ state: "classified" });
  delete refuseTo[BOB];
  await deliverMessage({ messageId: id }, parts);
  expect(host.taken.map(({ to }) => to)).toEqual([[ANN], [BOB]]);
  const message = await store.message(id);
  expect(message?.state).toBe("delivered");
  expect(message?.deliveries.map(({ recipient, outcome }) => `${recipient} ${outcome}`)).toEqual([
    `${ANN} delivered`,
    `${BOB} error`,
    `${BOB} delivered`,
  ]);
});

test("a permanent refusal by everybody becomes a dead letter, in the words of the server", async () => {
  const host = await startHost({ refuseTo: { [ANN]: refuse(550, "no such user") } });
  const id = await classified();
  await deliverMessage({ messageId: id }, await toSmtp(host, [ANN]));
  const message = await store.message(id);
  expect(message).toMatchObject({ state: "failed", deadLetter: { stage: "deliver" } });
  expect(message?.deadLetter?.error).toContain("550 no such user");
  expect(await store.countDeadLetters()).toBe(1);
  expect(await store.raw(id)).toBeDefined();
});

test("when one human has it and another's server refuses for good, the message is delivered and the refusal recorded", async () => {
  const host = await startHost({ refuseTo: { [BOB]: refuse(550, "no such user") } });
  const id = await classified();
  await deliverMessage({ messageId: id }, await toSmtp(host, [ANN, BOB]));
  expect(await store.message(id)).toMatchObject({
    state: "delivered",
    deliveries: [{ outcome: "delivered" }, { recipient: BOB, outcome: "failed" }],
  });
});

test("when the retries are over, the message is a dead letter; nothing is lost", async () => {
  const id = await classified();
  const host = await startHost({ refuseData: refuse(451, "try later") });
  const parts = await toSmtp(host, [ANN]);
  const error = await deliverMessage({ messageId: id }, parts).catch((reason: unknown) => reason as Error);
  if (!(error instanceof Error)) throw new Error("the delivery should not have worked");
  await giveUpDelivery({ messageId: id }, error, parts);
  expect(await store.message(id)).toMatchObject({ state: "failed", deadLetter: { stage: "deliver" } });
});

test("when the retries are over for one of two humans, the other one has it", async () => {
  const id = await classified();
  const host = await startHost({ refuseTo: { [BOB]: refuse(450, "mailbox busy") } });
  const parts = await toSmtp(host, [ANN, BOB]);
  await expect(deliverMessage({ messageId: id }, parts)).rejects.toThrow("450 mailbox busy");
  await giveUpDelivery({ messageId: id }, new Error("450 mailbox busy"), parts);
  expect(await store.message(id)).toMatchObject({ state: "delivered" });
});

test("our own mail that comes back is never delivered: a dead letter says that it loops", async () => {
  const first = await classified();
  const parts = await toMaildir();
  await deliverMessage({ messageId: first }, parts);
  const [name = ""] = await readdir(join(maildir, "new"));
  const back = await classified(await readFile(join(maildir, "new", name)));
  await deliverMessage({ messageId: back }, parts);
  const message = await store.message(back);
  expect(message).toMatchObject({ state: "failed" });
  expect(message?.deadLetter?.error).toContain("Mail loop");
  expect(await readdir(join(maildir, "new"))).toHaveLength(1);
});

test("a message with more hops than any real mail has is a loop too", async () => {
  const hops = "Received: from a by b; Sun, 22 Nov 2026 09:00:00 +0000\r\n".repeat(31);
  const id = await classified(Buffer.from(`${hops}From: a@example.net\r\n\r\nhi\r\n`));
  await deliverMessage({ messageId: id }, await toMaildir());
  expect((await store.message(id))?.deadLetter?.error).toContain("31 Received fields");
});

test("a job for a message that the store does not know changes nothing", async () => {
  await deliverMessage({ messageId: "019aaa65-1e80-7e4f-8a9b-0c1d2e3f4a5b" }, await toMaildir());
  expect(await readdir(join(maildir, "new"))).toEqual([]);
});
