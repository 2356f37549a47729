/**
 * What the human's own mail server may answer: later, never, this one but not that one. Real Postfix and real Dovecot; the
 * mailbox is read by IMAP.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCli } from "@triage/cli";
import type { MessageView } from "@triage/contracts";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { API_KEY, type Service, startService } from "../support/story.ts";
import { useDatabase } from "../support/use-database.ts";
import { useRedis } from "../support/use-redis.ts";
import { startGreylist } from "./greylist-policy.ts";
import { arrived, lettersOf, startFront, startMailboxes, useFloor } from "./human-server.ts";

const ARRIVAL = { timeout: 40_000, interval: 100 };
const FROM_JOE = { from: "joe@example.net", to: ["postmaster@example.com"] };
/** A day of retries, in a second. */
const QUEUE = { backoffMs: 100, maxBackoffMs: 500, sweepAfterSeconds: 1 };

const database = useDatabase();
const redis = useRedis();
const floor = useFloor();

/** Nothing is left to tell of the test before. */
beforeEach(() => database.query("DROP SCHEMA IF EXISTS triage CASCADE"));

async function start(config: Readonly<Record<string, unknown>>, redisUrl?: string): Promise<Service> {
  const site = { domains: ["example.com"] };
  const service = await startService({
    folder: floor.folder,
    databaseUrl: database.url,
    redisUrl,
    config: { site, queue: QUEUE, delivery: {}, ...config },
  });
  floor.closeLater(() => service.close());
  return service;
}

async function arrives({ client }: Service, subject: string): Promise<MessageView> {
  const { body } = await client.post(letter(subject), FROM_JOE);
  return client.settled(body.id);
}

function letter(subject: string): Buffer {
  const lines = [
    "From: Joe <joe@example.net>",
    "To: postmaster@example.com",
    `Subject: ${subject}`,
    "Message-ID: <letter@example.net>",
    "",
    "Hello,",
    "",
    `${subject}: could you please have a look at it? We cannot reach anybody at your site since yesterday.`,
    "",
    "Thank you, Joe",
    "",
  ];
  return Buffer.from(lines.join("\r\n"));
}

const outcomes = ({ deliveries }: MessageView, name: string) =>
  deliveries.filter(({ recipient }) => recipient === `${name}@human.example`).map(({ outcome }) => outcome);

describe.each(["Redis", "PostgreSQL"])("with the queues in %s", (backend) => {
  test("a greylist says later, then takes the mail: it arrives once", async () => {
    const greylist = await startGreylist(["ann@human.example"]);
    floor.closeLater(() => greylist.close());
    const dovecot = await startMailboxes(floor, { users: [{ name: "ann" }] });
    const { port } = await startFront({
      floor,
      dovecot,
      settings: { smtpd_recipient_restrictions: greylist.restriction },
    });
    const smtp = { host: "127.0.0.1", port, tls: "none" };
    const service = await start(
      { human: { to: ["ann@human.example"] }, delivery: { outlet: { smtp } } },
      backend === "Redis" ? redis.url : undefined,
    );

    const message = await arrives(service, "Greylisted");
    expect(message).toMatchObject({ state: "delivered" });
    expect(outcomes(message, "ann")).toEqual(["error", "delivered"]);
    expect(message.deliveries[0]?.detail).toContain(
      "450 4.2.0 <ann@human.example>: Recipient address rejected: Greylisted",
    );
    expect(greylist.deferred.get("ann@human.example")).toBe(1);
    await arrived(dovecot, "ann", "Greylisted");
    expect(await lettersOf(dovecot, "ann")).toHaveLength(1);
  });
});

describe("a refused mail", () => {
  const REFUSE = "check_recipient_access inline:{ { ann@human.example = 550 5.7.1 no mail from your server } }";

  /** Ann has mail by Postfix, Bob straight from Dovecot: one outlet is left to tell of trouble with the other. */
  async function annAndBob() {
    const dovecot = await startMailboxes(floor, { users: [{ name: "ann" }, { name: "bob" }] });
    const postfix = await startFront({ floor, dovecot, settings: { smtpd_recipient_restrictions: REFUSE } });
    const service = await start({
      outlets: [
        { id: "relay", smtp: { host: "127.0.0.1", port: postfix.port, tls: "none" } },
        { id: "dovecot", lmtp: { socket: dovecot.lmtpSocket } },
      ],
      humans: [
        { id: "ann", to: ["ann@human.example"], outlet: "relay" },
        { id: "bob", to: ["bob@human.example"], outlet: "dovecot", for: { forwardPathDomain: ["example.org"] } },
      ],
    });
    return { dovecot, postfix, service };
  }

  /** What an operator types. @returns What is printed. */
  async function triage(service: Service, ...words: readonly string[]): Promise<string> {
    const keyFile = join(floor.folder, "key");
    await writeFile(keyFile, API_KEY);
    let printed = "";
    const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      printed += String(text);
      return true;
    });
    try {
      const argv = ["node", "triage", "dead-letters", ...words, "--url", service.client.url, "--key-file", keyFile];
      expect(await runCli(argv)).toBe(0);
      return printed;
    } finally {
      write.mockRestore();
    }
  }

  test("is a dead letter, told to somebody else by the other outlet, and redirected it arrives there", async () => {
    const { dovecot, service } = await annAndBob();
    const { id, state } = await arrives(service, "Refused");
    expect(state).toBe("failed");
    await arrived(dovecot, "bob", "ALERT");
    expect(await triage(service, "list")).toContain("550 5.7.1");
    expect(await triage(service, "show", id)).toContain("no mail from your server");

    await triage(service, "redirect", id, "bob", "--note", "ann has moved");
    const mail = await arrived(dovecot, "bob", "Refused");
    expect(mail.raw.toString("latin1")).toContain(`X-Triage-Id: ${id}`);
    await vi.waitFor(
      async () => expect(await service.client.message(id)).toMatchObject({ state: "delivered" }),
      ARRIVAL,
    );
    expect(await lettersOf(dovecot, "ann")).toEqual([]);
    expect(await lettersOf(dovecot, "bob")).toHaveLength(1);
  });

  test("arrives after all when its server is mended and it is tried again", async () => {
    const { dovecot, postfix, service } = await annAndBob();
    const { id } = await arrives(service, "Refused for now");
    await postfix.change({ smtpd_recipient_restrictions: "permit" });
    expect(await triage(service, "retry", "--all", "--error-text", "no mail from your server")).toContain("1");
    await arrived(dovecot, "ann", "Refused for now");
    await vi.waitFor(
      async () => expect(await service.client.message(id)).toMatchObject({ state: "delivered" }),
      ARRIVAL,
    );
    expect(await lettersOf(dovecot, "ann")).toHaveLength(1);
  });
});

