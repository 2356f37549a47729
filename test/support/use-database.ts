/** A fresh database for one test file, and the check that no test leaves a connection open. */
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, inject } from "vitest";
import "./provided-context.ts";

/** The server notices a closed connection a moment after the client closed it. */
const LEAK_GRACE_MS = 15_000;

export interface TestDatabase {
  /** Set while tests run; reading it earlier throws. */
  readonly url: string;
  /** Runs one statement beside the code under test, as an onlooker. */
  query(sql: string, values?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/**
 * Makes a database before the tests of this file and drops it after them. A test that leaves a connection open which was
 * not there before it fails.
 */
export function useDatabase(): TestDatabase {
  const name = `test_${randomBytes(6).toString("hex")}`;
  let url: string | undefined;
  let admin: pg.Client | undefined;
  let before = 0;
  const onlooker = () => admin ?? fail();

  beforeAll(async () => {
    const server = new URL(inject("databaseUrl"));
    admin = new pg.Client({ connectionString: server.href });
    await admin.connect();
    await admin.query(`CREATE DATABASE ${name}`);
    server.pathname = `/${name}`;
    url = server.href;
  });
  beforeEach(async () => {
    before = (await connectionsTo(onlooker(), name)).length;
  });
  afterEach(async () => {
    const deadline = performance.now() + LEAK_GRACE_MS;
    let open = await connectionsTo(onlooker(), name);
    while (open.length > before && performance.now() < deadline) {
      await delay(20);
      open = await connectionsTo(onlooker(), name);
    }
    if (open.length > before) throw new Error(`connections left open, last used for: ${open.join("; ")}`);
  });
  afterAll(async () => {
    await admin?.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await admin?.end();
  });

  return {
    get url() {
      return url ?? fail();
    },
    async query(sql, values = []) {
      const client = new pg.Client({ connectionString: url ?? fail() });
      await client.connect();
      try {
        return (await client.query(sql, [...values])).rows;
      } finally {
        await client.end();
      }
    },
  };
}

function fail(): never {
  throw new Error("the database is there only while tests run");
}

async function connectionsTo(admin: pg.Client, database: string): Promise<readonly string[]> {
  const { rows } = await admin.query<{ query: string }>(
    "SELECT query FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'",
    [database],
  );
  return rows.map((row) => row.query);
}
