/**
 * What arrives in a real mailbox: by LMTP into Dovecot, read back by IMAP, in each of the forms; and the digest, whose links
 * work as they stand there.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { readMessage } from "@triage/message";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { API_KEY, type Service, type ServiceOptions, startService } from "../support/story.ts";
import { useDatabase } from "../support/use-database.ts";
import type { Dovecot } from "./dovecot.ts";
import { arrived, mailsOf, startMailboxes, subjectOf, useFloor } from "./human-server.ts";
import type { ImapMail } from "./imap-mailbox.ts";

const DAY_MS = 86_400_000;
const PUBLIC_URL = "https://triage.example.com";
const NULL_PATH = { from: "<>", to: ["postmaster@example.com"] };
const SOON = { timeout: 30_000, interval: 50 };
/** Of the message that comes back: nobody but Joe should read it. */
const SECRETS = [
  "Die Prüfsumme lautet 4711",
  "日本語の秘密",
  `${"lang ".repeat(190)}Ende`,
  ".a line that begins with a dot",
];
const BOUNCE = bounce();
/** A site, and a bounce of mail that it never sent. */
const NEVER_SENT = new URL("../stories/02-never-sent/story.json", import.meta.url);
const BOUNCE_OF_IT = new URL("../stories/01-blocked-by-policy/bounce.eml", import.meta.url);

const database = useDatabase();
const floor = useFloor();
let dovecot: Dovecot;

beforeEach(async () => {
  await database.query("DROP SCHEMA IF EXISTS triage CASCADE");
  dovecot = await startMailboxes(floor, { users: [{ name: "ann" }] });
});

async function start(config: Readonly<Record<string, unknown>>, now?: ServiceOptions["now"]): Promise<Service> {
  const service = await startService({
    folder: floor.folder,
    databaseUrl: database.url,
    redisUrl: undefined,
    config: {
      site: { domains: ["example.com"], relays: ["mail.example.com"], ledger: { complete: true } },
      delivery: { outlet: { lmtp: { socket: dovecot.lmtpSocket } } },
      queue: { sweepAfterSeconds: 1 },
      incidents: { enabled: false },
      ...config,
    },
    ...(now && { now }),
  });
  floor.closeLater(() => service.close());
  return service;
}

/** A bounce with everything that 8-bit mail may have in it: UTF-8, lines of 998 bytes, dots, no trailing white space lost. */
function bounce(): Buffer {
  const lines = [
    "Received: by mail.example.com (Postfix) id 4F00D; Sun, 22 Nov 2026 08:59:58 +0000 (UTC)",
    "Date: Sun, 22 Nov 2026 08:59:58 +0000 (UTC)",
    "From: MAILER-DAEMON@mail.example.com (Mail Delivery System)",
    "Subject: Undelivered Mail Returned to Sender",
    "To: ann@example.com",
    "Auto-Submitted: auto-replied",
    "MIME-Version: 1.0",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"',
    "Content-Transfer-Encoding: 8bit",
    "Message-Id: <20261122085958.4F00D@mail.example.com>",
    "",
    "--b1",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: 8bit",
    "",
    "This is the mail system at host mail.example.com. Grüße.  ",
    "",
    "<joe@example.net>: host mx.example.net[198.51.100.7] said: 550 5.7.1 blocked",
    "    using bl.example.org (in reply to RCPT TO command)",
    "",
    "--b1",
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mail.example.com",
    "",
    "Final-Recipient: rfc822; joe@example.net",
    "Action: failed",
    "Status: 5.7.1",
    "Remote-MTA: dns; mx.example.net",
    "Diagnostic-Code: smtp; 550 5.7.1 blocked using bl.example.org",
    "",
    "--b1",
    "Content-Type: message/rfc822",
    "Content-Transfer-Encoding: 8bit",
    "",
    "Return-Path: <ann@example.com>",
    "From: Ann <ann@example.com>",
    "To: joe@example.net",
    "Subject: Invoice 42",
    "Date: Sun, 22 Nov 2026 08:59:49 +0000",
    "Message-ID: <invoice-42@example.com>",
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: 8bit",
    "",
    ...SECRETS,
    "\ttrailing white space \t ",
    "x".repeat(998),
    ".",
    "",
    "--b1--",
    "",
  ];
  return Buffer.from(lines.join("\r\n"));
}

