/**
 * A spammer forges an address of this site, and 160 bounces of mail that it never sent come home. The human hears of it
 * once when it begins, once when it has grown, once when it is over; a genuine bounce and a letter in the middle of it
 * arrive as on any other day. The digest has one line for all of it.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Incidents } from "@triage/contracts";
import { formatAddress, type Message } from "@triage/message";
import { signBatv } from "@triage/provenance";
import { openStore } from "@triage/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { API_KEY, readMaildir, type Service, startService } from "../../support/story.ts";
import { type TestDatabase, useDatabase } from "../../support/use-database.ts";
import { useRedis } from "../../support/use-redis.ts";

const BOUNCES = 160;
/** MTAs that send at the same time. */
const CLIENTS = 8;
const FORGED = "joe@example.com";
const SECRET = "key-of-the-story";
const HOUR_MS = 3_600_000;
const SETTLE_TIMEOUT_MS = 120_000;

const SITE = {
  domains: ["example.com"],
  relays: ["out.example.com", "192.0.2.10"],
  batv: { keys: { "1": SECRET } },
};

describe.each(["Redis", "PostgreSQL"])("with the queues in %s", (backend) => {
  const database = useDatabase();
  const redis = useRedis();
  let folder: string;
  let service: Service;
  let sleptMs = 0;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "triage-storm-"));
    sleptMs = 0;
    const redisUrl = backend === "Redis" ? redis.url : undefined;
    const config = {
      ...{ site: SITE, human: { to: ["ann@example.com"] }, queue: { sweepAfterSeconds: 1 } },
      digest: { enabled: false },
    };
    const now = () => new Date(Date.now() + sleptMs);
    service = await startService({ folder, databaseUrl: database.url, redisUrl, config, now });
  });
  afterEach(async () => {
    await service.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("a joe job is one incident, told when it begins, when it grows and when it is over", async () => {
    const middle = BOUNCES / 2;
    await postAll(
      service,
      Array.from({ length: middle }, (_, index) => forgedBounce(index)),
    );
    const genuine = await service.client.post(genuineBounce(), { from: "<>", to: [token()] });
    const letter = await service.client.post(LETTER, { from: "cleo@example.net", to: ["postmaster@example.com"] });
    await postAll(
      service,
      Array.from({ length: BOUNCES - middle }, (_, index) => forgedBounce(middle + index)),
    );
    await settled(database, BOUNCES + 2);

    expect(await service.client.settled(genuine.body.id)).toMatchObject({ verdict: "genuine-dsn", state: "delivered" });
    expect(await service.client.settled(letter.body.id)).toMatchObject({ verdict: "user-report", state: "delivered" });
    await until(async () => (await notices(service)).length === 2);
    expect((await notices(service)).map((mail) => mail.root.headers.text("subject"))).toEqual([
      `[triage] Storm: somebody sends mail as ${FORGED}`,
      `[triage] Storm: more than 100 reports about ${FORGED}`,
    ]);
    // Two notices, the genuine bounce, the letter, and the doubtful ones of the first minutes.
    expect((await readMaildir(service.maildir)).length).toBeLessThanOrEqual(2 + 2 + 30);
    expect(await incidents(service)).toMatchObject({ incidents: [{ kind: "storm", state: "open" }] });

    sleptMs = 7 * HOUR_MS;
    await until(async () => (await notices(service)).length === 3);
    const [begin, , end] = await notices(service);
    expect(end?.root.headers.text("subject")).toMatch(
      /^\[triage\] Storm over: joe@example\.com, about [0-9]+ reports$/,
    );
    expect(end?.root.headers.value("references")).toBe(begin?.root.headers.value("message-id"));
    expect(begin?.root.text()).toContain("DMARC: publish p=quarantine");
    const { incidents: all } = await incidents(service);
    expect(all.map(({ state }) => state)).toEqual(["closed"]);
    expect(Math.abs((all[0]?.messages ?? 0) - BOUNCES) / BOUNCES).toBeLessThan(0.15);
    expect(all[0]?.notices.map(({ step }) => step)).toEqual(["begin", "100", "end"]);
    await tellsInOneLine(service, database);
  });
});

/** The digest of the day, as somebody asks for it: what the classifier noted beside the verdicts makes the line. */
async function tellsInOneLine(service: Service, { url }: TestDatabase): Promise<void> {
  const day = { since: new Date(Date.now() - 24 * HOUR_MS), until: new Date(Date.now() + HOUR_MS) };
  const store = await openStore({ databaseUrl: url, poolSize: 1 });
  try {
    const { totals, storms = [], causes, others } = await store.previewDigest(day, 5);
    const kept = sumOf(totals.kept);
    expect(totals).toMatchObject({ judged: BOUNCES + 2 });
    expect(totals.human + totals.grouped + kept).toBe(BOUNCES + 2);
    const backscatter = sumOf(totals.kept.filter(({ verdict }) => verdict === "backscatter"));
    expect(storms).toMatchObject([{ scope: FORGED, messages: backscatter, over: expect.any(String) }]);
    expect(backscatter).toBeGreaterThan(BOUNCES / 2);
    expect(causes.filter(({ verdict }) => verdict === "backscatter")).toEqual([]);
    expect(sumOf(storms) + sumOf(causes) + others.messages).toBe(kept);
    await store.askForDigest(day, 5);
    await until(async () => (await digests(service)).length === 1);
    const [mail] = await digests(service);
    const lines = (mail?.root.children[0]?.text() ?? "").split("\n").filter((line) => line.includes("one storm:"));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`${backscatter} x `);
  } finally {
    await store.close();
  }
}

