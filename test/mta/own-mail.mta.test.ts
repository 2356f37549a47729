/**
 * Our own mail comes back from real servers. A report about mail with the null reverse-path goes to nobody by itself (RFC 5321
 * section 4.5.5); it reaches us where Postfix tells its postmaster of double bounces, and where a forwarding list puts its
 * owner into the reverse-path. A vacation script of the human says nothing to our mail at all.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { MessageView } from "@triage/contracts";
import { beforeEach, expect, test, vi } from "vitest";
import { findFreePort } from "../support/free-port.ts";
import { API_KEY, type IngestClient, type Service, startService } from "../support/story.ts";
import { useDatabase } from "../support/use-database.ts";
import { arrived, mailsOf, startFront, startMailboxes, subjectOf, useFloor } from "./human-server.ts";
import { installCommand } from "./installed-command.ts";
import { submitMail } from "./submit-mail.ts";

const NOBODY = { uid: 65_534, gid: 65_534 };
const ARRIVAL = { timeout: 60_000, interval: 100 };
const FROM_JOE = { from: "joe@example.net", to: ["postmaster@example.com"] };
const LETTER = [
  "From: Joe <joe@example.net>",
  "To: postmaster@example.com",
  "Subject: Mail to Mary",
  "Message-ID: <letter@example.net>",
  "",
  "Hello,",
  "",
  "I cannot send mail to Mary since yesterday. Could you please have a look at it?",
  "",
  "Thank you, Joe",
  "",
].join("\r\n");

const database = useDatabase();
const floor = useFloor();

beforeEach(() => database.query("DROP SCHEMA IF EXISTS triage CASCADE"));

/** Ann has mail by Postfix, Bob straight from Dovecot. */
async function startTriage(port: number, smtpPort: number, socket: string, form = "summary"): Promise<Service> {
  const service = await startService({
    folder: floor.folder,
    databaseUrl: database.url,
    redisUrl: undefined,
    config: {
      site: { domains: ["example.com"], relays: ["front.human.example"] },
      http: { port, keys: [{ name: "mta", key: API_KEY }] },
      delivery: {},
      queue: { sweepAfterSeconds: 1 },
      outlets: [
        { id: "relay", smtp: { host: "127.0.0.1", port: smtpPort, tls: "none" } },
        { id: "dovecot", lmtp: { socket } },
      ],
      humans: [
        { id: "ann", to: ["ann@human.example"], outlet: "relay", form },
        { id: "bob", to: ["bob@human.example"], outlet: "dovecot", for: { forwardPathDomain: ["example.org"] } },
      ],
    },
  });
  floor.closeLater(() => service.close());
  return service;
}

/** `triage pipe` behind the address postmaster@example.com, as docs/operations.md says. */
async function pipeInto(port: number): Promise<string> {
  const keyFile = join(floor.folder, "key");
  await writeFile(keyFile, API_KEY, { mode: 0o644 });
  const program = await installCommand(join(floor.folder, "installed"), NOBODY);
  const envelope = "--reverse-path $sender --forward-path $original_recipient --queue-id $queue_id";
  const argv = `${process.execPath} ${program} pipe --url http://127.0.0.1:${port} --key-file ${keyFile} ${envelope}`;
  return `triage unix - n n - 10 pipe flags=q user=nobody null_sender= argv=${argv}`;
}

/** The site's own server is the human's, too, and Ann has no mailbox any more. */
const WAYS = {
  "Postfix tells its postmaster of double bounces": {
    notify_classes: "2bounce",
    "2bounce_notice_recipient": "postmaster@example.com",
  },
  "a forwarding list puts its owner into the reverse-path": {
    virtual_mailbox_domains: "gone.example",
    mydestination: "human.example",
    local_recipient_maps: "",
    expand_owner_alias: "yes",
    alias_maps: "inline:{ { ann = ann@gone.example }, { owner-ann = postmaster@example.com } }",
  },
};

test.each(Object.entries(WAYS))(
  "%s: the bounce of our mail is archived, somebody else hears of it, and the message is not delivered",
  async (_way, settings) => {
    const dovecot = await startMailboxes(floor, { users: [{ name: "bob" }] });
    const port = await findFreePort();
    const postfix = await startFront({
      floor,
      dovecot,
      settings: {
        relay_domains: "example.com",
        transport_maps: "inline:{ { postmaster@example.com = triage: } }",
        ...settings,
      },
      services: [await pipeInto(port), "local unix - n n - - local"],
    });
    const { client } = await startTriage(port, postfix.port, dovecot.lmtpSocket);
    const { body } = await client.post(Buffer.from(LETTER), FROM_JOE);
    expect(await client.settled(body.id)).toBeDefined();

    try {
      await vi.waitUntil(async () => (await client.message(body.id)).state === "failed", ARRIVAL);
    } catch (error) {
      throw new Error(`no bounce came. Postfix:\n${await postfix.readLog()}`, { cause: error });
    }
    const message = await client.message(body.id);
    expect(message.deadLetter?.error).toContain("550 5.1.1");
    await arrived(dovecot, "bob", "ALERT: mail to ann@human.example bounces");
    const [report] = await reportsOf(client);
    expect(report).toMatchObject({ route: "archive", rule: "own-mail", state: "archived" });
    // nobody got a mail about the bounce beside the alert
    const subjects = (await mailsOf(dovecot, "bob")).map(subjectOf);
    expect(subjects.filter((subject) => !subject.includes("ALERT"))).toEqual([]);
  },
);

const VACATION = [
  'require ["vacation"];',
  'vacation :days 1 :addresses ["ann@human.example", "postmaster@example.com"] "I am away until Monday.";',
  "",
].join("\n");

test("the human's vacation script answers people, and never our mail: its reverse-path is null", async () => {
  const smtpPort = await findFreePort();
  const dovecot = await startMailboxes(floor, {
    users: [{ name: "ann", sieve: VACATION }, { name: "bob" }, { name: "joe" }],
    submissionPort: smtpPort,
  });
  const postfix = await startFront({ floor, dovecot, port: smtpPort });
  const raw = "From: joe@human.example\r\nTo: ann@human.example\r\nSubject: Lunch?\r\n\r\nToday?\r\n";
  await submitMail({ port: postfix.port, from: "joe@human.example", to: "ann@human.example", raw });
  await arrived(dovecot, "joe", "Auto: Lunch?");

  // As the letter itself, whose From is a stranger's, and whose To is an address that the script takes for hers.
  const { client } = await startTriage(await findFreePort(), postfix.port, dovecot.lmtpSocket, "redirect");
  const { body } = await client.post(Buffer.from(LETTER), FROM_JOE);
  expect(await client.settled(body.id)).toMatchObject({ state: "delivered" });
  await arrived(dovecot, "ann", "Mail to Mary");
  expect(await dovecot.readLog()).toMatch(/discard\w* vacation/);
  expect(await postfix.readLog()).not.toContain("to=<joe@example.net>");
});

/** What came in by the pipe about our own mail. */
async function reportsOf(client: IngestClient): Promise<readonly MessageView[]> {
  const rows = await database.query(
    "SELECT message_id FROM triage.verdict WHERE classification ->> 'rule' LIKE 'own-mail%'",
  );
  return Promise.all(rows.map((row) => client.message(String(row.message_id))));
}
