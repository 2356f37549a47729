import { loadConfig, type ResolvedConfig } from "@triage/runtime";
import { borrowDatabase } from "@triage/standalone";
import { openStore, type Store } from "@triage/store";

/** Does some work on the store of the service, which may be running. Throws what keeps it from that, in one sentence. */
export async function borrowStore<T>(
  path: string | undefined,
  work: (store: Store, config: ResolvedConfig) => Promise<T>,
): Promise<T> {
  const config = loadConfig({ ...(path !== undefined && { path }), env: process.env });
  const database = await borrowDatabase(config);
  try {
    const { ledger } = config.site;
    const store = await openStore({
      databaseUrl: database.databaseUrl,
      poolSize: 4,
      ledgerDays: ledger.days,
      ...(ledger.secret !== undefined && { ledgerSecret: ledger.secret }),
    });
    try {
      return await work(store, config);
    } finally {
      await store.close();
    }
  } finally {
    await database.close();
  }
}
