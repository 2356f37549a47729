/** The command as an operator runs it: the built one, in a process of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { KEY, openTestIngest } from "../../ingest/test/ingest-app.ts";

const TRIAGE = fileURLToPath(new URL("../bin/triage.js", import.meta.url));
const CORPUS = fileURLToPath(new URL("../../../test/corpus/dsn/exim", import.meta.url));
const BOUNCE = fileURLToPath(new URL("../../standalone/samples/bounce.eml", import.meta.url));

interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function triage(words: readonly string[], input = "", env: NodeJS.ProcessEnv = {}): Promise<Result> {
  return new Promise((resolve) => {
    const clean = { ...process.env, TRIAGE_CONFIG: "", TRIAGE_API_KEY: "", ...env };
    const child = spawn(process.execPath, [TRIAGE, ...words], { env: clean });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("close", (code) => resolve({ code, stdout, stderr }));
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "triage-cli-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe("a reader that has had enough, as head, ends the command without a word", () => {
  test.each([["classify", CORPUS], ["why", BOUNCE], ["policy", "list"], ["--help"]])("triage %s", async (...words) => {
    const child = spawn(process.execPath, [TRIAGE, ...words], { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.destroy();
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const [code] = await once(child, "close");
    expect({ code, stderr }).toEqual({ code: 141, stderr: "" });
  });
});

describe("triage classify", () => {
  test("prints one line of JSON a message, in order, and nothing else on stdout", async () => {
    const letter = put("letter.eml", "From: ann@example.com\nSubject: help\n\nI cannot reach you.\n");
    const { code, stdout } = await triage(["classify", BOUNCE, letter]);
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map((line) => line.path)).toEqual([BOUNCE, letter]);
    expect(Object.keys(lines[0]).slice(0, 7)).toEqual([
      "path",
      "verdict",
      "score",
      "scores",
      "route",
      "actionable",
      "why",
    ]);
    expect(lines[0].report).toMatchObject({ kind: "dsn", format: "rfc3464", recipients: [{ reason: "blocked" }] });
    expect(lines[1]).toMatchObject({ verdict: "user-report", route: "human" });
    expect(code).toBe(0);
  });

  test("a file that cannot be read is a line with error, the others are done, the exit code is 1", async () => {
    const { code, stdout } = await triage(["classify", join(folder, "none.eml"), BOUNCE]);
    const [first, second] = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(first).toEqual({ path: join(folder, "none.eml"), error: "no such file or folder" });
    expect(second.report.kind).toBe("dsn");
    expect(code).toBe(1);
  });

  test("reads standard input", async () => {
    const { stdout } = await triage(["classify", "-"], "From: ann@example.com\n\nhello\n");
    expect(JSON.parse(stdout)).toMatchObject({ path: "-", verdict: "user-report" });
  });

  test("the site of the configuration decides what is ours", async () => {
    const ours = put("ours.yaml", "site: { domains: [example.com], relays: [mail.example.com, 192.0.2.10] }\n");
    const theirs = put("theirs.yaml", "site: { domains: [example.org], relays: [mail.example.org] }\n");
    const run = async (config: string) => JSON.parse((await triage(["classify", "--config", config, BOUNCE])).stdout);
    expect(await run(ours)).toMatchObject({ verdict: "genuine-dsn", route: "human" });
    expect(await run(theirs)).toMatchObject({ verdict: "backscatter", route: "archive" });
  });

  test("--reverse-path takes the null reverse-path, and a bad one is refused by name", async () => {
    expect((await triage(["classify", "--reverse-path", "", BOUNCE])).code).toBe(0);
    const { code, stderr } = await triage(["classify", "--reverse-path", "no address", BOUNCE]);
    expect(stderr).toContain('--reverse-path "no address" is not an address');
    expect(code).toBe(1);
  });
});

describe("triage why", () => {
  test("explains several files, names one that cannot be read, and puts no colours into a pipe", async () => {
    const letter = put("letter.eml", "From: ann@example.com\nSubject: help\n\nI cannot reach you.\n");
    const { code, stdout } = await triage(["why", BOUNCE, join(folder, "none.eml"), letter]);
    expect(stdout.match(/^ {2}What would change the verdict$/gm)).toHaveLength(2);
    expect(stdout).toContain("none.eml: no such file or folder");
    expect(stdout).not.toContain("\u001b");
    expect(code).toBe(1);
  });

  test("as JSON, one line a message, with what each line of the ladder added to each class", async () => {
    const { code, stdout } = await triage(["why", "--format", "json", "--reverse-path", "", BOUNCE]);
    const explained = JSON.parse(stdout);
    expect(explained).toMatchObject({ path: BOUNCE, verdict: "undecided", rule: "undecided" });
    expect(explained.ladder[0]).toMatchObject({ check: "prior", logOdds: { "genuine-dsn": expect.any(Number) } });
    expect(explained.changes[0]).toMatchObject({ conditions: [expect.any(String)], route: expect.any(String) });
    expect(code).toBe(0);
  });
});

describe("triage check-config", () => {
  test("names file, line and key of every mistake", async () => {
    const file = put("triage.yaml", "site:\n  domians: [example.com]\nhttp:\n  port: 99999\n");
    const { code, stderr } = await triage(["check-config", file]);
    expect(stderr).toMatch(/triage\.yaml:2: .*domians/);
    expect(stderr).toMatch(/triage\.yaml:4: .*http\.port/);
    expect(code).toBe(1);
  });

  test("says what the service would run with, and no secret", async () => {
    const file = put("triage.yaml", 'site:\n  domains: [example.com]\n  batv: { keys: { "0": hush-hush } }\n');
    const { code, stdout } = await triage(["check-config", file]);
    expect(stdout).toContain("BATV (1 key)");
    expect(stdout).not.toContain("hush-hush");
    expect(code).toBe(0);
  });

  test("says who gets what, when the digest comes, and how long mail is kept", async () => {
    const file = put(
      "triage.yaml",
      [
        "humans:",
        "  - { id: ops, to: [ann@example.com] }",
        "  - { id: blocks, to: [bob@example.com], form: summary, for: { reason: [blocked, bad-reputation] } }",
        "digest: { timeZone: Europe/Vienna, to: [ops] }",
        "retention: { human: 120 }",
      ].join("\n"),
    );
    const { stdout } = await triage(["check-config", file]);
    expect(stdout).toContain("human:         ops: ann@example.com by maildir, headers-only, at most 60 an hour\n");
    expect(stdout).toContain("               only reason blocked or bad-reputation\n");
    expect(stdout).toContain('digest:        "0 7 * * 1-5" Europe/Vienna, to ops\n');
    expect(stdout).toContain(
      "kept:          mail for 30 days, for the digest 30, for a human 120; what is known 400\n",
    );
  });

  test("lists the overrides in their order, with those that keep mail from the human", async () => {
    const file = put(
      "triage.yaml",
      [
        "overrides:",
        "  - { id: noc, match: { fromDomain: noc.example.net }, route: human, because: upstream }",
        '  - { id: sellers, match: { subject: "(?i)leads", kind: [person] }, verdict: spam, because: sellers }',
      ].join("\n"),
    );
    const { stdout } = await triage(["check-config", file]);
    expect(stdout).toContain("override:      noc: route human, if fromDomain\n");
    expect(stdout).toContain("override:      sellers: spam (kept from the human), if kind and subject\n");
  });
});

test("check-config lists the policy rows of the site, with those that keep mail from the human", async () => {
  const row = "{ id: no-letters, verdict: [user-report], route: digest, because: Nobody reads them. }";
  const { stdout } = await triage(["check-config", put("triage.yaml", `policyAbove:\n  - ${row}\n`)]);
  expect(stdout).toContain("policy:        no-letters: digest (kept from the human), above the table\n");
});

describe("triage pipe", () => {
  const words = (url: string) => [
    "pipe",
    "--url",
    url,
    "--reverse-path",
    "",
    "--forward-path",
    "postmaster@example.com",
  ];
  const answering = (status: number, body = "{}"): Promise<Server> =>
    new Promise((resolve) => {
      const server = createServer((request, response) => {
        request.resume().on("end", () => response.writeHead(status).end(body));
      }).listen(0, "127.0.0.1", () => resolve(server));
    });
  const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const deliverWith = async (options: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const ingest = await openTestIngest();
    const url = await ingest.app.listen({ host: "127.0.0.1", port: 0 });
    const input = "Subject: x\n\nhello\n";
    const result = await triage(["pipe", "--url", url, ...options], input, { ...env, TRIAGE_API_KEY: KEY });
    const stored = await ingest.store.message(ingest.jobs[0]?.messageId ?? "");
    await ingest.close();
    return { result, stored };
  };

  test("0 when the service has the message, with the envelope as the MTA gave it", async () => {
    const ingest = await openTestIngest();
    const url = await ingest.app.listen({ host: "127.0.0.1", port: 0 });
    const { code } = await triage(words(url), "Subject: x\n\nhello\n", { TRIAGE_API_KEY: KEY });
    const stored = await ingest.store.message(ingest.jobs[0]?.messageId ?? "");
    await ingest.close();
    expect(code).toBe(0);
    expect(stored?.envelope).toMatchObject({
      reversePath: { kind: "null" },
      forwardPaths: [{ localPart: "postmaster", domain: "example.com" }],
    });
  });

  test("75 when the service is down, so that the MTA keeps the message", async () => {
    const { code, stderr } = await triage(words("http://127.0.0.1:9"), "Subject: x\n\n", { TRIAGE_API_KEY: "k" });
    expect(code).toBe(75);
    expect(stderr).toMatch(/^triage pipe: .+\n$/);
  });

  test.each([400, 401, 413, 503])("75 when something answers %i that is not the service", async (status) => {
    const server = await answering(status);
    const { code } = await triage(words(urlOf(server)), "Subject: x\n\n", { TRIAGE_API_KEY: "k" });
    server.close();
    expect(code).toBe(75);
  });

  test("65 when the service says that the message is too large", async () => {
    const server = await answering(
      413,
      '{"code":"too-large","detail":"The message has 9 bytes; at most 8 are taken."}',
    );
    const { code, stderr } = await triage(words(urlOf(server)), "Subject: x\n\n", { TRIAGE_API_KEY: "k" });
    server.close();
    expect(stderr).toContain("answered 413: The message has 9 bytes; at most 8 are taken.");
    expect(code).toBe(65);
  });

  test("an address that is none refuses no mail: the message goes in with what can be read of the envelope", async () => {
    const odd = [
      "--reverse-path",
      "MAILER-DAEMON",
      "--forward-path",
      "postmaster@example.com",
      "--client-ip",
      "300.1.1.1",
    ];
    const { result, stored } = await deliverWith(odd);
    expect(result.code).toBe(0);
    expect(result.stderr).toContain("X-Envelope-From cannot be read.");
    expect(stored?.envelope).toEqual({
      reversePath: undefined,
      forwardPaths: [expect.objectContaining({ localPart: "postmaster", domain: "example.com" })],
    });
  });

  test("--from-environment takes the envelope of Exim's pipe transport, the recipient as it came before that of an alias", async () => {
    const env = { SENDER: "", RECIPIENT: "joe@example.com", ORIGINAL_RECIPIENT: "prvs=0123abcdef=joe@example.com" };
    const { result, stored } = await deliverWith(["--from-environment"], env);
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(stored?.envelope).toMatchObject({
      reversePath: { kind: "null" },
      forwardPaths: [{ localPart: "prvs=0123abcdef=joe", domain: "example.com" }],
    });
  });

  test("an internationalised envelope arrives as it is (RFC 6531)", async () => {
    const { result, stored } = await deliverWith([
      "--reverse-path",
      "佐藤@例え.jp",
      "--forward-path",
      "jürgen@exämple.com",
    ]);
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(stored?.envelope.reversePath).toMatchObject({ localPart: "佐藤", domain: "例え.jp" });
    expect(stored?.envelope.forwardPaths).toMatchObject([{ localPart: "jürgen" }]);
  });

  test.each([[["--no-such-option"]], [["--url", "nonsense"]], [["--key-file", "/does/not/exist"]]])(
    "75 for the mistake %j of an operator: on 1 or 64 the MTA would bounce the message",
    async (options) => {
      expect((await triage(["pipe", ...options], "Subject: x\n\n")).code).toBe(75);
    },
  );

  test("65 when there is no message at all", async () => {
    expect((await triage(words("http://127.0.0.1:9"))).code).toBe(65);
  });
});

test("an unknown role is named together with the roles that there are", async () => {
  const { code, stderr } = await triage(["run", "janitor"]);
  expect(stderr).toContain('no role "janitor"; the roles are ingest, classifier, delivery');
  expect(code).toBe(1);
});
