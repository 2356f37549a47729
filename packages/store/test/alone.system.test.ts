import { parseAddress } from "@triage/message";
import { afterAll, beforeAll, expect, test } from "vitest";
import { alone } from "../src/alone.ts";
import { type Database, openDatabase } from "../src/database.ts";
import { openStore, type Store, StoreUnavailableError } from "../src/index.ts";
import { freshSchema } from "./fresh-schema.ts";

const KEEP = { human: 90, digest: 60, archive: 30, facts: 400 };

let options: ReturnType<typeof freshSchema>;
let store: Store;
let database: Database;

beforeAll(async () => {
  options = freshSchema();
  store = await openStore(options);
  database = openDatabase({ ...options, poolSize: 1 });
});
afterAll(async () => {
  await database.close();
  await store.close();
});

/** The session that holds a lock of this kind. */
const HOLDER = `SELECT pid, state, backend_xmin, xact_start FROM pg_stat_activity JOIN pg_locks USING (pid)
  WHERE locktype = 'advisory' AND (classid::bigint << 32 | objid::bigint) = hashtextextended($1, 0) AND granted`;
const keyOf = (what: string) => `postmaster-triage:${what}:${options.schema}`;

test("retention and erasure: while one is at work, the others hear at once that it is", async () => {
  const address = parseAddress("joe@example.net");
  if (address === undefined) throw new Error("not an address");
  const erase = () => store.erasePerson({ address, dryRun: false });
  const outcome = await alone(database, "retention", async () => [await store.runRetention(KEEP), await erase()]);
  expect(outcome).toEqual({ kind: "done", result: [{ kind: "busy" }, { kind: "busy" }] });
  expect([(await store.runRetention(KEEP)).kind, (await erase()).kind]).toEqual(["done", "done"]);
});

test("training goes on beside retention", async () => {
  const outcome = await alone(database, "retention", () => store.trainAlone(async () => "trained"));
  expect(outcome).toEqual({ kind: "done", result: "trained" });
});

test("hours of work hold no transaction open, so that vacuum removes what is deleted meanwhile", async () => {
  await alone(database, "retention", async () => {
    expect(await database.query(HOLDER, [keyOf("retention")])).toMatchObject([
      { state: "idle", backend_xmin: null, xact_start: null },
    ]);
  });
});

test("a server that ends what is idle does not end it", async () => {
  const url = new URL(options.databaseUrl);
  url.searchParams.set("options", "-c idle_session_timeout=50 -c idle_in_transaction_session_timeout=50");
  const strict = openDatabase({ ...options, databaseUrl: url.href, poolSize: 1 });
  try {
    const outcome = await alone(strict, "retention", async (lease) => {
      await strict.query("SELECT pg_sleep(0.2)");
      await lease.assertHeld();
    });
    expect(outcome.kind).toBe("done");
  } finally {
    await strict.close();
  }
});

test("a connection that breaks in between stops the work before its next step, and somebody else may begin", async () => {
  const steps: string[] = [];
  const broken = alone(database, "retention", async (lease) => {
    steps.push("first");
    const [holder] = await database.query(HOLDER, [keyOf("retention")]);
    await database.query("SELECT pg_terminate_backend($1, 5000)", [holder?.pid]);
    steps.push((await store.runRetention(KEEP)).kind);
    await lease.assertHeld();
    steps.push("second");
  });
  await expect(broken).rejects.toThrow(StoreUnavailableError);
  expect(steps).toEqual(["first", "done"]);
});

test("work that fails leaves nothing locked", async () => {
  await expect(alone(database, "retention", () => Promise.reject(new Error("lost")))).rejects.toThrow("lost");
  expect((await store.runRetention(KEEP)).kind).toBe("done");
});
