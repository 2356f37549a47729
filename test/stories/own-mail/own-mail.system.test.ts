/**
 * Our own mail comes back: the human's server takes it and bounces it afterwards. No second mail to the same human; the
 * message is a dead letter, another human hears of it by another outlet and gets what the first did not. Automatic replies are
 * put away, answers of people are letters, and two sites whose humans are each other's postmaster stop after one round. A digest,
 * and a message however late, go on to the next human.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeadLetterView, MessageView } from "@triage/contracts";
import type { Message } from "@triage/message";
import { openStore } from "@triage/store";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type SmtpHost, startSmtpHost } from "../../../services/delivery/test/smtp-host.ts";
import { API_KEY, readMaildir, type Service, startService } from "../../support/story.ts";
import { useDatabase } from "../../support/use-database.ts";

const HOUR_MS = 3_600_000;
const SOON = { timeout: 30_000, interval: 50 };
const NULL_PATH = { from: "<>", to: ["postmaster@example.com"] };
const FROM_JOE = { from: "joe@example.net", to: ["postmaster@example.com"] };

const here = useDatabase();
const elsewhere = useDatabase();
const services: Service[] = [];
let folder: string;
let ann: SmtpHost;
let sleptMs = 0;

beforeEach(async () => {
  sleptMs = 0;
  folder = await mkdtemp(join(tmpdir(), "triage-story-"));
  ann = await startSmtpHost();
});
afterEach(async () => {
  await closeServices();
  await ann.close();
  await rm(folder, { recursive: true, force: true });
});

async function start(databaseUrl: string, config: Readonly<Record<string, unknown>>): Promise<Service> {
  const own = await mkdtemp(join(folder, "site-"));
  const fast = { delivery: {}, queue: { sweepAfterSeconds: 1 }, site: { domains: ["example.com"] } };
  const now = () => new Date(Date.now() + sleptMs);
  const parts = { folder: own, databaseUrl, redisUrl: undefined, now };
  const service = await startService({ ...parts, config: { ...fast, ...config } });
  services.push(service);
  return service;
}

const smtpTo = (id: string, { port }: SmtpHost) => ({ id, smtp: { host: "127.0.0.1", port, tls: "none" } });

/** @param more  Of ann. */
async function annAndBob(more: Readonly<Record<string, unknown>> = {}): Promise<Service> {
  return start(here.url, {
    outlets: [smtpTo("mail", ann), { id: "box", maildir: { path: join(folder, "bob") } }],
    digest: { enabled: false },
    humans: [
      { id: "ann", to: ["ann@example.com"], outlet: "mail", form: "summary", ...more },
      {
        id: "bob",
        to: ["bob@example.com"],
        outlet: "box",
        form: "summary",
        for: { forwardPathDomain: ["example.org"] },
      },
    ],
  });
}

/** Before the server that they keep connections to: it waits for these. */
async function closeServices(): Promise<void> {
  await Promise.all(services.splice(0).map((service) => service.close()));
}

let letters = 0;
function letter(...fields: readonly string[]): Buffer {
  letters += 1;
  return Buffer.from(
    [
      "From: Joe <joe@example.net>",
      "To: postmaster@example.com",
      `Message-ID: <letter-${letters}@example.net>`,
      ...(fields.length > 0 ? fields : ["Subject: Mail to Mary"]),
      "",
      "Hello,",
      "",
      `I cannot send mail to Mary since day ${letters}. Could you please have a look at it?`,
      "",
      "Thank you, Joe",
      "",
    ].join("\r\n"),
  );
}

function bounceOf(raw: string): Buffer {
  const report = [
    "From: MAILER-DAEMON@mail.example.com (Mail Delivery System)",
    "To: postmaster@example.com",
    "Subject: Undelivered Mail Returned to Sender",
    "MIME-Version: 1.0",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="bounce"',
    "",
    "--bounce",
    "Content-Type: text/plain",
    "",
    "This is the mail system at host mail.example.com.",
    "--bounce",
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mail.example.com",
    "",
    "Final-Recipient: rfc822; ann@example.com",
    "Action: failed",
    "Status: 5.1.1",
    "Diagnostic-Code: smtp; 550 5.1.1 <ann@example.com>: Recipient address rejected: User unknown",
    "--bounce",
    "Content-Type: message/rfc822",
    "",
    raw,
    "--bounce--",
    "",
  ];
  return Buffer.from(report.join("\r\n"), "latin1");
}

