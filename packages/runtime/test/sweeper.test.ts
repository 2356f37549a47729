import { createLog, startSweeper } from "@triage/runtime";
import { expect, test } from "vitest";

const log = createLog({ level: "silent" });

test("sweeps at once, for messages older than the limit, and adds what it found", async () => {
  const asked: Date[] = [];
  const readded = new Promise<readonly string[]>((resolve) => {
    const sweeper = startSweeper({
      everyMs: 1_000_000,
      olderThanMs: 60_000,
      now: () => new Date("2026-11-22T12:00:00Z"),
      find: async (olderThan) => {
        asked.push(olderThan);
        return ["0198"];
      },
      readd: async (ids) => {
        resolve(ids);
        void sweeper.close();
      },
      log,
    });
  });
  expect(await readded).toEqual(["0198"]);
  expect(asked).toEqual([new Date("2026-11-22T11:59:00Z")]);
});

test("an error does not end the sweeping", async () => {
  let sweeps = 0;
  await new Promise<void>((resolve) => {
    const sweeper = startSweeper({
      everyMs: 1,
      olderThanMs: 0,
      find: async () => {
        sweeps++;
        if (sweeps < 3) throw new Error("database is down");
        void sweeper.close().then(resolve);
        return [];
      },
      readd: async () => {},
      log,
    });
  });
  expect(sweeps).toBe(3);
});

test("closing waits for the sweep in progress, and none follows", async () => {
  let finish: (ids: readonly string[]) => void = () => {};
  let sweeps = 0;
  const sweeper = startSweeper({
    everyMs: 0,
    olderThanMs: 0,
    find: () => {
      sweeps++;
      return new Promise((resolve) => {
        finish = resolve;
      });
    },
    readd: async () => {},
    log,
  });
  const closed = sweeper.close();
  finish([]);
  await closed;
  expect(sweeps).toBe(1);
});

test.each([
  { waits: "since three minutes", since: "2026-11-22T11:57:00Z", olderThan: "2026-11-22T11:56:00Z" },
  {
    waits: "since a day: what is lost comes back all the same",
    since: "2026-11-21T12:00:00Z",
    olderThan: "2026-11-22T10:59:00Z",
  },
  { waits: "since later than now, by another clock", since: "2026-11-22T12:05:00Z", olderThan: "2026-11-22T11:59:00Z" },
  { waits: "none", since: undefined, olderThan: "2026-11-22T11:59:00Z" },
])("what merely waits in a long queue is left alone (the oldest job waits $waits)", async ({ since, olderThan }) => {
  const asked = await new Promise<Date>((resolve) => {
    const sweeper = startSweeper({
      everyMs: 1_000_000,
      olderThanMs: 60_000,
      now: () => new Date("2026-11-22T12:00:00Z"),
      waitingSince: async () => (since === undefined ? undefined : new Date(since)),
      find: async (before) => {
        void sweeper.close();
        resolve(before);
        return [];
      },
      readd: async () => {},
      log,
    });
  });
  expect(asked).toEqual(new Date(olderThan));
});
