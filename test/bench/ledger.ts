/**
 * The sent ledger: ten million entries by batches through the store, look-ups by one client and by eight, its size on
 * disk; and `triage follow --once` reading a Postfix log of a gigabyte into the service.
 *
 * An entry is a key: Message-ID, queue id and recipient of a message are three. Smaller runs, for development:
 * TRIAGE_BENCH_ENTRIES=1000000 TRIAGE_BENCH_LOG_BYTES=100000000 npm run bench -- ledger
 */
import { spawn } from "node:child_process";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildIngest, openKeyRing } from "@triage/ingest";
import { createLog, createMetrics } from "@triage/runtime";
import { openStore, type Store } from "@triage/store";
import pg from "pg";
import { startEmbeddedPostgres } from "../../services/standalone/src/embedded-postgres/embedded-postgres.ts";
import { seededRandom, writePostfixLog } from "./postfix-log.ts";
import { type BenchRow, type BenchTable, perSecond, whole } from "./table.ts";

const ENTRIES = Number(process.env.TRIAGE_BENCH_ENTRIES ?? 10_000_000);
const LOG_BYTES = Number(process.env.TRIAGE_BENCH_LOG_BYTES ?? 1_000_000_000);
const KEYS_PER_MESSAGE = 3;
/** As ingest cuts its batches. */
const BATCH_MESSAGES = 5_000;
const LOOKUPS = 16_384;
const CLIENTS = 8;
const POOL_SIZE = 10;
const LEDGER_DAYS = 14;
const DAY_MS = 86_400_000;
const KEY = "bench";
const TRIAGE = fileURLToPath(new URL("../../services/cli/bin/triage.js", import.meta.url));

export async function benchLedger(): Promise<BenchTable> {
  const folder = await mkdtemp(join(tmpdir(), "triage-bench-"));
  // root runs PostgreSQL as another account, which must reach its data
  await chmod(folder, 0o755);
  const elsewhere = { cacheDir: join(folder, "programs"), stateDir: join(folder, "state") };
  const postgres = await startEmbeddedPostgres({ dataDir: folder, elsewhere });
  const store = await openStore({ databaseUrl: postgres.databaseUrl, poolSize: POOL_SIZE, ledgerDays: LEDGER_DAYS });
  try {
    const load = await loadEntries(store);
    const size = await sizeOnDisk(postgres.databaseUrl);
    const alone = await lookUp(store, 1);
    const together = await lookUp(store, CLIENTS);
    const follow = await followLog(store, folder);
    const title = `Sent ledger: ${whole(ENTRIES)} entries over ${LEDGER_DAYS} days`;
    return { title, rows: [load, size, ...alone, ...together, ...follow] };
  } finally {
    await store.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const messageIdOf = (index: number) => `<${index}.bench@ids.example.com>`;
const messageCount = Math.floor(ENTRIES / KEYS_PER_MESSAGE);

/** In the order of time, as logs come; one batch is hashed while the other is stored. */
async function loadEntries(store: Store): Promise<BenchRow> {
  const start = performance.now();
  const firstMs = Date.now() - (LEDGER_DAYS - 1) * DAY_MS;
  let storing: Promise<void> = Promise.resolve();
  for (let first = 0; first < messageCount; first += BATCH_MESSAGES) {
    const batch = Array.from({ length: Math.min(BATCH_MESSAGES, messageCount - first) }, (_, offset) => {
      const index = first + offset;
      const atMs = firstMs + (index / messageCount) * (LEDGER_DAYS - 1) * DAY_MS;
      return {
        messageId: messageIdOf(index),
        queueId: `4X${index.toString(36)}`,
        recipients: [`user${index}@example.net`],
        at: new Date(atMs),
      };
    });
    await storing;
    storing = store.recordSent(batch);
  }
  await storing;
  const ms = performance.now() - start;
  const { entries } = await store.sentLedgerState();
  if (entries !== messageCount * KEYS_PER_MESSAGE) throw new Error(`the ledger holds ${entries} entries`);
  const note = `${whole(perSecond(messageCount, ms))} messages/s, batches of ${whole(BATCH_MESSAGES)}, ${(ms / 1_000).toFixed(0)} s`;
  return { side: "loaded through the store", figure: `${whole(perSecond(entries, ms))}/s`, note };
}

async function sizeOnDisk(databaseUrl: string): Promise<BenchRow> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ heap: string; index: string }>(
      `SELECT sum(pg_table_size(inhrelid)) AS heap, sum(pg_indexes_size(inhrelid)) AS index
         FROM pg_inherits WHERE inhparent = 'triage.sent'::regclass`,
    );
    const entries = messageCount * KEYS_PER_MESSAGE;
    const [heap, index] = [Number(rows[0]?.heap) / entries, Number(rows[0]?.index) / entries];
    const note = `${heap.toFixed(1)} heap, ${index.toFixed(1)} index`;
    return { side: "on disk, an entry", figure: `${(heap + index).toFixed(1)} bytes`, note };
  } finally {
    await client.end();
  }
}

