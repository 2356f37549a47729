import { describe, expect, test } from "vitest";
import type { DkimKeyAnswer } from "../src/index.ts";
import { handSigned, relaxedLine, simpleLine } from "./hand-signer.ts";
import { profileOf, rsaKey } from "./mailauth-signer.ts";
import { RFC6376, RFC8463 } from "./rfc-messages.ts";
import { dsnReturning, evidenceOf, returnedWith, siteOf } from "./samples.ts";
import { BODY, ED25519, HEADER, judge, KEYS, RSA, signed, site } from "./signed-samples.ts";

describe("the examples of the RFCs", () => {
  test.each([
    ["RFC 6376 (simple/simple, RSA)", RFC6376],
    ["RFC 8463 (relaxed/relaxed, Ed25519 first)", RFC8463],
    ["RFC 8463 (RSA alone)", { ...RFC8463, keys: new Map([...RFC8463.keys].slice(1)) }],
  ])("%s: header and body are proven", async (_, { domain, keys, header, body }) => {
    const found = await judge(header, body, siteOf({ domains: [domain], dkim: { keys, dns: false } }));
    expect(found.detail).toContain("header and body proven");
    expect(found.outcome).toBe("pass");
    expect((await judge(header, undefined, siteOf({ domains: [domain], dkim: { keys, dns: false } }))).outcome).toBe(
      "pass",
    );
  });
});

describe("what mailauth signs, the returned header alone proves", () => {
  const forms = ["relaxed/relaxed", "relaxed/simple", "simple/relaxed", "simple/simple"];
  test.each(KEYS.flatMap((key) => forms.map((form) => [key.algorithm, form, key] as const)))(
    "with %s in %s",
    async (_, form, key) => {
      const header = await signed(key, { canonicalization: form });
      const bare = await judge(header);
      expect(bare).toMatchObject({ outcome: "pass" });
      expect(bare.detail).toContain("body not returned");
      expect((await judge(header, BODY)).detail).toContain("header and body proven");
      expect((await judge(header.replaceAll("\r\n", "\n"), BODY.replaceAll("\r\n", "\n"))).detail).toContain(
        "header and body proven",
      );
    },
  );

  test("with repeated fields, taken from the bottom up", async () => {
    const tags = "v=1; a=ed25519-sha256; c=relaxed/relaxed; d=example.com; s=ed25519; h=x-tag:from:x-tag; bh=eA==; ";
    const lines = ["x-tag:second", "from:ann@example.com", "x-tag:first"];
    const header = "X-Tag: first\r\nX-Tag: second\r\nFrom: ann@example.com\r\n";
    const returned = handSigned(tags, lines, ED25519, relaxedLine) + header;
    expect((await judge(returned)).outcome).toBe("pass");
    expect((await judge(`X-Tag: added on top\r\n${returned}`)).outcome).toBe("pass");
    expect((await judge(`${returned}X-Tag: added below\r\n`)).outcome).toBe("neutral");
  });

  test("with over-signed fields, to which nothing may be added", async () => {
    const tags = "v=1; a=ed25519-sha256; c=relaxed/relaxed; d=example.com; s=ed25519; h=from:from:reply-to; bh=eA==; ";
    const returned = `${handSigned(tags, ["from:ann@example.com"], ED25519, relaxedLine)}From: ann@example.com\r\n`;
    expect((await judge(returned)).outcome).toBe("pass");
    expect((await judge(`Reply-To: mallory@example.net\r\n${returned}`)).outcome).toBe("neutral");
    expect((await judge(`From: mallory@example.net\r\n${returned}`)).outcome).toBe("neutral");
  });

  test("below the trace fields that others put on top", async () => {
    const trace =
      "Return-Path: <ann@example.com>\r\nReceived: from a by b; now\r\nDKIM-Signature: v=1; a=rsa-sha256; d=example.net; s=x; h=from; bh=eA==; b=eA==\r\n";
    expect((await judge(trace + (await signed(ED25519)))).outcome).toBe("pass");
  });

  test("with 8-bit bytes, as they are", async () => {
    const header = HEADER.replace("Subject: The", "Subject: Grüße, the");
    expect((await judge(Buffer.from(await signed(RSA, {}, header)))).outcome).toBe("pass");
  });
});

describe("a body that did not come back whole", () => {
  test("leaves the header proven, since cutting it is what bouncing MTAs do", async () => {
    const found = await judge(await signed(RSA), "Dear all,\r\n");
    expect(found.outcome).toBe("pass");
    expect(found.detail).toContain("body not returned whole");
  });

  test("is proven as far as l= reaches", async () => {
    const header = await signed(RSA, { maxBodyLength: 12 });
    expect((await judge(header, `${BODY}-- \r\nList footer\r\n`)).detail).toContain(
      "the signed part of the body proven",
    );
    expect((await judge(header, "Dear\r\n")).detail).toContain("body not returned whole");
  });
});