test("a Postfix that asks Dovecot who there is refuses an unknown recipient at once, and bounces nothing afterwards", async () => {
  const dovecot = await startMailboxes(floor, { users: [{ name: "ann" }] });
  const postfix = await startFront({
    floor,
    dovecot,
    settings: {
      smtpd_recipient_restrictions: "reject_unauth_destination, reject_unverified_recipient",
      unverified_recipient_reject_code: "550",
      address_verify_poll_delay: "1s",
    },
    services: ["verify unix - - n - 1 verify"],
  });
  const smtp = { host: "127.0.0.1", port: postfix.port, tls: "none" };
  const service = await start({
    human: { to: ["ann@human.example", "eve@human.example"] },
    delivery: { outlet: { smtp } },
  });

  const message = await arrives(service, "Asked");
  await arrived(dovecot, "ann", "Asked");
  expect(message).toMatchObject({
    state: "delivered",
    deadLetter: { error: expect.stringContaining("eve@human.example") },
  });
  expect(message.deadLetter?.error).toMatch(/550 5\.1\.1 .*undeliverable address.*User doesn't exist/);
  expect(await lettersOf(dovecot, "ann")).toHaveLength(1);
});

describe("three recipients, one taken at once, one later, one never", () => {
  const to = (...names: readonly string[]) => names.map((name) => `${name}@human.example`);

  test("by SMTP to Postfix: each gets exactly what is due, and the dead letter names who got nothing", async () => {
    const greylist = await startGreylist(["later@human.example"]);
    floor.closeLater(() => greylist.close());
    const dovecot = await startMailboxes(floor, { users: [{ name: "ann" }, { name: "later" }, { name: "never" }] });
    const refuse = "check_recipient_access inline:{ { never@human.example = 550 5.1.1 User unknown } }";
    const { port } = await startFront({
      floor,
      dovecot,
      settings: { smtpd_recipient_restrictions: `${refuse}, ${greylist.restriction}` },
    });
    const smtp = { host: "127.0.0.1", port, tls: "none" };
    const service = await start({ human: { to: to("ann", "later", "never") }, delivery: { outlet: { smtp } } });

    const message = await arrives(service, "Mixed");
    await arrived(dovecot, "later", "Mixed");
    expect(["ann", "later", "never"].map((name) => outcomes(message, name))).toEqual([
      ["delivered"],
      ["error", "delivered"],
      ["failed"],
    ]);
    expect(message).toMatchObject({ state: "delivered", deadLetter: { error: expect.stringContaining("never@") } });
    expect(message.deadLetter?.error).not.toContain("later@");
    expect(
      await Promise.all(["ann", "later", "never"].map(async (name) => (await lettersOf(dovecot, name)).length)),
    ).toEqual([1, 1, 0]);
  });

  test("by LMTP to Dovecot, which says it to RCPT for one and after the data for others", async () => {
    const dovecot = await startMailboxes(floor, {
      users: [
        { name: "ann" },
        { name: "full", quotaBytes: 100 },
        { name: "later", quotaBytes: 100, fullIsTemporary: true },
      ],
    });
    const lmtp = { host: "127.0.0.1", port: dovecot.lmtpPort, tls: "none" };
    const service = await start({
      human: { to: to("ann", "nobody", "full", "later") },
      delivery: { outlet: { lmtp } },
      queue: { ...QUEUE, attempts: { deliver: 3 } },
    });
    const message = await arrives(service, "Mixed at Dovecot");
    expect(["ann", "nobody", "full", "later"].map((name) => outcomes(message, name))).toEqual([
      ["delivered"],
      ["failed"],
      ["failed"],
      ["error", "error", "error"],
    ]);
    const details = (name: string) =>
      message.deliveries.findLast(({ recipient }) => recipient === `${name}@human.example`)?.detail;
    expect(details("nobody")).toContain("550 5.1.1 <nobody@human.example> User doesn't exist");
    expect(details("full")).toContain("552 5.2.2 <full@human.example> Quota exceeded");
    expect(details("later")).toContain("452 4.2.2 <later@human.example> Quota exceeded");
    expect(await lettersOf(dovecot, "ann")).toHaveLength(1);
  });
});
