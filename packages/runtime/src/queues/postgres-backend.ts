import { createPostgresBackend, DEFAULT_SCHEMA, type PgPool, Queue, runMigrations, Worker } from "bullmq";
import pg from "pg";
import type { QueueBackend } from "./queue-backend.ts";
import { QueueUnavailableError } from "./queue-unavailable-error.ts";
import { repeatStrategy } from "./repeat-strategy.ts";

/** LIMIT: statements of the queues are short; each worker holds one more connection for LISTEN. */
const POOL_SIZE = 12;

/** BullMQ makes two temporary tables for each portion of jobs: below this number, one statement a job costs the server less (measured). */
const MIN_BULK = 12;

/**
 * Of the queues' own connections; those of the store wait for the disk. What a crash of the server may take from the queues, half a
 * second of work, Redis would lose, too: a job that is gone is added by the sweeper, one that is back finds its message advanced. It is
 * worth it, because BullMQ tells of every step by NOTIFY, and PostgreSQL lets one transaction at a time commit with that: with a wait
 * for the disk in each, a whole service takes as many steps a second as the disk has fsyncs.
 */
const SETTINGS = `-c search_path=${DEFAULT_SCHEMA} -c synchronous_commit=off`;

/**
 * BullMQ on PostgreSQL, in a schema of its own beside ours, so that a small site needs nothing but its database.
 * Brings the schema up to date first (under an advisory lock, so any number of processes may start at once).
 */
export async function openPostgresBackend(databaseUrl: string): Promise<QueueBackend> {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: POOL_SIZE,
    application_name: "triage-queues",
    keepAlive: true,
    // BullMQ names its tables without a schema
    options: SETTINGS,
  });
  // BullMQ hands every error to the queue or worker, which log it. But without a listener of its own, a connection that breaks
  // while a transaction of BullMQ holds it would end the process.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  try {
    const client = await pool.connect();
    try {
      await runMigrations(client);
    } finally {
      client.release();
    }
  } catch (error) {
    await pool.end();
    const text = error instanceof Error ? error.message : String(error);
    throw new QueueUnavailableError(`The queues in the database cannot be used: ${text}`, { cause: error });
  }
  // BullMQ describes pg by types of its own; those of @types/pg for the listeners of a client are other, the code is the same
  const connection = pool as unknown as PgPool;
  return {
    minBulk: MIN_BULK,
    openQueue: (name) => new Queue(name, { connection, settings: { repeatStrategy } }, createPostgresBackend),
    openWorker: (name, processor, options) =>
      new Worker(name, processor, { ...options, connection }, createPostgresBackend),
    ping: async () => void (await pool.query("SELECT 1")),
    close: () => pool.end(),
  };
}
