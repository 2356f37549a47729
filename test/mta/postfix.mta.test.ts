/**
 * The whole way with a real MTA on both sides: mail to postmaster@ goes through Postfix's pipe into the service, and what
 * a person can act on comes back by SMTP into a real mailbox.
 */
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Message } from "@triage/message";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { findFreePort } from "../support/free-port.ts";
import { API_KEY, readMaildir, type Service, startService } from "../support/story.ts";
import { useDatabase } from "../support/use-database.ts";
import { installCommand } from "./installed-command.ts";
import { missingForPostfix, type Postfix, startPostfix } from "./postfix.ts";
import { submitMail } from "./submit-mail.ts";

/** `nobody` on Debian: Postfix hands mail to a pipe, and into a mailbox, as somebody who owns nothing else. */
const NOBODY = { uid: 65_534, gid: 65_534 };
const ARRIVAL = { timeout: 60_000, interval: 100 };
const REFUSAL = "550 5.7.1 Service unavailable; client host [127.0.0.1] blocked using bl.example.org";

const database = useDatabase();
const closers: (() => Promise<unknown>)[] = [];
let folder: string;
/** Ours: takes mail for postmaster@example.com and sends mail to the world. */
let ours: Postfix;
/** The world: refuses mail for joe@remote.example, and holds the human's mailbox. */
let theirs: Postfix;
let port: number;

beforeEach(async () => {
  const missing = missingForPostfix();
  if (missing !== undefined) throw new Error(missing);
  folder = await mkdtemp(join(tmpdir(), "triage-mta-"));
  closers.push(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o755);
  port = await findFreePort();
  theirs = await startTheirs();
  closers.push(() => theirs.stop());
  ours = await startOurs();
  closers.push(() => ours.stop());
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function startTheirs(): Promise<Postfix> {
  const mail = join(folder, "mail");
  await mkdir(mail);
  await chown(mail, NOBODY.uid, NOBODY.gid);
  return startPostfix({
    folder: join(folder, "theirs"),
    hostname: "mx.remote.example",
    settings: {
      smtpd_recipient_restrictions: `check_recipient_access inline:{ { joe@remote.example = ${REFUSAL} } }, permit`,
      virtual_mailbox_domains: "human.example",
      virtual_mailbox_base: mail,
      virtual_mailbox_maps: "inline:{ { ann@human.example = ann/ } }",
      virtual_uid_maps: `static:${NOBODY.uid}`,
      virtual_gid_maps: `static:${NOBODY.gid}`,
    },
  });
}

async function startOurs(): Promise<Postfix> {
  const keyFile = join(folder, "key");
  await writeFile(keyFile, API_KEY, { mode: 0o644 });
  const program = await installCommand(join(folder, "installed"), NOBODY);
  const pipe = `${process.execPath} ${program} pipe --url http://127.0.0.1:${port} --key-file ${keyFile}`;
  const envelope =
    "--reverse-path $sender --forward-path $original_recipient --queue-id $queue_id --client-ip $client_address";
  return startPostfix({
    folder: join(folder, "ours"),
    hostname: "mail.example.com",
    settings: {
      relay_domains: "example.com",
      transport_maps: `inline:{ { postmaster@example.com = triage: }, { remote.example = smtp:[127.0.0.1]:${theirs.port} } }`,
    },
    services: [`triage unix - n n - 10 pipe flags=q user=nobody null_sender= argv=${pipe} ${envelope}`],
  });
}

/** The service of example.com, whose human reads mail at human.example. */
async function start(): Promise<Service> {
  const service = await startService({
    folder,
    databaseUrl: database.url,
    redisUrl: undefined,
    config: {
      site: { domains: ["example.com"], relays: ["mail.example.com"], ledger: { complete: true } },
      human: { to: ["ann@human.example"], from: "triage@example.com" },
      http: { port, keys: [{ name: "mta", key: API_KEY }] },
      delivery: { outlet: { smtp: { host: "127.0.0.1", port: theirs.port, tls: "none" } } },
    },
  });
  closers.push(() => service.close());
  return service;
}

/** Waits for the first mail in the human's mailbox. */
async function humanMail(): Promise<Message> {
  try {
    return await vi.waitUntil(async () => (await readMaildir(join(folder, "mail", "ann")).catch(() => []))[0], ARRIVAL);
  } catch (error) {
    throw new Error(`no mail came. Our Postfix:\n${await ours.readLog()}\nTheirs:\n${await theirs.readLog()}`, {
      cause: error,
    });
  }
}

const MAILING = [
  "From: Postmaster <postmaster@example.com>",
  "To: joe@remote.example",
  "Subject: Maintenance on Sunday",
  "Message-ID: <maintenance-1@example.com>",
  "Date: Sun, 22 Nov 2026 09:00:00 +0000",
  "",
  "There will be no mail on Sunday.",
].join("\r\n");

test("mail that the world refuses with 5.7.1 comes back from our Postfix, through its pipe, to the human with reason and advice", async () => {
  const { client } = await start();
  expect(
    await client.postSent([{ messageId: "<maintenance-1@example.com>", recipients: ["joe@remote.example"] }]),
  ).toBe(200);
  await submitMail({ port: ours.port, from: "postmaster@example.com", to: "joe@remote.example", raw: MAILING });

  const mail = await humanMail();
  const { headers, children } = mail.root;
  expect(headers.value("return-path")).toBe("<>");
  expect(headers.value("from")).toBe("triage@example.com");
  expect(headers.text("subject")).toBe("[triage] Blocked: joe@remote.example (5.7.1)");
  expect(headers.value("x-triage-verdict")).toBe("genuine-dsn");
  const said = children[0]?.text().replace(/\s+(?:\| )?/g, " ");
  expect(said).toContain("blocked using bl.example.org");
  expect(said).toContain("WHAT TO DO");
  expect(children[1]?.contentType.value).toBe("message/rfc822");
  expect(children[1]?.children[0]?.headers.value("subject")).toBe("Undelivered Mail Returned to Sender");
});

test("a letter to PostMaster@, in any case of letters (RFC 5321 section 4.5.1), reaches the human", async () => {
  await start();
  const raw = (await readFile(new URL("../stories/04-a-letter/letter.eml", import.meta.url))).toString("latin1");
  await submitMail({ port: ours.port, from: "joe@remote.example", to: "PostMaster@Example.COM", raw });
  expect((await humanMail()).root.headers.text("subject")).toContain("Our mail to you is rejected since yesterday");
});

test("while the service is down, Postfix keeps the mail (exit code 75), and hands it over when the service is back", async () => {
  await submitMail({ port: ours.port, from: "joe@remote.example", to: "postmaster@example.com", raw: MAILING });
  await vi.waitUntil(async () => (await ours.readLog()).includes("status=deferred"), ARRIVAL);
  expect(await ours.queued()).toHaveLength(1);
  expect(await ours.readLog()).toContain("temporary failure");
  await start();
  expect((await humanMail()).root.headers.value("x-triage-id")).toBeDefined();
  await vi.waitUntil(async () => (await ours.queued()).length === 0, ARRIVAL);
});
