import pg from "pg";
import { afterEach, expect, test } from "vitest";
import { type Database, openDatabase } from "../src/database.ts";
import { openStore, StoreSetupError, StoreUnavailableError } from "../src/index.ts";
import { migrate } from "../src/migrate.ts";
import { MIGRATIONS } from "../src/migrations/index.ts";
import { freshSchema, newMessage } from "./fresh-schema.ts";

const opened: Database[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

function freshDatabase(): Database {
  const database = openDatabase({ poolSize: 2, ...freshSchema() });
  opened.push(database);
  return database;
}

test("any number of roles may start at once on an empty database", async () => {
  const options = freshSchema();
  const stores = await Promise.all(Array.from({ length: 6 }, () => openStore(options)));
  const [first] = stores;
  await first?.insertMessages([newMessage("hello")]);
  await Promise.all(stores.map((store) => store.close()));
});

test("a store that is opened again finds what was there", async () => {
  const options = freshSchema();
  const before = await openStore(options);
  const [outcome] = await before.insertMessages([newMessage("kept")]);
  await before.close();
  const after = await openStore(options);
  expect(await after.raw(outcome?.id ?? "")).toEqual(Buffer.from("kept"));
  await after.close();
});

test("migrations run once", async () => {
  const database = freshDatabase();
  expect(await migrate(database, MIGRATIONS)).toEqual(MIGRATIONS.map(({ name }) => name));
  expect(await migrate(database, MIGRATIONS)).toEqual([]);
});

test("a migration that was changed after it had been applied is an error", async () => {
  const database = freshDatabase();
  const step = { id: 1, name: "first", sql: "CREATE TABLE a (x integer)" };
  await migrate(database, [step]);
  await expect(migrate(database, [{ ...step, sql: "CREATE TABLE a (x bigint)" }])).rejects.toThrow(StoreSetupError);
});

test("a migration that fails leaves nothing half done", async () => {
  const database = freshDatabase();
  const good = { id: 1, name: "good", sql: "CREATE TABLE a (x integer)" };
  await expect(migrate(database, [good, { id: 2, name: "bad", sql: "CREATE TABLE a (x" }])).rejects.toThrow(/syntax/);
  expect(await migrate(database, [good])).toEqual(["good"]);
});

test("migrations are numbered without gaps", () => {
  expect(MIGRATIONS.map(({ id }) => id)).toEqual(MIGRATIONS.map((_, index) => index + 1));
});

test("a database that was told not to wait for the disk is made to wait", async () => {
  const { databaseUrl, schema } = freshSchema();
  const url = new URL(databaseUrl);
  url.searchParams.set("options", "-c synchronous_commit=off");
  const database = openDatabase({ databaseUrl: url.href, schema, poolSize: 1 });
  opened.push(database);
  expect(await database.query("SHOW synchronous_commit")).toEqual([{ synchronous_commit: "on" }]);
});

test("a server that is not there is a StoreUnavailableError, to be tried again", async () => {
  const databaseUrl = "postgresql://nobody@127.0.0.1:1/nothing";
  await expect(openStore({ databaseUrl })).rejects.toThrow(StoreUnavailableError);
  await expect(openStore({ databaseUrl })).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", retryable: true });
});

test("a login that the database refuses is not tried again and again", async () => {
  const url = new URL(freshSchema().databaseUrl);
  url.username = "nobody";
  await expect(openStore({ databaseUrl: url.href })).rejects.toThrow(StoreSetupError);
});

test("a statement that takes too long is ended, and is to be tried again", async () => {
  const database = openDatabase({ poolSize: 1, ...freshSchema(), statementTimeoutMs: 500 });
  opened.push(database);
  await expect(database.query("SELECT pg_sleep(60)")).rejects.toThrow(StoreUnavailableError);
  await expect(database.transaction((session) => session.query("SELECT pg_sleep(60)"))).rejects.toThrow(
    StoreUnavailableError,
  );
  expect(await database.transaction((session) => session.query("SELECT pg_sleep(0.6)"), 60_000)).toHaveLength(1);
  expect(await database.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
});

test("a statement whose connection is lost is to be tried again, and then stores the message once", async () => {
  const { databaseUrl, schema } = freshSchema();
  const url = new URL(databaseUrl);
  url.searchParams.set("application_name", schema);
  const store = await openStore({ databaseUrl: url.href, schema, poolSize: 1 });
  const onlooker = new pg.Client({ connectionString: databaseUrl });
  await onlooker.connect();
  try {
    await onlooker.query(`BEGIN; LOCK TABLE "${schema}".message`);
    const insert = store.insertMessages([newMessage("interrupted")]);
    const lost = expect(insert).rejects.toThrow(StoreUnavailableError);
    const victim = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1";
    for (let ended = 0; ended === 0; ) {
      const { rowCount } = await onlooker.query(`${victim} AND wait_event_type = 'Lock'`, [schema]);
      ended = rowCount ?? 0;
    }
    await lost;
    await onlooker.query("ROLLBACK");
    const [again] = await store.insertMessages([newMessage("interrupted")]);
    expect(again?.duplicate).toBe(false);
  } finally {
    await onlooker.end();
    await store.close();
  }
});

test("a connection that breaks between two statements of a transaction ends that transaction, not the process", async () => {
  const database = freshDatabase();
  const broken = database.transaction(async (session) => {
    const [own] = await session.query("SELECT pg_backend_pid() AS pid");
    await database.query("SELECT pg_terminate_backend($1, 5000)", [own?.pid]); // an event without a listener would end this test run
    await session.query("SELECT 1");
  });
  await expect(broken).rejects.toThrow(StoreUnavailableError);
  expect(await database.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
});

test("a schema name that would need quoting is refused", async () => {
  await expect(openStore({ databaseUrl: "postgresql://x@127.0.0.1:1/x", schema: 'a"; DROP' })).rejects.toThrow(
    StoreSetupError,
  );
});