describe("a signature of ours that expired", () => {
  test("still proves that we made it, and the human is told", async () => {
    const found = await judge(await signed(RSA, { expires: new Date("2026-11-21T00:00:00Z") }));
    expect(found.outcome).toBe("pass");
    expect(found.detail).toContain("it expired on 2026-11-21");
    expect((await judge(await signed(RSA, { expires: new Date("2026-12-21T00:00:00Z") }))).detail).not.toContain(
      "expired",
    );
  });
});

test("the sentence says when it was signed, and that a day to come is a wrong clock", async () => {
  expect((await judge(await signed(RSA))).detail).toContain(
    "signed with our DKIM key rsa2048._domainkey.example.com on 2026-11-20",
  );
  const tags = "v=1; a=ed25519-sha256; c=relaxed/relaxed; d=example.com; s=ed25519; t=1900000000; h=from; bh=eA==; ";
  const ahead = `${handSigned(tags, ["from:ann@example.com"], ED25519, relaxedLine)}From: ann@example.com\r\n`;
  const found = await judge(ahead);
  expect(found.outcome).toBe("pass");
  expect(found.detail).toContain("on 2030-03-17");
  expect(found.detail).toContain("still to come: the clock of the signing host is wrong, or ours");
});

test("l=0 signs no body, and the sentence does not claim one", async () => {
  const tags = "v=1; a=ed25519-sha256; c=relaxed/relaxed; d=example.com; s=ed25519; l=0; h=from; bh=eA==; ";
  const header = `${handSigned(tags, ["from:ann@example.com"], ED25519, relaxedLine)}From: ann@example.com\r\n`;
  const found = await judge(header, "anything at all");
  expect(found.outcome).toBe("pass");
  expect(found.detail).toContain("the body is not signed (l=0)");
});

describe("the domain of the signature (d=)", () => {
  const signedBy = async (domain: string, domains: readonly string[]) => {
    const dkim = profileOf([RSA], domain);
    const found = await judge(
      await signed(RSA, { domain }),
      undefined,
      siteOf({ domains, dkim: { ...dkim, dns: false } }),
    );
    const asked: string[] = [];
    const dkimKey = async (name: string): Promise<DkimKeyAnswer> => {
      asked.push(name);
      return { kind: "found", record: RSA.record };
    };
    const report = dsnReturning(returnedWith(await signed(RSA, { domain })));
    const byDns = siteOf({ domains, dkim: { keys: new Map(), dns: true } });
    const asking = await evidenceOf("returned-dkim", { site: byDns, report, ports: { dkimKey } });
    return { configured: found.outcome, asked: asking.outcome };
  };

  test("may be below a domain of ours: a service that signs for us has its key there", async () => {
    expect(await signedBy("em1.example.com", ["example.com"])).toEqual({ configured: "pass", asked: "pass" });
    expect(await signedBy("a.b.example.org", ["*.example.org"])).toEqual({ configured: "pass", asked: "pass" });
  });

  test("is not ours above it, nor beside it; a key that the operator configured says otherwise", async () => {
    expect(await signedBy("example.com", ["sub.example.com"])).toEqual({ configured: "pass", asked: "neutral" });
    expect(await signedBy("notexample.com", ["example.com"])).toEqual({ configured: "pass", asked: "neutral" });
  });
});

describe("folding that the bouncing MTA changed", () => {
  test("does not matter to a relaxed signature", async () => {
    const returned = await signed(RSA);
    const refolded = returned.replace("The  minutes\r\n of", "The minutes of").replace(",\r\n\tkim", ",\r\n    kim");
    expect(await judge(refolded)).toMatchObject({ outcome: "pass" });
  });

  /** A header signed in `simple` form, folded with what is given. */
  const simple = (fold: string) => {
    const tags = `v=1; a=ed25519-sha256; c=simple/simple; d=example.com;${fold}s=ed25519; h=from:subject; bh=eA==; `;
    const lines = ["From: ann@example.com", `Subject: The minutes${fold}of our meeting`];
    return handSigned(tags, lines, ED25519, simpleLine) + lines.map((line) => `${line}\r\n`).join("");
  };

  test.each([
    ["spaces became tabs", simple("\r\n "), (header: string) => header.replaceAll("\r\n ", "\r\n\t")],
    ["tabs became spaces", simple("\r\n\t"), (header: string) => header.replaceAll("\r\n\t", "\r\n ")],
    ["a long line was folded", simple(" "), (header: string) => header.replace("minutes of", "minutes\r\n of")],
    [
      "a space became a tab and a fold",
      simple(" "),
      (header: string) => header.replace("minutes of", "minutes\r\n\tof"),
    ],
  ])("is put back for a simple one where %s", async (_, signedHeader, refold) => {
    expect((await judge(signedHeader)).detail).not.toContain("folding");
    const found = await judge(refold(signedHeader));
    expect(found.outcome).toBe("pass");
    expect(found.detail).toContain("after its folding was restored");
  });
});

