import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { emptySite } from "@triage/classifier";
import { DEFAULT_POLICY, type PolicyRow } from "@triage/routing";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { runCli } from "../../src/index.ts";
import { explainRoute } from "../../src/policy/explain-route.ts";
import { formatRoute } from "../../src/policy/format-route.ts";

const BOUNCE = readFileSync(new URL("../../../standalone/samples/bounce.eml", import.meta.url));
const SITE = { ...emptySite(), domains: ["example.com"], relays: ["mail.example.com", "192.0.2.10"] };
const UNKNOWN = { reversePath: undefined, forwardPaths: [] };

const folder = mkdtempSync(join(tmpdir(), "triage-policy-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

/** A short table, so that a person can read the golden file. */
const POLICY: readonly PolicyRow[] = [
  { id: "spam", verdict: ["spam"], route: "archive", because: "Nothing to do." },
  {
    id: "spike",
    verdict: ["genuine-dsn"],
    volume: { atLeast: 25, withinHours: 1 },
    route: "human",
    urgency: "high",
    because: "Too many.",
  },
  { id: "one-provider", remoteOrganisation: ["example.org"], route: "human", because: "Ann watches it." },
  { id: "ours", reason: ["blocked"], route: "human", urgency: "high", because: "It is about our server." },
  { id: "rest", route: "digest", because: "Everything else." },
];

const explain = (policy: readonly PolicyRow[], raw: Buffer = BOUNCE) =>
  explainRoute("bounce.eml", raw, UNKNOWN, { site: SITE, policy, ports: () => ({ now: new Date("2026-11-22") }) });

describe("triage policy explain", () => {
  test("says of each row in order whether it matches, what kept it from it, and which one decides", async () => {
    const explained = await explain(POLICY);
    expect(explained).toMatchObject({
      route: "human",
      urgency: "high",
      rule: "ours",
      because: "It is about our server.",
    });
    expect(explained.rows.map(({ id, matched, decisive }) => [id, matched, decisive])).toEqual([
      ["spam", false, false],
      ["spike", false, false],
      ["one-provider", false, false],
      ["ours", true, true],
      ["rest", true, false],
    ]);
    expect(explained.rows[2]?.failed).toEqual([
      { condition: "remoteOrganisation", wanted: "example.org", saw: "example.net" },
    ]);
  });

  test("decides as classification does, over the built-in table", async () => {
    const { rule, rows } = await explain(DEFAULT_POLICY);
    expect(rows.find(({ decisive }) => decisive)?.id).toBe(rule);
    expect(rows).toHaveLength(DEFAULT_POLICY.length);
  });

  test("reads for a person as in explain.txt", async () => {
    const text = formatRoute(await explain(POLICY), { width: 80, colours: false });
    await expect(text).toMatchFileSnapshot("golden/explain.txt");
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  test("what a stranger wrote cannot drive the terminal", async () => {
    const raw = Buffer.from(
      BOUNCE.toString("latin1").replaceAll("mx.example.net", "mx.exam\u001b[2Jple.net"),
      "latin1",
    );
    expect(formatRoute(await explain(POLICY, raw), { width: 80, colours: false })).not.toContain("\u001b");
  });
});

/** Runs a command line and takes what it prints. */
async function run(...words: readonly string[]) {
  const written = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      written[name] += String(text);
      return true;
    });
  }
  const exitCode = await runCli(["node", "triage", ...words]);
  return { exitCode, ...written };
}

function configFile(...lines: readonly string[]): string {
  const path = join(folder, "triage.yaml");
  writeFileSync(path, lines.join("\n"));
  return path;
}

describe("the commands", () => {
  test("explain prints one JSON line a message; a file that cannot be read is named, and the exit code is 1", async () => {
    const mail = join(folder, "one.eml");
    writeFileSync(mail, BOUNCE);
    const { exitCode, stdout } = await run("policy", "explain", "--format", "json", mail, join(folder, "gone.eml"));
    const [one, gone] = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(one).toMatchObject({
      path: mail,
      verdict: "undecided",
      rule: "undecided",
      route: "human",
      urgency: "normal",
    });
    expect(gone).toEqual({ path: join(folder, "gone.eml"), error: "no such file or folder" });
    expect(exitCode).toBe(1);
  });

  test("list prints the table in effect: rows of the site above the built-in ones", async () => {
    const config = configFile(
      "policyAbove:",
      "  - { id: quiet, recipientDomain: ['*.Example.net'], route: digest, because: They know. }",
    );
    const { exitCode, stdout } = await run("policy", "list", "--config", config, "--format", "json");
    expect(exitCode).toBe(0);
    const ids = JSON.parse(stdout).map(({ id }: PolicyRow) => id);
    expect(ids).toEqual(["quiet", ...DEFAULT_POLICY.map(({ id }) => id)]);
    const text = (await run("policy", "list", "--config", config)).stdout;
    expect(text).toContain(" 1  quiet -> digest, urgency normal\n    recipientDomain: *.example.net\n    They know.\n");
  });

  test("a mistake in the policy is named by its line, and nothing is explained", async () => {
    const config = configFile("policy:", "  - { id: x, reason: [mailbox-fulll], route: digest, because: y }");
    const { exitCode, stdout, stderr } = await run("policy", "explain", "--config", config, "-");
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(
      /triage\.yaml:2: policy\[0\]\.reason\[0\] is not known: "mailbox-fulll"; did you mean mailbox-full\?/,
    );
  });
});
