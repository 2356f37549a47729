/**
 * Header-only DKIM against a real signer: OpenDKIM signs, our check proves. And the whole way: a Postfix with OpenDKIM as its
 * milter sends, a remote Postfix refuses, and the DSN that comes back is proven ours by its returned header alone.
 *
 * `STORE_SAMPLES=1 npx vitest run --project mta test/mta/dkim-signer.mta.test.ts` writes what OpenDKIM signed to
 * packages/provenance/test/opendkim, for the tests that run without it.
 */
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { classify, emptySite } from "@triage/classifier";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readMaildir } from "../support/story.ts";
import { missingForOpendkim, startOpendkim } from "./opendkim.ts";
import { type KeyRecords, makeSigningKeys, SIGNING_CONFIGURATIONS, signWithOpendkim } from "./opendkim-signer.ts";
import { missingForPostfix, startPostfix } from "./postfix.ts";
import { submitMail } from "./submit-mail.ts";

/** `nobody` on Debian owns the mailbox that the DSN is delivered to. */
const NOBODY = { uid: 65_534, gid: 65_534 };
const ARRIVAL = { timeout: 60_000, interval: 100 };
const SAMPLES = new URL("../../packages/provenance/test/opendkim/", import.meta.url);

/** Folded with tabs and with spaces, double spaces, a repeated field, 8-bit bytes, blank lines at the end. */
const MESSAGE = [
  "Received: from ann-pc (ann-pc.example.com [192.0.2.77])",
  "\tby mail.example.com (Postfix) with ESMTPSA id 4F0000;",
  "\tSun, 22 Nov 2026 09:00:00 +0000 (UTC)",
  "From: Ann  Example <ann@example.com>",
  "To: joe@remote.example,",
  "\tkim@remote.example",
  "Subject: The  minutes",
  " of our meeting in M\u00fcnchen",
  "Keywords: minutes",
  "Keywords: meeting",
  "Date: Sun, 22 Nov 2026 09:00:00 +0000",
  "Message-ID: <minutes-1@example.com>",
  "MIME-Version: 1.0",
  "Content-Type: text/plain; charset=iso-8859-1",
  "Content-Transfer-Encoding: 8bit",
  "",
  "Dear all,",
  "",
  "here  they are.  ",
  "",
  "Ann",
  "",
  "",
  "",
].join("\r\n");

const closers: (() => Promise<unknown>)[] = [];
let folder: string;
let keys: KeyRecords;

