/** Keeps the server running: when it ends by itself (out of memory, an accident), it is started again. */
import { setTimeout as delay } from "node:timers/promises";
import { type Postmaster, stopPostmaster } from "./postmaster.ts";
import { isPostgresOf } from "./process-identity.ts";

const WATCH_MS = 1_000;

export interface SuperviseOptions {
  readonly clusterPath: string;
  /** Must bring the server back under the same address. */
  readonly start: () => Promise<Postmaster>;
  readonly onProgress: (line: string) => void;
}

export interface SupervisedServer {
  /** The server as it was when it was first ready. */
  readonly first: Postmaster;
  stop(): Promise<void>;
}

export async function superviseServer({ clusterPath, start, onProgress }: SuperviseOptions): Promise<SupervisedServer> {
  const first = await start();
  const stopping = new AbortController();
  let current = first;
  const watch = async () => {
    while (!stopping.signal.aborted) {
      await delay(WATCH_MS, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
      if (stopping.signal.aborted || (await isPostgresOf(current.pid, clusterPath))) continue;
      onProgress(`PostgreSQL (process ${current.pid}) has ended by itself`);
      current = await start().catch((error: unknown) => {
        onProgress(error instanceof Error ? error.message : String(error));
        return current; // and the next round tries again
      });
    }
  };
  const watching = watch();
  return {
    first,
    async stop() {
      stopping.abort();
      await watching;
      await stopPostmaster(current.pid, clusterPath);
    },
  };
}
