import { randomUUID } from "node:crypto";
import { createLog, openQueues, type QueueConfig } from "@triage/runtime";
import { expect, test } from "vitest";
import { useDatabase } from "../../../test/support/use-database.ts";

const database = useDatabase();
const QUEUE: QueueConfig = {
  prefix: "triage",
  attempts: { classify: 1, deliver: 1 },
  backoffMs: 1,
  maxBackoffMs: 1,
  lockDurationMs: 1_000,
  sweepAfterSeconds: 1,
  maxWaiting: 1,
};

test("jobs do not wait for the disk, also where the database lets everything else wait (one by one, and many)", async () => {
  const log = createLog({ level: "silent" });
  const queues = await openQueues({ queue: QUEUE, redis: undefined, databaseUrl: database.url, log });
  try {
    await noteCommits();
    await queues.add("classify", randomUUID());
    const many = Array.from({ length: 20 }, () => randomUUID());
    await queues.addMany("classify", many);
  } finally {
    await queues.close();
  }
  expect(await database.query("SELECT synchronous_commit, count(*)::int AS jobs FROM noted GROUP BY 1")).toEqual([
    { synchronous_commit: "off", jobs: 21 },
  ]);
  expect(await database.query("SHOW synchronous_commit")).toEqual([{ synchronous_commit: "on" }]);
});

/** Notes what the session that adds a job has set. */
async function noteCommits(): Promise<void> {
  await database.query(`
    CREATE TABLE public.noted (synchronous_commit text);
    CREATE FUNCTION public.note_commit() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO public.noted VALUES (current_setting('synchronous_commit'));
      RETURN NEW;
    END $$;
    CREATE TRIGGER note_commit AFTER INSERT ON bullmq.job FOR EACH ROW EXECUTE FUNCTION public.note_commit()`);
}
