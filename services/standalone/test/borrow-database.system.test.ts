/** A command that looks into the database of a service, however that database is run. */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "@triage/runtime";
import { type BorrowedDatabase, borrowDatabase } from "@triage/standalone";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startEmbeddedPostgres } from "../src/embedded-postgres/embedded-postgres.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "triage-borrow-"));
  await chmod(folder, 0o755);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const configured = (env: Readonly<Record<string, string>> = {}) =>
  loadConfig({ env: { TRIAGE_DATA_DIR: folder, ...env } });

async function answers({ databaseUrl }: BorrowedDatabase): Promise<boolean> {
  const client = new pg.Client({ connectionString: databaseUrl });
  const connected = await client.connect().then(
    () => true,
    () => false,
  );
  if (connected) await client.end();
  return connected;
}

test("the one that the configuration names is taken as it is", async () => {
  const { databaseUrl, close } = await borrowDatabase(
    configured({ DATABASE_URL: "postgresql://db.example.com/triage" }),
  );
  expect(databaseUrl).toBe("postgresql://db.example.com/triage");
  await close();
});

test("the embedded one is used as it runs, runs on afterwards, and is started for the time being when it is stopped", async () => {
  const elsewhere = { cacheDir: join(folder, "programs"), stateDir: join(folder, "state") };
  const service = await startEmbeddedPostgres({ dataDir: folder, elsewhere });
  const running = await borrowDatabase(configured());
  expect(running.databaseUrl).toBe(service.databaseUrl);
  await running.close();
  expect(await answers(running)).toBe(true);
  await service.stop();

  const started = await borrowDatabase(configured());
  expect(await answers(started)).toBe(true);
  await started.close();
  expect(await answers(started)).toBe(false);
});

test("without any, it says where to look and makes none", async () => {
  await expect(borrowDatabase(configured())).rejects.toThrow(`There is no database in ${folder}: set DATABASE_URL`);
});
