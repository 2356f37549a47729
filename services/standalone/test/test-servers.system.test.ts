import { expect, test } from "vitest";
import { useDatabase } from "../../../test/support/use-database.ts";
import { useRedis } from "../../../test/support/use-redis.ts";

const database = useDatabase();
const redis = useRedis();

test("a test file gets a database of its own, in UTF-8, on a server that flushes to disk", async () => {
  const rows = await database.query(
    "SELECT current_database() AS name, current_setting('fsync') AS fsync, current_setting('server_encoding') AS encoding",
  );
  expect(rows).toEqual([{ name: expect.stringMatching(/^test_/), fsync: "on", encoding: "UTF8" }]);
});

test("a test file gets a Redis of its own", async () => {
  await expect(redis.flushAll()).resolves.toBeUndefined();
});
