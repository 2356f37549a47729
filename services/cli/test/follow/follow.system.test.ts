/** `triage follow` as an operator runs it, against the real service on a real database. */
import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { KEY, openTestIngest, type TestIngest } from "../../../ingest/test/ingest-app.ts";

const TRIAGE = fileURLToPath(new URL("../../bin/triage.js", import.meta.url));
const SOON = { timeout: 30_000, interval: 50 };
const NONE = { messageId: undefined, queueId: undefined, envelopeId: undefined };

let folder: string;
let log: string;
const closers: (() => unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "triage-follow-"));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  log = join(folder, "mail.log");
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** What Postfix logs for message `id`, at this moment. */
function postfixLines(id: number | string): string {
  const head = `${new Date().toISOString()} mail postfix`;
  return [
    `${head}/cleanup[1]: 4XyZ${id}: message-id=<${id}@example.com>`,
    `${head}/qmgr[1]: 4XyZ${id}: from=<ann@example.com>, size=1, nrcpt=1 (queue active)`,
    `${head}/smtp[1]: 4XyZ${id}: to=<joe@example.net>, relay=mx[192.0.2.1]:25, dsn=2.0.0, status=sent (ok)`,
    `${head}/qmgr[1]: 4XyZ${id}: removed`,
    "",
  ].join("\n");
}

interface Following {
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;
  stderr(): string;
}

function triageFollow(words: readonly string[]): Following {
  const state = ["--state", join(folder, "follow.json")];
  const env = { ...process.env, TRIAGE_API_KEY: KEY };
  const child = spawn(process.execPath, [TRIAGE, "follow", ...state, ...words], { env });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const exit = new Promise<number | null>((resolve) => child.on("close", resolve));
  closers.push(async () => {
    child.kill("SIGKILL");
    await exit;
  });
  return { child, exit, stderr: () => stderr };
}

async function listening(): Promise<{ readonly ingest: TestIngest; readonly url: string }> {
  const ingest = await openTestIngest();
  closers.push(() => ingest.close());
  return { ingest, url: await ingest.app.listen({ host: "127.0.0.1", port: 0 }) };
}

const knows = async ({ store }: TestIngest, id: number | string) =>
  (await store.findSent({ ...NONE, messageId: `<${id}@example.com>` })).kind === "found";

test("--once reads what there is, rotated and compressed files too, and a second run only what is new", async () => {
  const { ingest, url } = await listening();
  writeFileSync(`${log}.2.gz`, gzipSync(postfixLines(1)));
  writeFileSync(`${log}.1`, postfixLines(2));
  writeFileSync(log, postfixLines(3));
  const first = triageFollow([log, "--once", "--url", url]);
  expect(await first.exit).toBe(0);
  expect(first.stderr()).toContain("12 lines read, 3 entries in the ledger");
  for (const id of [1, 2, 3]) expect(await knows(ingest, id)).toBe(true);
  appendFileSync(log, postfixLines(4));
  const second = triageFollow([log, "--once", "--url", url]);
  expect(await second.exit).toBe(0);
  expect(second.stderr()).toContain("4 lines read, 1 entries in the ledger");
  expect(await knows(ingest, 4)).toBe(true);
});

test("follows a live log over its rotation, ends on SIGTERM, and goes on where it stopped", async () => {
  const { ingest, url } = await listening();
  writeFileSync(log, postfixLines(1));
  const first = triageFollow([log, "--url", url]);
  await vi.waitUntil(() => knows(ingest, 1), SOON);
  renameSync(log, `${log}.1`);
  writeFileSync(log, postfixLines(2));
  await vi.waitUntil(() => knows(ingest, 2), SOON);
  // begun before the stop, sent after it
  const [begun, ...rest] = postfixLines(3).split("\n");
  appendFileSync(log, `${begun}\n`);
  await vi.waitUntil(() => readFileSync(join(folder, "follow.json"), "utf8").includes("<3@example.com>"), SOON);
  first.child.kill("SIGTERM");
  expect(await first.exit).toBe(0);
  appendFileSync(log, rest.join("\n"));
  const second = triageFollow([log, "--url", url]);
  await vi.waitUntil(() => knows(ingest, 3), SOON);
  second.child.kill("SIGTERM");
  expect(await second.exit).toBe(0);
  expect(second.stderr()).toContain("3 lines read");
});

