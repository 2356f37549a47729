/** `triage evaluate --twins`: the goals of provenance, on our own corpus. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { runCli } from "../src/cli.ts";

const OUR_CORPUS = join(import.meta.dirname, "../../../test/corpus");
const folders: string[] = [];

afterEach(() => {
  vi.restoreAllMocks();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function twins(folder: string, ...words: readonly string[]) {
  const printed = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      printed[name] += String(text);
      return true;
    });
  }
  const exitCode = await runCli(["node", "triage", "evaluate", "--twins", folder, ...words]);
  vi.restoreAllMocks();
  return { exitCode, ...printed };
}

function corpusOf(mails: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "twins-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(mails)) writeFileSync(join(folder, name), text);
  return folder;
}

test("no genuine bounce of our corpus is hidden, no forged one is genuine, and 97 in 100 of those are found out", async () => {
  const { exitCode, stdout, stderr } = await twins(OUR_CORPUS);
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/genuine +\d+ +\d+ .* 100\.0 % +100 % +not kept from the human/);
});

/** Made up at the one place that a forger cannot reach: the line of the host that saw him. */
const bounce = (received: string) => `Return-Path: <>
From: MAILER-DAEMON@mx.example.net
Subject: Undelivered Mail Returned to Sender
Date: Fri, 20 Nov 2026 10:05:00 +0000
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; joe@example.net
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Return-Path: <ann@example.com>
${received}From: ann@example.com
Message-ID: <1@example.com>

--b--
`;

describe("a goal that is missed", () => {
  test("is said on stderr with the exit code 1, and the ladder of each miss is printed", async () => {
    const trusted = "mail.ours.test (mail.ours.test [198.18.7.25])";
    const corpus = corpusOf({
      "a.eml": bounce(
        `Received: from ${trusted} by mx.example.net (Postfix) with ESMTP id 1; Fri, 20 Nov 2026 10:00:00 +0000\n`,
      ),
    });
    const { exitCode, stdout, stderr } = await twins(corpus);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("twins, spoofed, sender ours: 0.00 % are backscatter, the goal is 97");
    expect(stderr).toContain("twins, no returned header: the corpus has none");
    expect(stdout).toContain("a.eml spoofed, sender ours: genuine-dsn");
    expect(stdout).toMatch(/ received-path pass: mx\.example\.net got the returned message from mail\.ours\.test/);
  });

  test("is in the JSON, too", async () => {
    const corpus = corpusOf({ "a.eml": bounce("") });
    const { failures, twins: judged } = JSON.parse((await twins(corpus, "--json")).stdout);
    expect(failures).toContain("twins, no returned header: the corpus has none");
    expect(judged.find((twin: { kind: string }) => twin.kind === "genuine")).toMatchObject({ path: "a.eml" });
  });
});

test("a folder without mail, and no folder at all, are errors that say so", async () => {
  const { exitCode, stderr } = await twins(corpusOf({}));
  expect(exitCode).toBe(1);
  expect(stderr).toContain("there is no .eml file in it");
});
