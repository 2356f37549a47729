/** The database of a service, for a command that only looks into it. */
import type { ResolvedConfig } from "@triage/runtime";
import { findEmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres/embedded-postgres.ts";

export interface BorrowedDatabase {
  /** With the password in it: never log it. */
  readonly databaseUrl: string;
  /** Stops what was started for it; a database that ran before runs on. */
  close(): Promise<void>;
}

/**
 * The database that the configuration names, else the embedded one of the data folder: as it runs under `npm start`, or,
 * while the service is stopped, started for the time being.
 *
 * @throws {EmbeddedPostgresError} with one sentence that says what to do; also where there is no database at all.
 */
export async function borrowDatabase({ database, dataDir }: ResolvedConfig): Promise<BorrowedDatabase> {
  if (database.url !== undefined) return { databaseUrl: database.url, close: async () => {} };
  const running = await findEmbeddedPostgres(dataDir);
  if (running !== undefined) return { databaseUrl: running, close: async () => {} };
  const started = await startEmbeddedPostgres({ dataDir });
  return { databaseUrl: started.databaseUrl, close: () => started.stop() };
}
