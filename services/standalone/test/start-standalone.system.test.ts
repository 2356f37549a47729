import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createLog, ListenError, loadConfig } from "@triage/runtime";
import { type RunningStandalone, startStandalone } from "@triage/standalone";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findFreePort } from "../../../test/support/free-port.ts";
import { IngestClient, readMaildir } from "../../../test/support/story.ts";
import { useDatabase } from "../../../test/support/use-database.ts";
import { useRedis } from "../../../test/support/use-redis.ts";

const log = createLog({ level: "silent" });
const sample = fileURLToPath(new URL("../samples/bounce.eml", import.meta.url));
const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

const database = useDatabase();
const redis = useRedis();

let folder: string;
const running: RunningStandalone[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "triage-standalone-"));
  await chmod(folder, 0o755);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((service) => service.close()));
  await rm(folder, { recursive: true, force: true });
});

async function start(env: Readonly<Record<string, string>> = {}): Promise<RunningStandalone> {
  const config = loadConfig({ env: { TRIAGE_DATA_DIR: join(folder, "data"), PORT: "0", ...env } });
  const service = await startStandalone(config, { log });
  running.push(service);
  return service;
}

/** The service as `npm start` runs it, to its end. */
async function runMain(env: Readonly<Record<string, string>>): Promise<{ code: number; errors: string }> {
  const child = spawn(process.execPath, ["--conditions=triage-source", "--import", "tsx", main], {
    env: { PATH: process.env.PATH, TRIAGE_DATA_DIR: join(folder, "data"), PORT: "0", ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const [code] = await once(child, "close");
  return { code, errors };
}

test("from nothing: a bounce goes in over HTTP and reaches the human's Maildir; the next start finds it again", async () => {
  const first = await start();
  const keyFile = first.apiKeyFile ?? "";
  const key = (await readFile(keyFile, "utf8")).trim();
  expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
  const { status, body } = await new IngestClient(first.url, key).post(await readFile(sample), {
    from: "<>",
    to: ["postmaster@example.com"],
  });
  expect(status).toBe(202);
  expect((await new IngestClient(first.url, key).settled(body.id)).state).toBe("delivered");
  expect(await readMaildir(join(folder, "data/human"))).toHaveLength(1);
  await first.close();

  const second = await start();
  expect((await readFile(second.apiKeyFile ?? "", "utf8")).trim()).toBe(key);
  expect((await new IngestClient(second.url, key).message(body.id)).state).toBe("delivered");
});

test("a key of one's own is taken instead of a made one", async () => {
  const service = await start({ TRIAGE_API_KEY: "a key of my own".replaceAll(" ", "-") });
  expect(service.apiKeyFile).toBeUndefined();
  const answer = await fetch(`${service.url}/v1/messages/0198`, {
    headers: { Authorization: "Bearer a-key-of-my-own" },
  });
  expect(answer.status).not.toBe(401);
});

test("on a PostgreSQL and a Redis of one's own, no server is brought along", async () => {
  const service = await start({ DATABASE_URL: database.url, REDIS_URL: redis.url });
  expect(service.clusterPath).toBeUndefined();
  expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
  await service.close();
  running.pop();
});

test("after kill -9 of the service its messages are there, and so is its key", async () => {
  // a job that was being worked on at that moment is handed out again once its lock has run out
  const path = join(folder, "triage.yaml");
  await writeFile(path, "queue: { lockDurationMs: 2000, sweepAfterSeconds: 1 }\n");
  const port = String(await findFreePort());
  const env = { TRIAGE_DATA_DIR: join(folder, "data"), PORT: port, TRIAGE_API_KEY: "key", TRIAGE_CONFIG: path };
  const child = spawn(process.execPath, ["--conditions=triage-source", "--import", "tsx", main], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "ignore"],
  });
  child.stdout.destroy(); // nobody reads what it prints, which is no reason to end
  const client = new IngestClient(`http://127.0.0.1:${port}`, "key");
  const post = async () => client.post(await readFile(sample), { from: "<>", to: ["postmaster@example.com"] });
  await expect
    .poll(
      () =>
        post().then(
          ({ status }) => status,
          () => 0,
        ),
      { timeout: 180_000, interval: 200 },
    )
    .toBe(202);
  child.kill("SIGKILL");
  await once(child, "exit");
  const service = await start({ TRIAGE_API_KEY: "key", TRIAGE_CONFIG: path });
  const again = new IngestClient(service.url, "key");
  const { body } = await again.post(await readFile(sample), { from: "<>", to: ["postmaster@example.com"] });
  expect(body.duplicate).toBe(true);
  expect((await again.settled(body.id)).state).toBe("delivered");
});

test("after kill -9 of its database it goes on by itself", async () => {
  // a job that was being handed out at that moment is handed out again once its lock has run out
  const path = join(folder, "triage.yaml");
  await writeFile(path, "queue: { lockDurationMs: 2000, sweepAfterSeconds: 1 }\n");
  const service = await start({ TRIAGE_API_KEY: "key", TRIAGE_CONFIG: path });
  const client = new IngestClient(service.url, "key");
  const envelope = { from: "<>", to: ["postmaster@example.com"] };
  await client.post(await readFile(sample), envelope);
  const postmaster = await readFile(join(service.clusterPath ?? "", "postmaster.pid"), "utf8");
  process.kill(Number(postmaster.split("\n")[0]), "SIGKILL");
  const other = Buffer.concat([Buffer.from("X-Other: 1\r\n"), await readFile(sample)]);
  const deliver = async () => {
    const { body } = await client.post(other, envelope);
    return (await client.settled(body.id)).state;
  };
  await expect.poll(() => deliver().catch(() => "away"), { timeout: 180_000, interval: 200 }).toBe("delivered");
});

test("a taken port is one sentence, and nothing is left running", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const address = other.address();
  const port = String(typeof address === "object" && address !== null ? address.port : 0);
  await expect(start({ PORT: port })).rejects.toThrow(ListenError);
  const { code, errors } = await runMain({ PORT: port });
  expect(errors).toBe(
    `postmaster-triage: Cannot listen on 127.0.0.1 port ${port}: another program uses it; stop that program or choose another port with PORT.\n`,
  );
  expect(code).toBe(1);
  other.close();
  await start(); // the data are free again
});

test("a wrong configuration is named by its line, with exit code 1", async () => {
  const path = join(folder, "triage.yaml");
  await writeFile(path, "site:\n  domain: example.com\n");
  const { code, errors } = await runMain({ TRIAGE_CONFIG: path });
  expect(errors).toBe(
    `postmaster-triage: ${path}:2: site.domain is not a key that is known here; did you mean domains?\n`,
  );
  expect(code).toBe(1);
});

test("a data folder that cannot be used is one sentence, with exit code 1", async () => {
  await writeFile(join(folder, "file"), "");
  const { code, errors } = await runMain({ TRIAGE_DATA_DIR: join(folder, "file") });
  expect(errors).toMatch(
    /^postmaster-triage: The data folder \S+ cannot be used: there is a file of this name, not a folder\.\n$/,
  );
  expect(code).toBe(1);
});