/** Half of them are there. Each asks as the check does: Message-ID, queue id, and the date of the message. */
async function lookUp(store: Store, clients: number): Promise<readonly BenchRow[]> {
  const random = seededRandom(clients);
  const times = { hits: new Float64Array(LOOKUPS / 2), misses: new Float64Array(LOOKUPS / 2) };
  let next = 0;
  const ask = async () => {
    while (next < LOOKUPS) {
      const turn = next;
      next += 1;
      const hit = turn % 2 === 0;
      const index = Math.floor(random() * messageCount) + (hit ? 0 : messageCount);
      const keys = { messageId: messageIdOf(index), queueId: `4Y${index}`, envelopeId: undefined };
      const start = performance.now();
      const { kind } = await store.findSent(keys);
      times[hit ? "hits" : "misses"][turn >> 1] = performance.now() - start;
      if (kind !== (hit ? "found" : "absent")) throw new Error(`message ${index} is ${kind}`);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: clients }, ask));
  const rate = perSecond(LOOKUPS, performance.now() - start);
  const side = `look-up, ${clients} ${clients === 1 ? "client" : "clients"}`;
  return (["hits", "misses"] as const).map((kind) => {
    const sorted = times[kind].sort();
    const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(2);
    const note = `p50 ${at(0.5)}; ${whole(rate)}/s with the others; goal 2 ms`;
    return { side: `${side}, ${kind}`, figure: `p99 ${at(0.99)} ms`, note };
  });
}

async function followLog(store: Store, folder: string): Promise<readonly BenchRow[]> {
  const log = join(folder, "mail.log");
  const spanMs = DAY_MS;
  const generated = await writePostfixLog(log, { bytes: LOG_BYTES, startMs: Date.now() - spanMs, spanMs, seed: 1 });
  const app = await buildIngest({
    store,
    enqueue: async () => {},
    queueDepth: async () => 0,
    metrics: createMetrics({ processMetrics: false }),
    keys: await openKeyRing({ keys: [{ name: "bench", key: KEY }] }),
    log: createLog({ level: "warn" }),
    version: "bench",
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const start = performance.now();
  const peakMb = await runFollow([log, "--once", "--url", url, "--state", join(folder, "follow.json")]);
  const ms = performance.now() - start;
  await app.close();
  const what = `${whole(generated.bytes / 1e6)} MB, ${whole(generated.lines)} lines, ${whole(generated.messages)} messages`;
  return [
    {
      side: "triage follow, lines",
      figure: `${whole(perSecond(generated.lines, ms))}/s`,
      note: `${what}, ${(ms / 1_000).toFixed(0)} s`,
    },
    {
      side: "triage follow, entries into /v1/sent",
      figure: `${whole(perSecond(generated.messages, ms))}/s`,
      note: "service and database on the same machine",
    },
    {
      side: "triage follow, memory",
      figure: peakMb === undefined ? "unknown" : `${whole(peakMb)} MB`,
      note: "resident, at its peak",
    },
  ];
}

/** @returns Peak of its memory in MB; undefined where there is no /proc to look it up. */
async function runFollow(words: readonly string[]): Promise<number | undefined> {
  const env = { ...process.env, TRIAGE_API_KEY: KEY };
  const child = spawn(process.execPath, [TRIAGE, "follow", ...words], { env, stdio: ["ignore", "ignore", "pipe"] });
  let peakMb: number | undefined;
  const timer = setInterval(() => {
    readFile(`/proc/${child.pid}/status`, "utf8").then(
      (status) => {
        const kilobytes = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN);
        if (!Number.isNaN(kilobytes)) peakMb = kilobytes / 1_024;
      },
      () => undefined,
    );
  }, 100);
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  clearInterval(timer);
  if (code !== 0) throw new Error(`triage follow ended with ${code}: ${stderr}`);
  return peakMb;
}
