/**
 * Proof with real MTAs on both sides: mail that our Postfix signed, refused by another site's Postfix after it had taken
 * it, comes back as that site's own DSN and is proven ours; a forged one that the same site bounces is not.
 */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MessageView } from "@triage/contracts";
import { formatAddress, parseAddress } from "@triage/message";
import { signBatv } from "@triage/provenance";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { findFreePort } from "../support/free-port.ts";
import { API_KEY, type Service, startService } from "../support/story.ts";
import { useDatabase } from "../support/use-database.ts";
import { useRedis } from "../support/use-redis.ts";
import { missingForOpendkim } from "./opendkim.ts";
import { missingForPostfix } from "./postfix.ts";
import { type ProvenanceStage, startProvenanceStage } from "./provenance-stage.ts";
import { submitMail } from "./submit-mail.ts";

const ARRIVAL = { timeout: 40_000, interval: 100 };
const SENDER = "ann@example.com";
const RECIPIENT = "joe@remote.example";
const BATV_SECRET = "only our server knows it";

const database = useDatabase();
const redis = useRedis();
let folder: string;
let ingestPort: number;
let stage: ProvenanceStage;
let service: Service | undefined;

beforeEach(async () => {
  const missing = missingForPostfix() ?? missingForOpendkim();
  if (missing !== undefined) throw new Error(missing);
  folder = await mkdtemp(join(tmpdir(), "triage-provenance-"));
  await chmod(folder, 0o755);
  ingestPort = await findFreePort();
  const sender = { plain: SENDER, signed: signed(SENDER, BATV_SECRET) };
  stage = await startProvenanceStage({ folder, ingestPort, sender });
});
afterEach(async () => {
  await service?.close();
  service = undefined;
  await stage?.stop();
  await rm(folder, { recursive: true, force: true });
});

function signed(text: string, secret: string): string {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`not an address: ${text}`);
  return formatAddress(signBatv(address, { number: "0", secret }, new Date()));
}

/** The service of a site that has nothing to prove its mail with but what the test is about. */
async function start(backend: string, site: object): Promise<void> {
  service = await startService({
    folder,
    databaseUrl: database.url,
    redisUrl: backend === "Redis" ? redis.url : undefined,
    config: {
      site: { domains: ["example.com"], ...site },
      human: { to: [SENDER] },
      http: { port: ingestPort, keys: [{ name: "mta", key: API_KEY }] },
    },
  });
}

function letter(messageId: string, fields: readonly string[] = []): string {
  return [
    ...fields,
    "From: Ann Example <ann@example.com>",
    `To: ${RECIPIENT}`,
    "Subject: The keys of the archive",
    `Message-ID: ${messageId}`,
    `Date: ${new Date().toUTCString().replace("GMT", "+0000")}`,
    "",
    "Hello Joe, here are the keys.",
  ].join("\r\n");
}

/** From a desk of ours, through our Postfix. */
const sendOurs = (messageId: string) =>
  submitMail({ port: stage.ours.port, from: SENDER, to: RECIPIENT, raw: letter(messageId) });

/** From a spammer, straight to the other site, under our name. */
const sendForged = (from: string, messageId: string, fields: readonly string[]) =>
  submitMail({ port: stage.theirs.port, from, to: RECIPIENT, raw: letter(messageId, fields) });

/** Waits for the report about the message, and for what was decided about it. */
async function reportAbout(messageId: string): Promise<MessageView> {
  const ids = () => database.query("SELECT id::text FROM triage.message").catch(() => []);
  try {
    return await vi.waitUntil(async () => {
      for (const { id } of await ids()) {
        const view = await service?.client.message(String(id));
        if (view?.returned?.messageId === messageId) return view;
      }
      return undefined;
    }, ARRIVAL);
  } catch (error) {
    const logs = `Our Postfix:\n${await stage.ours.readLog()}\nTheirs:\n${await stage.theirs.readLog()}`;
    throw new Error(`no report about ${messageId} came. ${logs}`, { cause: error });
  }
}

/** The outcome of one check. */
const outcomeOf = ({ evidence }: MessageView, check: string) => evidence?.find((item) => item.check === check)?.outcome;

describe.each(["Redis", "PostgreSQL"])("with the queues in %s", (backend) => {
  test("a DSN to the BATV-signed reverse-path is proven ours; one to a token of another key is not", async () => {
    await start(backend, { batv: { keys: { "0": BATV_SECRET }, signsAllMail: true } });
    const [ownId, forgedId] = [`<batv-own-${backend}@example.com>`, `<batv-forged-${backend}@foreign.example>`];
    await sendOurs(ownId);
    await sendForged(signed(SENDER, "a guess"), forgedId, []);

    const own = await reportAbout(ownId);
    expect(own).toMatchObject({
      verdict: "genuine-dsn",
      report: { kind: "dsn", reportingMta: "mx.remote.example", recipients: [{ address: RECIPIENT }] },
    });
    expect(outcomeOf(own, "batv")).toBe("pass");

    const forged = await reportAbout(forgedId);
    expect(forged.report).toMatchObject({ kind: "dsn", reportingMta: "mx.remote.example" });
    expect(outcomeOf(forged, "batv")).toBe("fail");
    expect(forged.verdict).not.toBe("genuine-dsn");
  });

  test("a DSN that returns what opendkim signed for us is proven ours; one with a made-up signature is not", async () => {
    const { keyName, keyRecord } = stage.opendkim;
    await start(backend, { dkim: { keys: { [keyName]: keyRecord } } });
    const [ownId, forgedId] = [`<dkim-own-${backend}@example.com>`, `<dkim-forged-${backend}@foreign.example>`];
    const madeUp =
      "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/simple; d=example.com; s=mail; h=From:To:Subject:Date;" +
      ` bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=${Buffer.alloc(256, 7).toString("base64")}`;
    await sendOurs(ownId);
    await sendForged(SENDER, forgedId, [madeUp]);

    const own = await reportAbout(ownId);
    expect(own.verdict).toBe("genuine-dsn");
    expect(outcomeOf(own, "returned-dkim")).toBe("pass");

    const forged = await reportAbout(forgedId);
    expect(forged.report?.kind).toBe("dsn");
    expect(outcomeOf(forged, "returned-dkim")).not.toBe("pass");
    expect(forged.verdict).not.toBe("genuine-dsn");
  });
});
