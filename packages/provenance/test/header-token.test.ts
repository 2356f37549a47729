import { createHmac } from "node:crypto";
import { readHeader } from "@triage/message";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { signHeaders } from "../src/index.ts";
import { daysFrom, dsnReturning, evidenceOf, NOW, returnedWith, siteOf } from "./samples.ts";

const SECRET = "a secret of 16 chars";
const HEADER = [
  'From: "Smith, Ann" <Ann.Smith@Example.com>',
  "Date: Sun, 22 Nov 2026",
  " 12:00:00 +0000",
  "Message-ID: <1@example.com>",
  "Subject: x",
  "",
].join("\r\n");
/** printf 'ann.smith@example.com\nSun, 22 Nov 2026 12:00:00 +0000\n<1@example.com>' | openssl dgst -sha256 -hmac 'a secret of 16 chars' */
const SHA256 = "9f8d95af77d335350e0208369f4cef74c2f0744552c33f2eaba9326311df4027";
/** exim4 -bem MESSAGE '${hmac{sha1}{a secret of 16 chars}{${lc:${address:$h_from:}}\n${sg{$h_date:}{\\s+}{ }}\n$h_message-id:}}' (4.96) */
const SHA1 = "03b633aa0a87160e7250cfefc48ac8073bcd6906";

const site = siteOf({
  headerToken: { field: "X-Triage-Token", secrets: ["the newest of secrets", SECRET], maxAgeDays: 30 },
});
const check = (header: string | undefined, now = NOW) =>
  evidenceOf("header-token", { site, report: dsnReturning(returnedWith(header)), ports: { now } });

describe("a header token", () => {
  test("is made as openssl makes it", () => {
    expect(signHeaders(readHeader(Buffer.from(HEADER)), SECRET)).toEqual({ kind: "fields", text: SHA256 });
  });

  test.each([
    ["HMAC-SHA256", SHA256],
    ["HMAC-SHA1, as Exim makes it", SHA1],
    ["capitals", SHA256.toUpperCase()],
  ])("proves the returned header ours: %s", async (_, token) => {
    const found = await check(`X-Triage-Token: ${token}\r\n${HEADER}`);
    expect(found.outcome).toBe("pass");
    expect(found.strength).toBeUndefined();
    expect(found.detail).toContain("signed with our secret 2 of 2, 0 days old");
  });

  test("survives another folding, display name and order of the fields", async () => {
    const changed = [
      "Message-ID:",
      "\t<1@example.com>",
      `x-triage-token: ${SHA256}`,
      "Date: Sun, 22 Nov 2026 12:00:00\t+0000",
      "From: ann.smith@example.com (Ann)",
      "",
    ].join("\r\n");
    expect((await check(changed)).outcome).toBe("pass");
  });

  test.each([
    ["From", HEADER.replace("Ann.Smith@", "Ann.Smyth@")],
    ["Date", HEADER.replace("12:00", "12:01")],
    ["Message-ID", HEADER.replace("<1@", "<2@")],
  ])("does not fit another %s", async (_, header) => {
    expect((await check(`X-Triage-Token: ${SHA256}\r\n${header}`)).outcome).toBe("fail");
  });

  test("stands among others that are not ours", async () => {
    expect((await check(`X-Triage-Token: forged\r\nX-Triage-Token: ${SHA256}\r\n${HEADER}`)).outcome).toBe("pass");
    expect((await check(`X-Triage-Token: forged\r\n${HEADER}`)).outcome).toBe("fail");
  });

  test("says nothing where it is missing, or one of the fields is", async () => {
    expect((await check(HEADER)).outcome).toBe("neutral");
    expect((await check(undefined)).outcome).toBe("neutral");
    for (const name of ["From", "Date", "Message-ID"]) {
      const found = await check(`X-Triage-Token: ${SHA256}\r\n${HEADER.replace(`${name}:`, `X-${name}:`)}`);
      expect(found.outcome).toBe("neutral");
      expect(found.detail).toContain(`but no ${name} that it could be checked with`);
    }
  });

  test("proves nothing when the message is older than anything that still bounces", async () => {
    const late = daysFrom(NOW, 31);
    expect((await check(`X-Triage-Token: ${SHA256}\r\n${HEADER}`, late)).outcome).toBe("neutral");
  });

  test("is not looked for where none is configured", async () => {
    const report = dsnReturning(returnedWith(HEADER));
    expect((await evidenceOf("header-token", { site: siteOf(), report })).outcome).toBe("skip");
  });
});

describe("for every header", () => {
  test("any change of one character of the token fails", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(63), fc.constantFrom(..."0123456789abcdefg "), async (at, change) => {
        fc.pre(SHA256.charAt(at) !== change);
        const token = SHA256.slice(0, at) + change + SHA256.slice(at + 1);
        expect((await check(`X-Triage-Token: ${token}\r\n${HEADER}`)).outcome).toBe("fail");
      }),
    );
  });

  test("what we sign is the HMAC of the three canonical lines, computed here once more", () => {
    const word = fc.stringMatching(/^[A-Za-z0-9]{1,12}$/);
    fc.assert(
      fc.property(word, word, word, word, (local, host, id, secret) => {
        const header = `From: ${local}@${host}.example\r\nDate: Sun,  22 Nov\t2026 12:00:00 +0000\r\nMessage-ID: <${id}@a.example>\r\n`;
        const text = `${local}@${host}.example\nSun, 22 Nov 2026 12:00:00 +0000\n<${id}@a.example>`;
        const lines = text.split("\n");
        const canonical = [lines[0]?.toLowerCase(), ...lines.slice(1)].join("\n");
        expect(signHeaders(readHeader(Buffer.from(header)), secret)).toEqual({
          kind: "fields",
          text: createHmac("sha256", secret).update(canonical).digest("hex"),
        });
      }),
    );
  });

  test("bytes of strangers are read without stumbling, and are never ours", async () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 20 }),
      fc.constantFrom("X-Triage-Token: ", "From: a@b.example", "Date: ", "Message-ID: <1@a>", "\r\n", SHA256),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
        expect((await check(pieces.join(""))).outcome).not.toBe("pass");
      }),
    );
  });
});