beforeEach(async () => {
  const missing = missingForOpendkim();
  if (missing !== undefined) throw new Error(missing);
  folder = await mkdtemp(join(tmpdir(), "triage-opendkim-"));
  closers.push(() => rm(folder, { recursive: true, force: true }));
  // OpenDKIM as root insists on keys that nobody else can reach.
  keys = await makeSigningKeys(join(folder, "keys"));
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** What our check says of the message that the report returns. */
async function judge(report: Buffer) {
  const dkim = { keys: new Map(Object.entries(keys)), dns: false };
  const site = { ...emptySite(), domains: ["example.com"], dkim };
  const context = { site, ports: () => ({ now: new Date() }) };
  const { classification } = await classify(report, { reversePath: { kind: "null" }, forwardPaths: [] }, context);
  const found = classification.evidence.find(({ check }) => check === "returned-dkim");
  if (found === undefined) throw new Error("the check did not run");
  return { ...found, verdict: classification.verdict };
}

/** A DSN (RFC 3464) that returns the message, or its header alone. */
function reportReturning(message: string, type: "message/rfc822" | "text/rfc822-headers"): Buffer {
  const returned = type === "message/rfc822" ? message : message.slice(0, message.indexOf("\r\n\r\n") + 2);
  const lines = [
    "From: MAILER-DAEMON@mx.remote.example",
    "To: ann@example.com",
    "Subject: Undelivered Mail",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    "",
    "--b",
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mx.remote.example",
    "",
    "Final-Recipient: rfc822; joe@remote.example",
    "Action: failed",
    "Status: 5.1.1",
    "",
    "--b",
    `Content-Type: ${type}`,
    "",
    `${returned}\r\n--b--`,
    "",
  ];
  return Buffer.from(lines.join("\r\n"), "latin1");
}

describe("what OpenDKIM signs, our check proves", () => {
  const accepted = Object.entries(SIGNING_CONFIGURATIONS).filter(([name]) => name !== "rsa-sha1");

  test.each(accepted)("%s: from the whole message, and from its header alone", async (name, lines) => {
    const signed = await signWithOpendkim(join(folder, "keys"), MESSAGE, lines);
    const whole = await judge(reportReturning(signed, "message/rfc822"));
    expect(whole.detail).toContain(
      name === "body-length" ? "signed part of the body proven" : "header and body proven",
    );
    expect(whole).toMatchObject({ outcome: "pass", verdict: "genuine-dsn" });
    const header = await judge(reportReturning(signed, "text/rfc822-headers"));
    expect(header.detail).toContain("header proven, body not returned");
    expect(header).toMatchObject({ outcome: "pass", verdict: "genuine-dsn" });
    const forged = await judge(
      reportReturning(signed.replace("minutes\r\n of", "profits\r\n of"), "text/rfc822-headers"),
    );
    expect(forged.outcome).toBe("neutral");
  });

  test("but not with rsa-sha1, which RFC 8301 refuses", async () => {
    const signed = await signWithOpendkim(join(folder, "keys"), MESSAGE, SIGNING_CONFIGURATIONS["rsa-sha1"] ?? []);
    expect(await judge(reportReturning(signed, "message/rfc822"))).toMatchObject({ outcome: "neutral" });
  });
});

test.runIf(process.env.STORE_SAMPLES === "1")("the samples are written anew", async () => {
  await mkdir(SAMPLES, { recursive: true });
  await writeFile(new URL("keys.json", SAMPLES), `${JSON.stringify(keys, undefined, 2)}\n`);
  for (const [name, lines] of Object.entries(SIGNING_CONFIGURATIONS)) {
    const signed = await signWithOpendkim(join(folder, "keys"), MESSAGE, lines);
    await writeFile(new URL(`${name}.eml`, SAMPLES), signed, "latin1");
  }
});

/** Sends it and waits for the DSN in Ann's mailbox. */
async function bounce(message: string): Promise<Buffer> {
  const missing = missingForPostfix();
  if (missing !== undefined) throw new Error(missing);
  await chmod(folder, 0o755);
  const signer = await startOpendkim({ folder: join(folder, "signer"), domain: "example.com", selector: "postfix" });
  closers.push(() => signer.stop());
  keys = { [signer.keyName]: signer.keyRecord };
  const theirs = await startPostfix({
    folder: join(folder, "theirs"),
    hostname: "mx.remote.example",
    settings: {
      relay_domains: "remote.example",
      smtpd_recipient_restrictions: "check_recipient_access inline:{ { joe@remote.example = 550 5.1.1 No such user } }",
    },
  });
  closers.push(() => theirs.stop());
  const mail = join(folder, "mail");
  await mkdir(mail);
  await chown(mail, NOBODY.uid, NOBODY.gid);
  const ours = await startPostfix({
    folder: join(folder, "ours"),
    hostname: "mail.example.com",
    settings: {
      smtpd_milters: signer.milter,
      // Longer messages come back as their header alone (postconf(5)).
      bounce_size_limit: "3000",
      transport_maps: `inline:{ { remote.example = smtp:[127.0.0.1]:${theirs.port} } }`,
      relay_domains: "remote.example",
      virtual_mailbox_domains: "example.com",
      virtual_mailbox_base: mail,
      virtual_mailbox_maps: "inline:{ { ann@example.com = ann/ } }",
      virtual_uid_maps: `static:${NOBODY.uid}`,
      virtual_gid_maps: `static:${NOBODY.gid}`,
    },
  });
  closers.push(() => ours.stop());
  await submitMail({ port: ours.port, from: "ann@example.com", to: "joe@remote.example", raw: message });
  try {
    const box = join(mail, "ann");
    const [dsn] = await vi.waitUntil(async () => {
      const found = await readMaildir(box).catch(() => []);
      return found.length > 0 && found;
    }, ARRIVAL);
    if (dsn === undefined) throw new Error("the mailbox is empty");
    return dsn.raw;
  } catch (error) {
    const logs = `${await ours.readLog()}\n${await theirs.readLog()}`;
    throw new Error(`no DSN came:\n${logs}`, { cause: error });
  }
}

test("a mailing that OpenDKIM signed in our Postfix comes back as a header alone, and is proven ours all the same", async () => {
  const dsn = await bounce(MESSAGE + "All of it.\r\n".repeat(1_000));
  const found = await judge(dsn);
  expect(found).toMatchObject({ outcome: "pass", verdict: "genuine-dsn" });
  expect(found.detail).toContain("header proven, body not returned");
  const forged = dsn.toString("latin1").replace("Subject: The  minutes", "Subject: The  profits");
  expect(await judge(Buffer.from(forged, "latin1"))).toMatchObject({ outcome: "neutral" });
});
