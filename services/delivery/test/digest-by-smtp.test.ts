/** A digest on its way through mail servers: nothing in it may have to be changed, or a signature put on it breaks. */
import type { DigestFacts } from "@triage/contracts";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { openMailIds } from "../src/compose/mail-ids.ts";
import { type ComposeDigestInput, composeDigest } from "../src/digest/compose-digest.ts";
import { openWallClock } from "../src/digest/wall-clock.ts";
import { openSmtpOutlet } from "../src/outlets/smtp-outlet.ts";
import { USUAL_DAY } from "./digests.ts";
import { startSmtpHost } from "./smtp-host.ts";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function input(facts: DigestFacts): ComposeDigestInput {
  return {
    id: "019a9f00-0000-7000-8000-00000000d19e",
    since: new Date("2026-11-19T05:59:00Z"),
    until: new Date("2026-11-20T05:59:00Z"),
    at: new Date("2026-11-20T06:00:01Z"),
    facts,
    clock: openWallClock("UTC"),
    links: undefined,
    from: "Postmaster der Universität <triage@example.com>",
    to: Array.from({ length: 60 }, (_, index) => `somebody-with-a-long-name-${index}@example.com`),
    lineEnd: "crlf",
    mailIds: openMailIds("triage@example.com", "the secret of our mail of the tests"),
  };
}

/** A day on which strangers write this. */
function dayOf(words: string): DigestFacts {
  const [cause] = USUAL_DAY.causes;
  const entries = cause?.entries.map((entry) => ({ ...entry, from: words, subject: words, recipient: words })) ?? [];
  return {
    ...USUAL_DAY,
    causes: USUAL_DAY.causes.map((one) => ({ ...one, why: words, words, remote: words, entries })),
    senders: [{ name: words, messages: 3 }],
  };
}

/** What RFC 5321 section 4.5.3.1.6, RFC 5322 section 2.3 and RFC 2045 section 2.7 ask of a mail that any server takes as it is. */
function expectToPassAsItIs(raw: string): void {
  expect(raw.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  const lines = raw.split("\r\n");
  expect(lines.filter((line) => line.length > 998)).toEqual([]);
  // Also no NUL (RFC 5322 section 2.2), and no character that a server without 8BITMIME would have to encode.
  expect(raw).toMatch(/^\p{ASCII}*$/u);
  expect(raw).not.toContain("\0");
  expect(raw.endsWith("\r\n")).toBe(true);
}

test("whatever strangers write, its lines are short, end in CRLF and are 7-bit", async () => {
  const nasty = fc.constantFrom("\r", "\n", "\r\n", "\0", "\ud800", "\u2028", ".", "=", "é", "漢", "From ", " ", "\t");
  const words = fc.oneof(
    fc.array(fc.oneof(nasty, fc.string({ unit: "binary" })), { maxLength: 60 }).map((parts) => parts.join("")),
    fc.string({ minLength: 1_000, maxLength: 2_000 }),
  );
  await fc.assert(
    fc.asyncProperty(words, async (text) => {
      const { raw, eightBit } = await composeDigest(input(dayOf(text)));
      expect(eightBit).toBe(false);
      expectToPassAsItIs(raw.toString("latin1"));
    }),
    { numRuns: 60 },
  );
});

test("a mail server gets it byte for byte, with a null reverse-path", async () => {
  const host = await startSmtpHost({ hide8BITMIME: true });
  closers.push(() => host.close());
  const hosts = [{ kind: "tcp", host: "127.0.0.1", port: host.port, tls: "none" }] as const;
  const outlet = openSmtpOutlet({ id: "smtp", kind: "smtp", hosts, auth: undefined, pool: 1 });
  closers.push(() => outlet.close());
  const mail = await composeDigest(input(dayOf("..\r\n.\r\nGrüße\r\nDATA\r\n.\r\n")));
  const [result] = await outlet.deliver(mail, ["ann@example.com"]);
  expect(result?.outcome).toBe("delivered");
  expect(host.taken).toMatchObject([{ from: "", to: ["ann@example.com"], raw: mail.raw.toString("latin1") }]);
  expectToPassAsItIs(host.taken[0]?.raw ?? "");
});