async function deliverBounce(form: string): Promise<{ readonly mail: ImapMail; readonly id: string }> {
  const { client } = await start({ human: { to: ["ann@human.example"], form } });
  expect(await client.postSent([{ messageId: "<invoice-42@example.com>", recipients: ["joe@example.net"] }])).toBe(200);
  const { body } = await client.post(BOUNCE, NULL_PATH);
  expect(await client.settled(body.id)).toMatchObject({ state: "delivered", verdict: "genuine-dsn" });
  const subject = form === "redirect" ? "Undelivered Mail" : "Blocked: joe@example.net (5.7.1)";
  return { mail: await arrived(dovecot, "ann", subject), id: body.id };
}

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/** One part as a mail program saves it. */
async function partOf(section: string): Promise<Buffer> {
  const mailbox = await dovecot.open("ann");
  try {
    return await mailbox.part(1, section);
  } finally {
    await mailbox.close();
  }
}

describe("in the mailbox, as Dovecot describes it by IMAP", () => {
  test("the form summary is our mail with the original attached, byte for byte as it was posted", async () => {
    const { mail } = await deliverBounce("summary");
    const [, subject, [from] = [], , , [to] = []] = mail.envelope as (string & unknown[][])[];
    expect(subject).toBe("[triage] Blocked: joe@example.net (5.7.1)");
    expect(from).toEqual([undefined, undefined, "postmaster-triage", "example.com"]);
    expect(to).toEqual([undefined, undefined, "ann", "human.example"]);

    const [text, original, kind] = mail.bodyStructure;
    expect(kind).toBe("mixed");
    expect(text?.slice(0, 2)).toEqual(["text", "plain"]);
    expect(original?.slice(0, 2)).toEqual(["message", "rfc822"]);
    // Dovecot has read the attached message itself: its envelope (7) and its parts (8).
    expect((original as string[][])[7]?.[1]).toBe("Undelivered Mail Returned to Sender");
    const parts = (original as string[][][])[8] ?? [];
    expect(parts.slice(0, 3).map(([type, subtype]) => `${type}/${subtype}`)).toEqual([
      "text/plain",
      "message/delivery-status",
      "message/rfc822",
    ]);
    expect(sha256(await partOf("2"))).toBe(sha256(BOUNCE));
    expect((await partOf("2.3.TEXT")).toString()).toContain(SECRETS[1]);
  });

  test("the form headers-only has not one line of what the returned message says, and all of its header", async () => {
    const { mail } = await deliverBounce("headers-only");
    const everything = [
      mail.raw,
      await partOf("1"),
      await partOf("2"),
      ...readMessage(mail.raw).root.children.map((part) => Buffer.from(part.text())),
    ];
    for (const bytes of everything) for (const secret of SECRETS) expect(bytes.toString()).not.toContain(secret);
    const parts = (mail.bodyStructure[1] as string[][][])[8] ?? [];
    expect(parts.slice(0, 3).map(([type, subtype]) => `${type}/${subtype}`)).toEqual([
      "text/plain",
      "message/delivery-status",
      "text/rfc822-headers",
    ]);
    expect((await partOf("2.3")).toString()).toContain("Message-ID: <invoice-42@example.com>");
    expect((await partOf("2")).toString()).toContain("Grüße.  \r\n");
  });

  test("the form redirect is the original byte for byte below the fields that we add", async () => {
    const { mail, id } = await deliverBounce("redirect");
    const at = mail.raw.indexOf(BOUNCE);
    expect(at, "the original stands in it as it is").toBeGreaterThan(0);
    expect(sha256(mail.raw.subarray(at))).toBe(sha256(BOUNCE));
    const added = mail.raw.subarray(0, at).toString();
    expect(added).toContain(`X-Triage-Id: ${id}\r\n`);
    expect(added).toContain("Resent-To: ann@human.example\r\n");
    expect(subjectOf(mail)).toBe("Undelivered Mail Returned to Sender");
    expect((mail.bodyStructure as string[][]).slice(0, 3).map(([type, subtype]) => `${type}/${subtype}`)).toEqual([
      "text/plain",
      "message/delivery-status",
      "message/rfc822",
    ]);
  });

  test("lines beyond what SMTP carries come as a file, and that is byte for byte, too", async () => {
    const { client } = await start({ human: { to: ["ann@human.example"], form: "summary" } });
    const long = Buffer.from(
      `From: joe@example.net\r\nSubject: Hello\r\n\r\nPlease help me. ${"y".repeat(5_000)}\0\rend`,
    );
    const { body } = await client.post(long, { from: "joe@example.net", to: ["postmaster@example.com"] });
    await client.settled(body.id);
    const mail = await arrived(dovecot, "ann", "[triage]");
    expect(mail.bodyStructure[1]?.slice(0, 2)).toEqual(["application", "octet-stream"]);
    expect(sha256(Buffer.from((await partOf("2")).toString("latin1"), "base64"))).toBe(sha256(long));
  });
});