describe("a signature that proves nothing", () => {
  test("of somebody else is not ours, even if it is valid", async () => {
    const header = await signed(RSA, { domain: "example.net" });
    const found = await judge(header);
    expect(found.outcome).toBe("neutral");
    expect(found.detail).toContain("not of our domains");
  });

  test("of ours over a changed header is neutral: forged, or rewritten by the bouncing MTA", async () => {
    const found = await judge((await signed(RSA)).replace("meeting", "wedding"));
    expect(found.outcome).toBe("neutral");
    expect(found.detail).toContain("does not verify: our key made it, but over another header");
  });

  test("made up in our name is neutral, and the sentence says that our key did not make it", async () => {
    const other = rsaKey(2048, RSA.selector);
    const found = await judge(await signed(other));
    expect(found.outcome).toBe("neutral");
    expect(found.detail).toContain("does not verify: the key did not make it");
  });

  test("with rsa-sha1 is refused (RFC 8301)", async () => {
    const found = await judge(await signed(RSA, { algorithm: "rsa-sha1" }));
    expect(found.outcome).toBe("neutral");
    expect(found.detail).toContain("rsa-sha1");
  });

  test("by a key below 1024 bits is refused (RFC 8301)", async () => {
    const weak = rsaKey(768);
    const found = await judge(await signed(weak), undefined, siteOf({ dkim: profileOf([weak]) }));
    expect(found.outcome).toBe("neutral");
    expect(found.detail).toContain("768 bits");
  });

  test("of a key that we did not configure is skipped, and the key named", async () => {
    const found = await judge(await signed(rsaKey(1024, "other")));
    expect(found.outcome).toBe("skip");
    expect(found.detail).toContain("other._domainkey.example.com");
  });

  test.each([
    ["a revoked key", "v=DKIM1; p=", "revoked"],
    ["a key for SHA-1 only", `${RSA.record}; h=sha1`, "SHA-256"],
    ["a key not meant for mail", `${RSA.record}; s=tlsrpt`, "not meant for mail"],
    ["a record that is no key", "v=DKIM1; k=rsa; p=aGVsbG8=", "cannot be read"],
    ["a key of the other type", ED25519.record, "but the key is ed25519"],
  ])("by %s is neutral", async (_, record, words) => {
    const dkim = { keys: new Map([["rsa2048._domainkey.example.com", record]]), dns: false };
    const found = await judge(await signed(RSA), undefined, siteOf({ dkim }));
    expect(found.outcome).toBe("neutral");
    expect(found.detail).toContain(words);
  });

  test.each([
    ["without From among its fields", "v=1; a=rsa-sha256; d=example.com; s=rsa2048; h=to; bh=eA==; b=eA=="],
    ["with a tag twice", "v=1; a=rsa-sha256; d=example.com; d=example.com; s=rsa2048; h=from; bh=eA==; b=eA=="],
    ["without b=", "v=1; a=rsa-sha256; d=example.com; s=rsa2048; h=from; bh=eA=="],
    [
      "with an identity outside its domain",
      "v=1; a=rsa-sha256; d=example.com; i=@example.net; s=rsa2048; h=from; bh=eA==; b=eA==",
    ],
  ])("%s is neutral", async (_, value) => {
    expect((await judge(`DKIM-Signature: ${value}\r\n${HEADER}`)).outcome).toBe("neutral");
  });

  test("is only tried five times, so that thousands cost nothing", async () => {
    const junk = "DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=rsa2048; h=from; bh=eA==; b=eA==\r\n";
    expect((await judge(junk.repeat(4) + (await signed(RSA)))).outcome).toBe("pass");
    expect((await judge(junk.repeat(5) + (await signed(RSA)))).outcome).toBe("neutral");
  });
});

test("without keys, a returned header or a signature nothing is said", async () => {
  expect((await judge(HEADER, undefined, siteOf())).outcome).toBe("skip");
  expect((await evidenceOf("returned-dkim", { site, report: dsnReturning(returnedWith(undefined)) })).outcome).toBe(
    "skip",
  );
  expect((await judge(HEADER)).outcome).toBe("neutral");
});
