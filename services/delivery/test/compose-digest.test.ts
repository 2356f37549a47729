import { readMessage } from "@triage/message";
import { simpleParser } from "mailparser";
import { describe, expect, test } from "vitest";
import { openLinkMaker } from "../src/compose/link-maker.ts";
import { openMailIds } from "../src/compose/mail-ids.ts";
import { type ComposeDigestInput, composeDigest } from "../src/digest/compose-digest.ts";
import { describeDigest } from "../src/digest/digest-page.ts";
import { formatDigestText } from "../src/digest/digest-text.ts";
import { openWallClock } from "../src/digest/wall-clock.ts";
import { JOE_JOB_DAY, NO_NEWS, ONLY_UNDECIDED, USUAL_DAY } from "./digests.ts";

const LINKS = await openLinkMaker(
  { publicUrl: "https://triage.example.com", days: 14, secrets: ["the secret of the links of the tests"] },
  { linkSecret: async () => Buffer.alloc(32) },
);

function input(more: Partial<ComposeDigestInput>): ComposeDigestInput {
  return {
    id: "019a9f00-0000-7000-8000-00000000d19e",
    since: new Date("2026-11-19T05:59:00Z"),
    until: new Date("2026-11-20T05:59:00Z"),
    at: new Date("2026-11-20T06:00:01Z"),
    facts: USUAL_DAY,
    clock: openWallClock("Europe/Vienna"),
    links: LINKS,
    from: "postmaster-triage@example.com",
    to: ["ann@example.com"],
    lineEnd: "lf",
    mailIds: openMailIds("postmaster-triage@example.com", "the secret of our mail of the tests"),
    ...more,
  };
}

test.each([
  ["usual-day", {}],
  ["joe-job-day", { facts: JOE_JOB_DAY, since: new Date("2026-11-17T05:59:00Z") }],
  ["only-undecided", { facts: ONLY_UNDECIDED, links: undefined }],
  ["nothing", { facts: NO_NEWS }],
] as const)("the digest of %s", async (name, more) => {
  const { raw, text } = await composeDigest(input(more));
  await expect(raw.toString("utf8")).toMatchFileSnapshot(`golden/digest-${name}.eml`);
  await expect(text).toMatchFileSnapshot(`golden/digest-${name}.txt`);
});

describe("the mail", () => {
  test("is the same, byte for byte, however often it is composed", async () => {
    const [first, second] = await Promise.all([composeDigest(input({})), composeDigest(input({}))]);
    expect(first?.raw.equals(second?.raw ?? Buffer.alloc(0))).toBe(true);
  });

  test("is answered by no machine, found by its own field, and belongs to no thread", async () => {
    const { headers } = readMessage((await composeDigest(input({}))).raw).root;
    expect(headers.text("auto-submitted")).toBe("auto-generated");
    expect(headers.text("x-triage-loop")).toBe("019a9f00-0000-7000-8000-00000000d19e");
    expect(headers.text("message-id")).toMatch(
      /^<019a9f00-0000-7000-8000-00000000d19e\.digest\.[0-9a-f]{20}@example\.com>$/,
    );
    expect([headers.text("references"), headers.text("in-reply-to")]).toEqual([undefined, undefined]);
  });

  test("has a text and an HTML form that name the same messages and the same links", async () => {
    const { text = "", html } = await simpleParser((await composeDigest(input({}))).raw);
    const links = (form: string) =>
      [...form.matchAll(/https:\/\/triage\.example\.com\/l\/[\w-]+/g)].map(([url]) => url);
    expect(links(String(html))).toEqual(links(text));
    expect(links(text)).toHaveLength(5);
  });

  test("shows what strangers wrote as text: no element, no link, no turned-around reading", async () => {
    const { html } = await simpleParser((await composeDigest(input({}))).raw);
    expect(html).toContain("You have &lt;b&gt;won&lt;/b&gt; a prize &amp; more");
    expect(html).not.toContain('href="https://evil.example');
    expect(html).not.toContain("\u202e");
    expect(html).not.toMatch(/<script|<img|<link|url\(/);
  });

  test("loads nothing and needs nothing: no picture, no style sheet from elsewhere", async () => {
    const { html } = await simpleParser((await composeDigest(input({ facts: JOE_JOB_DAY }))).raw);
    const addresses = [...String(html).matchAll(/(?:src|href|background)="([^"]*)"/g)].map(([, url = ""]) => url);
    expect(addresses.filter((url) => !url.startsWith("https://triage.example.com/l/"))).toEqual([]);
  });
});

test("without an address for browsers each entry names its id, and the page the call of the API", () => {
  const text = formatDigestText(describeDigest(input({ links: undefined })));
  expect(text).not.toContain("https://triage.example.com");
  for (const { entries } of USUAL_DAY.causes) for (const { id } of entries) expect(text).toContain(id);
  expect(text).toContain("POST /v1/messages/ID/release");
});

test("no line of the text is longer than 76 columns, but for links", () => {
  for (const facts of [USUAL_DAY, JOE_JOB_DAY, ONLY_UNDECIDED, NO_NEWS]) {
    const lines = formatDigestText(describeDigest(input({ facts }))).split("\n");
    expect(lines.filter((line) => line.length > 76 && !line.includes("https://triage"))).toEqual([]);
  }
});
