/**
 * Ingest: durable answers a second over HTTP with 64 connections and bodies of 5 kB, beside the same route with one
 * INSERT a request, and beside a bare route that answers 202 and keeps nothing. The client is a process of its own;
 * every body is different, so nothing is a repeat.
 */
import { spawn } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildIngest, type IngestOptions, openKeyRing } from "@triage/ingest";
import { createLog, createMetrics } from "@triage/runtime";
import { openStore, type Store } from "@triage/store";
import { type FastifyInstance, fastify } from "fastify";
import { startEmbeddedPostgres } from "../../services/standalone/src/embedded-postgres/embedded-postgres.ts";
import { type BenchTable, median, whole } from "./table.ts";

const CONNECTIONS = 64;
const BODY_BYTES = 5_000;
const ROUNDS = 5;
const SECONDS_PER_ROUND = 4;
const POOL_SIZE = 10;
const KEY = "bench";

const require = createRequire(import.meta.url);
const AUTOCANNON = join(dirname(require.resolve("autocannon")), "autocannon.js");

type Side = "coalesced" | "single" | "bare";

export async function benchIngest(): Promise<BenchTable> {
  const folder = await mkdtemp(join(tmpdir(), "triage-bench-"));
  // root runs PostgreSQL as another account, which must reach its data
  await chmod(folder, 0o755);
  const elsewhere = { cacheDir: join(folder, "programs"), stateDir: join(folder, "state") };
  const postgres = await startEmbeddedPostgres({ dataDir: folder, elsewhere });
  const store = await openStore({ databaseUrl: postgres.databaseUrl, poolSize: POOL_SIZE });
  try {
    const bodyFile = join(folder, "body.eml");
    await writeFile(bodyFile, sampleBody());
    return await measure(store, bodyFile);
  } finally {
    await store.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(store: Store, bodyFile: string): Promise<BenchTable> {
  const apps: Record<Side, FastifyInstance> = {
    coalesced: await ingest(store),
    single: await ingest(store, { maxCount: 1, parallel: POOL_SIZE }),
    bare: bareRoute(),
  };
  const rates: Record<Side, number[]> = { coalesced: [], single: [], bare: [] };
  for (const app of Object.values(apps)) await app.listen({ host: "127.0.0.1", port: 0 });
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const side of ["coalesced", "single", "bare"] as const) {
      const { port } = apps[side].server.address() as AddressInfo;
      const rate = await fire(`http://127.0.0.1:${port}/v1/messages`, bodyFile);
      // the first round only warms up
      if (round > 0) rates[side].push(rate);
    }
  }
  await Promise.all(Object.values(apps).map((app) => app.close()));
  const [coalesced, single, bare] = [median(rates.coalesced), median(rates.single), median(rates.bare)];
  const title = `Ingest: ${CONNECTIONS} connections, bodies of ${whole(BODY_BYTES)} bytes, ${ROUNDS} rounds of ${SECONDS_PER_ROUND} s`;
  return {
    title,
    rows: [
      { side: "durable 202, INSERT shared", figure: `${whole(coalesced)}/s`, note: "what ingest does" },
      { side: "durable 202, one INSERT a request", figure: `${whole(single)}/s`, note: `${POOL_SIZE} connections` },
      { side: "bare route that keeps nothing", figure: `${whole(bare)}/s`, note: "what HTTP alone costs" },
      { side: "shared / one a request", figure: (coalesced / single).toFixed(2), note: "goal 1.3 or more" },
      { side: "shared / bare", figure: (coalesced / bare).toFixed(2), note: "" },
    ],
  };
}

async function ingest(store: Store, batching: IngestOptions["batching"] = {}): Promise<FastifyInstance> {
  return buildIngest({
    store,
    batching,
    enqueue: async () => {},
    queueDepth: async () => 0,
    metrics: createMetrics({ processMetrics: false }),
    keys: await openKeyRing({ keys: [{ name: "bench", key: KEY }] }),
    log: createLog({ level: "warn" }),
    version: "bench",
    // 64 clients on a machine that also runs the database make the event loop late: that is what is measured here
    limits: { maxEventLoopDelayMs: 60_000 },
  });
}

function bareRoute(): FastifyInstance {
  const app = fastify({ logger: false });
  app.addContentTypeParser("message/rfc822", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.post("/v1/messages", async (_request, reply) => {
    reply.code(202);
    return { id: "00000000-0000-7000-8000-000000000000", duplicate: false };
  });
  return app;
}

/** autocannon puts a new id in the place of `[<id>]` in every request. */
function sampleBody(): string {
  const head =
    "From: MAILER-DAEMON@mx.example.net\r\nSubject: Undelivered Mail\r\nMessage-ID: <[<id>]@mx.example.net>\r\n\r\n";
  return head.padEnd(BODY_BYTES, "550 5.7.1 <joe@example.net>: blocked, see https://example.net/why\r\n");
}

/** @returns Answers with status 202 a second. */
async function fire(url: string, bodyFile: string): Promise<number> {
  const headers = ["content-type: message/rfc822", `authorization: Bearer ${KEY}`, "x-envelope-from: <>"];
  const client = spawn(
    process.execPath,
    [
      ...[AUTOCANNON, "--json", "--no-progress", "--idReplacement"],
      ...["--connections", String(CONNECTIONS), "--duration", String(SECONDS_PER_ROUND)],
      ...["--method", "POST", "--input", bodyFile],
      ...headers.flatMap((header) => ["--headers", header]),
      url,
    ],
    { stdio: ["ignore", "pipe", "ignore"] },
  );
  const output: Buffer[] = [];
  for await (const chunk of client.stdout) output.push(chunk as Buffer);
  const result = JSON.parse(Buffer.concat(output).toString()) as {
    readonly "2xx": number;
    readonly non2xx: number;
    readonly errors: number;
    readonly duration: number;
  };
  if (result.non2xx + result.errors > 0) throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} failed`);
  return result["2xx"] / result.duration;
}