async function arrives({ client }: Service, raw: Buffer, envelope = FROM_JOE): Promise<MessageView> {
  const { body } = await client.post(raw, envelope);
  return client.settled(body.id);
}

async function ask<Answer>({ client }: Service, path: string, body?: object): Promise<Answer> {
  const headers = { Authorization: `Bearer ${API_KEY}`, ...(body && { "Content-Type": "application/json" }) };
  const response = await fetch(`${client.url}/v1/dead-letters/${path}`, {
    headers,
    ...(body && { method: "POST", body: JSON.stringify(body) }),
  });
  expect(response.ok, `${path}: ${response.status}`).toBe(true);
  return (await response.json()) as Answer;
}

const subjects = (mails: readonly Message[]) => mails.map(({ root }) => root.headers.text("subject") ?? "");
const ofBob = async () => readMaildir(join(folder, "bob"));
const messageIdOf = (raw: string) => /^Message-ID:\s*(<[^>]+>)/im.exec(raw)?.[1] ?? "";

test("the human's server takes our mail and bounces it: another human hears of it, and gets it", async () => {
  const service = await annAndBob();
  const message = await arrives(service, letter());
  expect(message).toMatchObject({ state: "delivered", route: "human" });
  expect(ann.taken).toHaveLength(1);

  const report = await arrives(service, bounceOf(ann.taken[0]?.raw ?? ""), NULL_PATH);
  expect(report).toMatchObject({ verdict: "genuine-dsn", route: "archive", rule: "own-mail", state: "archived" });
  expect(await service.client.message(message.id)).toMatchObject({
    state: "failed",
    deadLetter: { stage: "deliver", error: expect.stringContaining("550 5.1.1") },
  });
  await vi.waitUntil(async () => subjects(await ofBob()).some((subject) => subject.includes("bounces")), SOON);
  expect(subjects(await ofBob())).toContain("[triage] ALERT: mail to ann@example.com bounces");
  expect(ann.taken).toHaveLength(1);

  expect(await ask<DeadLetterView>(service, message.id)).toMatchObject({ humans: ["bob", "ann"], rawKept: true });
  await ask(service, `${message.id}/redirect`, { human: "bob", by: "carol", note: "ann has left" });
  await vi.waitUntil(async () => subjects(await ofBob()).some((subject) => subject.includes("Mail to Mary")), SOON);
  await vi.waitUntil(async () => (await service.client.message(message.id)).state === "delivered", SOON);
  expect((await service.client.message(message.id)).deadLetter).toBeUndefined();
  expect(ann.taken).toHaveLength(1);
});

test("an automatic reply to our mail is put away, an answer of a person is a letter, our mail itself a dead letter", async () => {
  const service = await annAndBob();
  await arrives(service, letter());
  const ours = ann.taken[0]?.raw ?? "";
  const answers = [`In-Reply-To: ${messageIdOf(ours)}`, `References: ${messageIdOf(ours)}`];

  const vacation = letter("Subject: Out of office", "Auto-Submitted: auto-replied", ...answers);
  expect(await arrives(service, vacation, NULL_PATH)).toMatchObject({ rule: "own-mail-answered", state: "archived" });
  expect(await arrives(service, letter("Subject: Re: Mail to Mary", ...answers))).toMatchObject({ state: "delivered" });
  expect(ann.taken).toHaveLength(2);

  const loop = await arrives(
    service,
    Buffer.from(`Delivered-To: postmaster@example.com\r\n${ours}`, "latin1"),
    NULL_PATH,
  );
  expect(loop).toMatchObject({
    state: "failed",
    rule: "own-mail-loop",
    deadLetter: { error: expect.stringContaining("Mail loop") },
  });
  expect(ann.taken).toHaveLength(2);

  await vi.waitUntil(async () => (await ofBob()).length + ann.taken.length > 2, SOON);
  await ask(service, `${loop.id}/discard`, { note: "the alias of ann is mended" });
  expect(await service.client.message(loop.id)).toMatchObject({ state: "archived" });
});