function sumOf(rows: readonly { readonly messages: number }[]): number {
  return rows.reduce((total, { messages }) => total + messages, 0);
}

async function digests({ maildir }: Service): Promise<readonly Message[]> {
  const isDigest = ({ root }: Message) => (root.headers.text("subject") ?? "").startsWith("[triage] Digest");
  return (await readMaildir(maildir)).filter(isDigest);
}

async function postAll({ client }: Service, mails: readonly Buffer[]): Promise<void> {
  const waiting = [...mails];
  const worker = async () => {
    for (let mail = waiting.shift(); mail !== undefined; mail = waiting.shift()) {
      expect((await client.post(mail, { from: "<>", to: [FORGED] })).status).toBe(202);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, worker));
}

async function settled(database: TestDatabase, messages: number): Promise<void> {
  await until(async () => {
    const [row] = await database.query(
      "SELECT count(*) AS done FROM triage.message WHERE state IN ('delivered', 'grouped', 'archived', 'failed')",
    );
    return Number(row?.done) === messages;
  });
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + SETTLE_TIMEOUT_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error("it did not come to that");
    await delay(50);
  }
}

/** What the human was told of incidents, in order. */
async function notices({ maildir }: Service): Promise<readonly Message[]> {
  const mails = (await readMaildir(maildir)).filter(({ root }) => root.headers.has("x-triage-notice"));
  return mails.sort((a, b) => dateOf(a) - dateOf(b) || idOf(a).localeCompare(idOf(b)));
}

function dateOf({ root }: Message): number {
  return Date.parse(root.headers.value("date") ?? "");
}

function idOf({ root }: Message): string {
  return root.headers.value("x-triage-loop") ?? "";
}

/** The storms; the genuine bounce is an incident, too. */
async function incidents({ client }: Service): Promise<Incidents> {
  const response = await fetch(`${client.url}/v1/incidents?kind=storm`, {
    headers: { Authorization: `Bearer ${API_KEY}` },
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Incidents;
}

/** Every third one returns nothing of the message: alone, nobody could say whether it is ours. */
function forgedBounce(index: number): Buffer {
  const host = `mx.victim${index % 30}.example`;
  const returned = index % 3 === 0 ? "" : forgedHeader(index);
  return report(`user${index}@victim${index % 30}.example`, host, FORGED, "5.1.1", "550 5.1.1 User unknown", returned);
}

function forgedHeader(index: number): string {
  return [
    `Received: from [203.0.113.${index % 250}] (unknown [203.0.113.${index % 250}]) by mx.victim${index % 30}.example with SMTP; Sun, 22 Nov 2026 09:${10 + (index % 50)}:00 +0000`,
    `From: <${FORGED}>`,
    `To: <user${index}@victim${index % 30}.example>`,
    `Subject: Cheap watches for you, order ${index}`,
    `Message-ID: <${index}.abc@botnet.example.org>`,
    "Date: Sun, 22 Nov 2026 09:00:00 +0000",
    "",
  ].join("\r\n");
}

function token(): string {
  const address = { kind: "address", localPart: "joe", domain: "example.com" } as const;
  return formatAddress(signBatv(address, { number: "1", secret: SECRET }, new Date()));
}

function genuineBounce(): Buffer {
  return report(
    "bob@example.net",
    "mx.example.net",
    token(),
    "5.7.1",
    "550 5.7.1 Service unavailable; client host [192.0.2.10] blocked using zen.spamhaus.org",
    "",
  );
}

function report(
  recipient: string,
  host: string,
  to: string,
  status: string,
  diagnostic: string,
  returned: string,
): Buffer {
  const lines = [
    `From: MAILER-DAEMON@${host}`,
    `To: ${to}`,
    "Subject: Undelivered Mail Returned to Sender",
    `Message-ID: <${recipient.replace("@", ".")}@${host}>`,
    "MIME-Version: 1.0",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    "",
    "--b",
    "Content-Type: text/plain",
    "",
    `Your message could not be delivered: ${recipient}`,
    "--b",
    "Content-Type: message/delivery-status",
    "",
    `Reporting-MTA: dns; ${host}`,
    "",
    `Final-Recipient: rfc822; ${recipient}`,
    "Action: failed",
    `Status: ${status}`,
    `Diagnostic-Code: smtp; ${diagnostic}`,
    "",
    ...(returned === "" ? [] : ["--b", "Content-Type: text/rfc822-headers", "", returned]),
    "--b--",
    "",
  ];
  return Buffer.from(lines.join("\r\n"));
}

const LETTER = Buffer.from(
  [
    "From: Cleo <cleo@example.net>",
    "To: postmaster@example.com",
    "Subject: Your server refuses my mail",
    "Message-ID: <letter-1@example.net>",
    "",
    "Dear postmaster,",
    "my messages to your colleague Ann come back since Monday. Could you please have a look?",
    "Kind regards, Cleo",
    "",
  ].join("\r\n"),
);
