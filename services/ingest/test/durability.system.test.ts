import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { openStore } from "@triage/store";
import { expect, inject, test } from "vitest";
import { startEmbeddedPostgres } from "../../standalone/src/embedded-postgres/embedded-postgres.ts";
import { KEY } from "./ingest-app.ts";

/** Answers to wait for before the power goes. */
const ENOUGH = 150;
const CLIENTS = 16;

async function startIntake(databaseUrl: string, schema: string) {
  const script = fileURLToPath(new URL("./intake-process.ts", import.meta.url));
  const args = ["--conditions=triage-source", "--import", "tsx", script, databaseUrl, schema, KEY];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(createInterface(child.stdout), "line");
  const { port } = JSON.parse(String(line)) as { readonly port: number };
  return { child, url: `http://127.0.0.1:${port}/v1/messages` };
}

/** Posts without pause until the service is gone. @returns id -> text of every message that was answered with 202. */
async function postUntilKilled(url: string, kill: () => void): Promise<ReadonlyMap<string, string>> {
  const answered = new Map<string, string>();
  const headers = { authorization: `Bearer ${KEY}`, "content-type": "message/rfc822", "x-envelope-from": "<>" };
  const client = async (name: number) => {
    for (let turn = 0; ; turn += 1) {
      const text = `Message-ID: <${name}.${turn}@example.com>\r\n\r\n${"x".repeat(turn * 50)}`;
      const answer = await fetch(url, { method: "POST", headers, body: text });
      if (answer.status !== 202) return;
      const { id } = (await answer.json()) as { readonly id: string };
      answered.set(id, text);
      if (answered.size === ENOUGH) kill();
    }
  };
  await Promise.allSettled(Array.from({ length: CLIENTS }, (_, name) => client(name)));
  return answered;
}

async function expectAllStored(databaseUrl: string, schema: string, answered: ReadonlyMap<string, string>) {
  expect(answered.size).toBeGreaterThanOrEqual(ENOUGH);
  const store = await openStore({ databaseUrl, schema });
  try {
    for (const [id, text] of answered) {
      expect((await store.raw(id))?.toString()).toBe(text);
      expect(await store.message(id)).toMatchObject({ state: "received", envelopeKnown: true });
    }
    const waiting = await store.staleMessages("received", new Date(Date.now() + 60_000), 100_000);
    expect(new Set(waiting)).toEqual(new Set([...waiting, ...answered.keys()]));
  } finally {
    await store.close();
  }
}

test("every message that got a 202 is there after kill -9 of the service, and the sweeper finds it", async () => {
  const databaseUrl = inject("databaseUrl");
  const schema = `ingest_${randomBytes(6).toString("hex")}`;
  const { child, url } = await startIntake(databaseUrl, schema);
  const answered = await postUntilKilled(url, () => child.kill("SIGKILL"));
  await expectAllStored(databaseUrl, schema, answered);
});

test("every message that got a 202 is there after kill -9 of the database", async () => {
  const folder = await mkdtemp(join(tmpdir(), "triage-durability-"));
  // root runs PostgreSQL as another account, which must reach its data
  await chmod(folder, 0o755);
  const elsewhere = { cacheDir: join(folder, "programs"), stateDir: join(folder, "state") };
  const before = await startEmbeddedPostgres({ dataDir: folder, elsewhere });
  const { child, url } = await startIntake(before.databaseUrl, "triage");
  const answered = await postUntilKilled(url, () => process.kill(before.pid, "SIGKILL"));
  child.kill("SIGKILL");
  await before.stop();
  const after = await startEmbeddedPostgres({ dataDir: folder, elsewhere });
  try {
    await expectAllStored(after.databaseUrl, "triage", answered);
  } finally {
    await after.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