test("reads standard input, as from journalctl -f -o short-iso", async () => {
  const { ingest, url } = await listening();
  const { child, exit } = triageFollow(["-", "--url", url]);
  child.stdin?.write(postfixLines(1));
  await vi.waitUntil(() => knows(ingest, 1), SOON);
  child.stdin?.end(postfixLines(2));
  expect(await exit).toBe(0);
  expect(await knows(ingest, 2)).toBe(true);
});

describe("when the service cannot take it now", () => {
  /** Answers with each status in turn, then passes nothing on and says 200. */
  function answering(statuses: readonly number[], bodies: string[]): Promise<{ readonly url: string }> {
    const left = [...statuses];
    return new Promise((resolve) => {
      const server: Server = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on("data", (chunk: Buffer) => chunks.push(chunk));
        request.on("end", () => {
          const status = left.shift() ?? 200;
          if (status === 200) bodies.push(Buffer.concat(chunks).toString());
          response.writeHead(status, { "retry-after": "0" }).end('{"accepted":1}');
        });
      }).listen(0, "127.0.0.1", () => {
        closers.push(() => server.close());
        resolve({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
      });
    });
  }

  test("429, 503, 500 and 401 are tried again until they are over, and nothing is left out", async () => {
    const bodies: string[] = [];
    const { url } = await answering([429, 503, 500, 401], bodies);
    writeFileSync(log, Array.from({ length: 3_000 }, (_, id) => postfixLines(id)).join(""));
    const { exit, stderr } = triageFollow([log, "--once", "--url", url]);
    expect(await exit).toBe(0);
    expect(stderr()).toContain("answered 429");
    const sent = new Set(bodies.flatMap((body) => body.split("\n").map((line) => JSON.parse(line).messageId)));
    expect(sent.size).toBe(3_000);
  });

  test("the place is not moved while the service is away, and a start after that sends it all", async () => {
    writeFileSync(log, postfixLines(1));
    const first = triageFollow([log, "--url", "http://127.0.0.1:9"]);
    await vi.waitUntil(() => first.stderr().includes("cannot be reached"), SOON);
    first.child.kill("SIGTERM");
    first.child.kill("SIGINT");
    expect(await first.exit).toBe(0);
    const { ingest, url } = await listening();
    expect(await triageFollow([log, "--once", "--url", url]).exit).toBe(0);
    expect(await knows(ingest, 1)).toBe(true);
  });

  test("what waiting cannot mend ends it with a sentence", async () => {
    writeFileSync(log, postfixLines(1));
    const { url } = await answering([404], []);
    const { exit, stderr } = triageFollow([log, "--once", "--url", url]);
    expect(await exit).toBe(1);
    expect(stderr()).toContain("answered 404");
  });
});

test("kill -9 at any time loses nothing: what was not noted is sent again", async () => {
  const { ingest, url } = await listening();
  const total = 12_000;
  writeFileSync(log, Array.from({ length: total }, (_, id) => postfixLines(`k${id}`)).join(""));
  const first = triageFollow([log, "--url", url]);
  await vi.waitUntil(async () => (await ingest.store.sentLedgerState()).entries > 2_000, SOON);
  first.child.kill("SIGKILL");
  await first.exit;
  expect(await triageFollow([log, "--once", "--url", url]).exit).toBe(0);
  // a Message-ID and a queue id each, and one recipient for all
  expect((await ingest.store.sentLedgerState()).entries).toBe(2 * total + 1);
});
