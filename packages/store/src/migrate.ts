/**
 * Brings the schema up to date. Any number of roles may start at once: an advisory lock lets one of them work while
 * the others wait. All missing steps are one transaction, so a step that fails leaves nothing half done.
 */
import { createHash } from "node:crypto";
import { type Database, quoteIdentifier, type Session } from "./database.ts";
import type { Migration } from "./migrations/migration.ts";
import { StoreSetupError } from "./store-error.ts";

/** LIMIT: how long to wait for another role that migrates, in milliseconds. */
const MIGRATION_TIMEOUT_MS = 600_000;

/**
 * @returns Names of the steps that were applied now.
 * @throws {StoreSetupError} A step was changed after it had been applied, or the schema cannot be created.
 */
export function migrate(database: Database, migrations: readonly Migration[]): Promise<readonly string[]> {
  return database.transaction(async (session) => {
    await session.query("SELECT pg_advisory_xact_lock(hashtextextended('postmaster-triage:' || $1, 0))", [
      database.schema,
    ]);
    await createSchema(session, database.schema);
    const applied = await readApplied(session);
    const done: string[] = [];
    for (const migration of migrations) {
      if (isApplied(migration, applied)) continue;
      await session.query(migration.sql);
      await session.query("INSERT INTO schema_migration (id, name, checksum) VALUES ($1, $2, $3)", [
        migration.id,
        migration.name,
        checksum(migration),
      ]);
      done.push(migration.name);
    }
    return done;
  }, MIGRATION_TIMEOUT_MS);
}

/** Looks first: a role with few rights may use a schema that the database's owner made for it. */
async function createSchema(session: Session, schema: string): Promise<void> {
  const [row] = await session.query("SELECT 1 FROM pg_namespace WHERE nspname = $1", [schema]);
  if (row === undefined) await session.query(`CREATE SCHEMA ${quoteIdentifier(schema)}`);
  await session.query(`
    CREATE TABLE IF NOT EXISTS schema_migration (
      id integer PRIMARY KEY,
      name text NOT NULL,
      checksum text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now()
    )`);
}

async function readApplied(session: Session): Promise<ReadonlyMap<number, string>> {
  const rows = await session.query("SELECT id, checksum FROM schema_migration");
  return new Map(rows.map((row) => [Number(row.id), String(row.checksum)]));
}

function isApplied(migration: Migration, applied: ReadonlyMap<number, string>): boolean {
  const known = applied.get(migration.id);
  if (known === undefined) return false;
  if (known === checksum(migration)) return true;
  throw new StoreSetupError(
    `Migration ${migration.id} (${migration.name}) was changed after it had been applied to this database.`,
  );
}

function checksum(migration: Migration): string {
  return createHash("sha256").update(`${migration.id}\0${migration.name}\0${migration.sql}`).digest("hex");
}