test("a digest and a message that bounce after they were taken go to the next human, once, and an alert says so", async () => {
  const service = await annAndBob({ to: ["annie@example.com"], escalation: { afterHours: 4, to: "bob" } });
  const store = await openStore({ databaseUrl: here.url, poolSize: 1 });
  try {
    const message = await arrives(service, letter());
    const hourAgo = new Date(Date.now() - HOUR_MS);
    const digestId = await store.askForDigest({ since: hourAgo, until: new Date(Date.now() + HOUR_MS) }, 5);
    const digest = async () => (await store.digest(digestId))?.state;
    await vi.waitUntil(async () => (await digest()) === "delivered", SOON);
    const taken = (subject: string) =>
      ann.taken.map(({ raw }) => raw).filter((raw) => /^Subject: (.*)$/m.exec(raw)?.[1]?.includes(subject));
    const [told = ""] = taken("Digest");
    await arrives(service, bounceOf(told), NULL_PATH);
    const alert = "[triage] ALERT: mail to annie@example.com bounces";
    await vi.waitUntil(async () => subjects(await ofBob()).includes(alert), SOON);
    expect(await digest()).toBe("pending");

    sleptMs = 5 * HOUR_MS;
    await vi.waitUntil(async () => (await digest()) === "delivered", SOON);
    const [mail = ""] = taken("Joe: Mail to Mary");
    await arrives(service, bounceOf(mail), NULL_PATH);
    await vi.waitUntil(async () => subjects(await ofBob()).some((subject) => subject.includes("Mail to Mary")), SOON);
    await vi.waitUntil(async () => (await service.client.message(message.id)).state === "delivered", SOON);
    await arrives(service, bounceOf(`X-Again: 1\r\n${told}`), NULL_PATH);
    await arrives(service, bounceOf(`X-Again: 1\r\n${mail}`), NULL_PATH);
    const goneOn = subjects(await ofBob()).filter((subject) => !subject.includes("ALERT"));
    expect(goneOn.toSorted()).toEqual([expect.stringContaining("Digest"), expect.stringContaining("Mail to Mary")]);
    expect([taken("Digest").length, taken("Joe: Mail to Mary").length]).toEqual([1, 1]);
  } finally {
    await store.close();
  }
});

test("two sites whose humans are each other's postmaster stop after one round", async () => {
  const other = await startSmtpHost();
  try {
    const human = { id: "human", outlet: "mail", form: "summary" };
    const first = await start(here.url, {
      outlets: [smtpTo("mail", ann)],
      humans: [{ ...human, to: ["postmaster@example.org"] }],
    });
    const second = await start(elsewhere.url, {
      site: { domains: ["example.org"] },
      outlets: [smtpTo("mail", other)],
      humans: [{ ...human, to: ["postmaster@example.com"] }],
    });
    expect(await arrives(first, letter())).toMatchObject({ state: "delivered" });
    const there = await second.client.post(Buffer.from(ann.taken[0]?.raw ?? "", "latin1"), {
      from: "<>",
      to: ["postmaster@example.org"],
    });
    // The other site takes it for automatic mail; somebody there asks for it, so that it goes round.
    await second.client.settled(there.body.id);
    if (other.taken.length === 0) await second.client.release(there.body.id);
    await vi.waitUntil(() => other.taken.length > 0, SOON);
    const back = await arrives(first, Buffer.from(other.taken[0]?.raw ?? "", "latin1"), NULL_PATH);
    if (back.state === "archived") await first.client.release(back.id);
    await vi.waitUntil(async () => (await first.client.message(back.id)).state === "failed", SOON);
    expect((await first.client.message(back.id)).deadLetter?.error).toContain("Mail loop");
  } finally {
    await closeServices();
    await other.close();
  }
});
