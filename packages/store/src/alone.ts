/**
 * Work that one process at a time does, for minutes or hours: retention and erasure, training.
 *
 * The lock belongs to a connection of its own and to no transaction: one that is open for so long keeps vacuum from removing what
 * anybody has deleted since, and a server may end it for being idle (idle_in_transaction_session_timeout). The end of the
 * connection releases the lock, however that comes. Where it comes while the work goes on, somebody else may begin: so the work
 * asks before each of its steps, and each step is one that two may do at once without harm.
 */
import type { Database } from "./database.ts";

export interface Lease {
  /** @throws {StoreUnavailableError} The connection is gone, and the lock with it: stop here, the next run goes on. */
  assertHeld(): Promise<void>;
}

export type Lone<T> = { readonly kind: "done"; readonly result: T } | { readonly kind: "busy" };

/** @param what  Works of the same name exclude each other, in all processes. @returns `busy` at once when somebody is at it. */
export function alone<T>(
  database: Database,
  what: "retention" | "learning",
  work: (lease: Lease) => Promise<T>,
): Promise<Lone<T>> {
  const key = `postmaster-triage:${what}:${database.schema}`;
  return database.connection(async (session): Promise<Lone<T>> => {
    const [row] = await session.query("SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS mine", [key]);
    if (row?.mine !== true) return { kind: "busy" };
    const assertHeld = async () => {
      await session.query("SELECT 1");
    };
    try {
      return { kind: "done", result: await work({ assertHeld }) };
    } finally {
      // Now, and not when the server comes to notice that the connection has ended. Where it has, there is nothing to release.
      await session.query("SELECT pg_advisory_unlock(hashtextextended($1, 0))", [key]).catch(() => undefined);
    }
  });
}
