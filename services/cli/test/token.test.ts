import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from "vitest";
import { runCli } from "../src/cli.ts";

const folder = mkdtempSync(join(tmpdir(), "triage-token-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CONFIG = join(folder, "triage.yaml");
const SECRET = "a secret of 16 chars";
writeFileSync(
  CONFIG,
  `site:
  domains: [example.com]
  batv: { keys: { "0": secret, "1": newer } }
  srs: { domain: example.com, secrets: [tops3cr3t] }
  verp:
    - { pattern: "bounces+{id}-{hmac}@lists.example.com", secrets: ["${SECRET}"] }
    - { pattern: "users-bounces+{recipient}@lists.example.com" }
  envelopeId: { pattern: "{date}.{id}.{hmac}@example.com", secrets: ["${SECRET}"] }
  headerToken: { field: X-Triage-Token, secrets: ["${SECRET}"] }
`,
);
const MESSAGE = join(folder, "message.eml");
const HEADER = "From: Ann <ann@example.com>\nDate: Sun, 22 Nov 2026 12:00:00 +0000\nMessage-ID: <1@example.com>\n";
writeFileSync(MESSAGE, `${HEADER}\nHello.\n`);

let stdout: MockInstance;
let stderr: MockInstance;
beforeEach(() => {
  stdout = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(() => {
  stdout.mockRestore();
  stderr.mockRestore();
});

const written = (stream: MockInstance): string => stream.mock.calls.map(([text]) => String(text)).join("");

async function token(...words: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const at = words.includes("--at") ? [] : ["--at", "2026-11-22"];
  const code = await runCli(["node", "triage", "token", ...words, "--config", CONFIG, ...at]);
  return { code, stdout: written(stdout), stderr: written(stderr) };
}

describe("triage token sign", () => {
  test.each([
    ["BATV", ["batv", "joe@example.com", "--key", "0"], "prvs=078668d8b6=joe@example.com"],
    ["SRS0", ["srs", "Test@otherdomain.com"], "SRS0=3c8S=JL=otherdomain.com=Test@example.com"],
    ["VERP with an HMAC", ["verp", "--id", "42"], "bounces+42-6e134be35faefb69@lists.example.com"],
    [
      "VERP without one",
      ["verp", "--pattern", "2", "--recipient", "joe@example.net"],
      "users-bounces+joe=example.net@lists.example.com",
    ],
  ])("makes %s as the mail servers do", async (_, words, expected) => {
    expect(await token("sign", ...words)).toEqual({ code: 0, stdout: `${expected}\n`, stderr: "" });
  });

  test("makes a header line that can be put above the message", async () => {
    const { code, stdout: line } = await token("sign", "header", MESSAGE);
    expect(code).toBe(0);
    expect(line).toMatch(/^X-Triage-Token: [0-9a-f]{64}\n$/);
    const signed = join(folder, "signed.eml");
    writeFileSync(signed, `${line}${HEADER}\nHello.\n`);
    stdout.mockClear();
    const found = await token("verify", signed, "--as", "message");
    expect(found.code).toBe(0);
    expect(found.stdout).toContain("header-token pass: The X-Triage-Token of the returned header is signed");
  });

  test.each([
    [["batv", "joe@example.com"], "give --key: one of 0, 1"],
    [["batv", "joe@example.com", "--key", "7"], "there is no BATV key 7, only 0, 1"],
    [["srs", "nobody"], '"nobody" is not an address'],
    [["verp"], "the pattern bounces+{id}-{hmac}@lists.example.com needs --id"],
    [["verp", "--pattern", "3"], "site.verp has no pattern 3"],
    [["dkim"], "It must be one of batv, srs, verp, envelope-id, header."],
  ])("says what is missing: %j", async (words, reason) => {
    const found = await token("sign", ...words);
    expect(found.code).toBe(1);
    expect(found.stderr).toContain(reason);
  });

  test("warns of a local part that is longer than every MTA must take", async () => {
    const found = await token("sign", "batv", `${"j".repeat(60)}@example.com`, "--key", "0");
    expect(found.stderr).toContain("the local part has 76 octets");
  });
});

describe("triage token verify", () => {
  test("says which key signed, how old it is, and 0", async () => {
    const found = await token("verify", "prvs=078668d8b6=joe@example.com", "--at", "2026-11-24");
    expect(found.code).toBe(0);
    expect(found.stdout).toBe(
      [
        "valid: prvs=078668d8b6=joe@example.com",
        "  batv pass: The forward-path carries a BATV token signed with our key 0, 2 days old and valid for 5 more.",
        "",
      ].join("\n"),
    );
  });

  test("says why not, and 1", async () => {
    const late = await token("verify", "prvs=078668d8b6=joe@example.com", "--at", "2026-12-01");
    expect(late.code).toBe(1);
    expect(late.stdout).toContain("not valid: ");
    expect(late.stdout).toContain("batv fail, soft: ");
    expect(late.stdout).toContain("expired 2 days ago");
  });

  test("knows SRS and VERP addresses by their form, and says that a plain one is none", async () => {
    const srs = await token("verify", "SRS0=3c8S=JL=otherdomain.com=Test@example.com");
    expect(srs.stdout).toContain("srs pass: The SRS0 address in the forward-path is ours (0 days old)");
    const verp = await token("verify", "bounces+42-6e134be35faefb69@lists.example.com");
    expect(verp.stdout).toContain("verp pass: ");
    expect(verp.code).toBe(0);
    const plain = await token("verify", "ann@example.com");
    expect(plain.code).toBe(1);
    expect(plain.stdout).toContain("batv neutral: ");
  });

  test("takes an ENVID when it is told so", async () => {
    const envid = (await token("sign", "envelope-id", "--id", "4TgHk2")).stdout.trim();
    expect(envid).toMatch(/^20261122\.4TgHk2\.[0-9a-f]{16}@example\.com$/);
    expect((await token("verify", envid, "--as", "envelope-id")).code).toBe(0);
    expect((await token("verify", envid.replace("4TgHk2", "4TgHk3"), "--as", "envelope-id")).code).toBe(1);
  });

  test("looks into the Return-Path of a message as well", async () => {
    const path = join(folder, "returned.eml");
    writeFileSync(path, `Return-Path: <prvs=078668d8b6=joe@example.com>\n${HEADER}\n`);
    const found = await token("verify", path, "--as", "message");
    expect(found.code).toBe(0);
    expect(found.stdout).toContain("batv pass, soft: The Return-Path of the returned message carries a BATV token");
  });

  test("names a file that cannot be read", async () => {
    const found = await token("verify", join(folder, "gone.eml"), "--as", "message");
    expect(found.code).toBe(1);
    expect(found.stderr).toContain("gone.eml: no such file or folder");
  });

  test("refuses a date that is none", async () => {
    expect((await token("verify", "ann@example.com", "--at", "tomorrow")).stderr).toContain("It must be a date");
  });
});
