/** The checks that ask DNS, through the whole classification and a real name server. */
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import type { Envelope } from "@triage/message";
import { parseAddress } from "@triage/message";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type DnsServer, startDnsServer, type Zone } from "../../../../test/support/dns-server.ts";
import { classify } from "../../src/classify.ts";
import { dnsPortsOf } from "../../src/dns/dns-ports.ts";
import { emptySite } from "../../src/empty-site.ts";

const pair = generateKeyPairSync("ed25519");
const KEY = pair.publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("base64");
const SITE = {
  ...emptySite(),
  domains: ["example.com"],
  relays: ["192.0.2.1"],
  dkim: { keys: new Map(), dns: true },
  spf: { dns: true },
  dnsbl: { zones: ["ips.example.org", "dead.example.org"] },
};
const ZONE: Zone = {
  "2026._domainkey.example.com": [{ type: "TXT", value: ["v=DKIM1; k=ed25519; ", `p=${KEY}`] }],
  "example.com": [{ type: "TXT", value: ["v=spf1 ip4:192.0.2.0/24 include:_spf.service.example -all"] }],
  "_spf.service.example": [{ type: "TXT", value: ["v=spf1 ip4:198.51.100.0/24 -all"] }],
  "9.113.0.203.ips.example.org": [{ type: "A", value: "127.0.0.2" }],
  "9.113.0.203.dead.example.org": "servfail",
};

/** Signed as RFC 8463 says, over From alone. */
function signature(): string {
  const tags = "v=1; a=ed25519-sha256; c=relaxed/relaxed; d=example.com; s=2026; h=from; bh=eA==; b=";
  const data = `from:ann@example.com\r\ndkim-signature:${tags}`;
  return tags + sign(null, createHash("sha256").update(data).digest(), pair.privateKey).toString("base64");
}

/** A DSN from 203.0.113.9 that returns a header; the bounced site got the message from the given address. */
function dsn(client: string, dkim: string): Buffer {
  const lines = [
    "Received: from mx.remote.example (mx.remote.example [203.0.113.9]) by mail.example.com; Sun, 22 Nov 2026 09:00:10 +0000",
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
    "Content-Type: text/rfc822-headers",
    "",
    `Received: from client.example.net (client.example.net [${client}]) by mx.remote.example; Sun, 22 Nov 2026 09:00:00 +0000`,
    `DKIM-Signature: ${dkim}`,
    "From: ann@example.com",
    "Message-ID: <1@example.com>",
    "",
    "--b--",
    "",
  ];
  return Buffer.from(lines.join("\r\n"));
}

let server: DnsServer;
beforeEach(async () => {
  server = await startDnsServer(ZONE);
});
afterEach(() => server.close());

async function outcomes(raw: Buffer, timeoutMs = 10_000) {
  const ann = parseAddress("ann@example.com");
  const envelope: Envelope = { reversePath: { kind: "null" }, forwardPaths: ann === undefined ? [] : [ann] };
  const ports = dnsPortsOf(SITE, { servers: [server.address], timeoutMs, tries: 1 });
  const now = new Date("2026-11-22T10:00:00Z");
  const { classification } = await classify(raw, envelope, { site: SITE, ports: () => ({ now, ...ports }) });
  const of = (check: string) => classification.evidence.find((line) => line.check === check);
  return { verdict: classification.verdict, dkim: of("returned-dkim"), spf: of("spf"), dnsbl: of("dnsbl") };
}

describe("a DSN for mail that a service sent for us, which is not among the relays", () => {
  test("is proven by our key from DNS, and by SPF", async () => {
    const found = await outcomes(dsn("198.51.100.7", signature()));
    expect(found).toMatchObject({ verdict: "genuine-dsn", dkim: { outcome: "pass" }, spf: { outcome: "pass" } });
    expect(found.spf?.detail).toBe(
      "mx.remote.example got the returned message from client.example.net (198.51.100.7); SPF of example.com says pass: it may send for us.",
    );
  });

  test("still reaches a person when no name server answers", async () => {
    server.serve({ ...ZONE, "example.com": "silent", "2026._domainkey.example.com": "silent" });
    const found = await outcomes(dsn("198.51.100.7", signature()), 200);
    expect(found).toMatchObject({
      verdict: "undecided",
      dkim: { outcome: "temperror" },
      spf: { outcome: "temperror" },
    });
  });
});

test("a bounce of forged mail from a known backscatterer: SPF and the list both speak against", async () => {
  const found = await outcomes(
    dsn("203.0.113.77", "v=1; a=rsa-sha256; d=example.com; s=gone; h=from; bh=eA==; b=eA=="),
  );
  expect(found).toMatchObject({ dkim: { outcome: "neutral" }, spf: { outcome: "fail" }, dnsbl: { outcome: "fail" } });
  expect(found.dkim?.detail).toContain("gone._domainkey.example.com of the returned DKIM signature does not exist");
  expect(found.dnsbl?.detail).toContain(
    "203.0.113.9, which sent this report, is listed as a host that bounces forged mail",
  );
  expect(found.verdict).not.toBe("genuine-dsn");
});

test("a message with nothing to ask about asks nothing", async () => {
  await outcomes(Buffer.from("From: joe@remote.example\r\nTo: ann@example.com\r\nSubject: Lunch\r\n\r\nAt noon?\r\n"));
  expect(server.questions).toEqual([]);
});