test("the links of a digest release a message when their button is pressed, and do nothing when they are only opened", async () => {
  let sleptMs = 0;
  const { site } = JSON.parse(await readFile(NEVER_SENT, "utf8"));
  const neverSent = await readFile(BOUNCE_OF_IT, "latin1");
  const service = await start(
    {
      site,
      human: { to: ["ann@human.example"] },
      http: { port: 0, keys: [{ name: "mta", key: API_KEY }], publicUrl: PUBLIC_URL },
      digest: { schedule: "0 7 * * *", timeZone: "Europe/Vienna" },
    },
    () => new Date(Date.now() + sleptMs),
  );
  const { client } = service;
  const open = (link: string, method: "GET" | "POST") =>
    fetch(link.replace(PUBLIC_URL, client.url), {
      method,
      ...(method === "POST" && { headers: { "content-type": "application/x-www-form-urlencoded" } }),
    });
  const ids: string[] = [];
  for (const forged of ["forged-1", "forged-2"]) {
    const raw = Buffer.from(neverSent.replace("20261122085958.4F00D", forged), "latin1");
    const { body } = await client.post(raw, NULL_PATH);
    expect(await client.settled(body.id)).toMatchObject({ state: "archived" });
    ids.push(body.id);
  }
  sleptMs = DAY_MS;
  await arrived(dovecot, "ann", "Digest: 2 kept");
  // multipart/mixed or related around text and HTML, as IMAP shows it.
  const [digest] = await mailsOf(dovecot, "ann");
  const texts = leaves(readMessage(digest?.raw ?? Buffer.alloc(0)).root);
  const linksIn = (type: string) => [
    ...new Set(texts.get(type)?.match(/https:\/\/triage\.example\.com\/l\/[\w-]{51}/g) ?? []),
  ];
  const [first = "", second = ""] = linksIn("text/plain");
  expect(linksIn("text/html").toSorted()).toEqual([first, second].toSorted());

  for (const link of [first, second]) expect(await (await open(link, "GET")).text()).toContain("Release this message?");
  for (const id of ids) expect(await client.message(id)).toMatchObject({ state: "archived" });
  expect(await mailsOf(dovecot, "ann")).toHaveLength(1);

  expect(await (await open(first, "POST")).text()).toContain("<h1>Released</h1>");
  await vi.waitUntil(async () => (await mailsOf(dovecot, "ann")).length === 2, SOON);
  const states = await Promise.all(ids.map(async (id) => (await client.message(id)).state));
  expect(states.toSorted()).toEqual(["archived", "delivered"]);
});

type PartTree = ReturnType<typeof readMessage>["root"];

/** Decoded text by content type. */
function leaves(part: PartTree): ReadonlyMap<string, string> {
  if (part.children.length === 0) return new Map([[part.contentType.value, part.text()]]);
  return new Map(part.children.flatMap((child) => [...leaves(child)]));
}
