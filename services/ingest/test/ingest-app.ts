import { randomBytes } from "node:crypto";
import { createLog, createMetrics, type Metrics } from "@triage/runtime";
import { openStore, type Store } from "@triage/store";
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from "fastify";
import { inject } from "vitest";
import { buildIngest, type IngestOptions, openKeyRing } from "../src/index.ts";

export const KEY = "the-key-of-the-tests";
export const AUTHORIZED = { authorization: `Bearer ${KEY}` };

export interface TestIngest {
  readonly app: FastifyInstance;
  readonly store: Store;
  readonly schema: string;
  readonly metrics: Metrics;
  /** Jobs that were added, in order. */
  readonly jobs: { readonly queue: string; readonly messageId: string }[];
  /** Lines of the log, as objects. */
  readonly lines: Record<string, unknown>[];
  /** Posts a message with the key; the text may be the same as before. */
  post(raw: string | Buffer, headers?: InjectOptions["headers"]): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

/** The application on a real store in a schema of its own, with a queue that only remembers. */
export async function openTestIngest(options: Partial<IngestOptions> = {}): Promise<TestIngest> {
  const schema = `ingest_${randomBytes(6).toString("hex")}`;
  const store = await openStore({ databaseUrl: inject("databaseUrl"), schema, poolSize: 4 });
  const jobs: TestIngest["jobs"] = [];
  const lines: Record<string, unknown>[] = [];
  const metrics = createMetrics({ processMetrics: false });
  const app = await buildIngest({
    store,
    metrics,
    enqueue: async (queue, messageIds) => void jobs.push(...messageIds.map((messageId) => ({ queue, messageId }))),
    queueDepth: async () => 0,
    keys: await openKeyRing({ keys: [{ name: "mx", key: KEY }] }),
    log: createLog({ destination: { write: (line) => void lines.push(JSON.parse(line)) }, pretty: false }),
    version: "1.2.3",
    // the machine that runs the tests may be busy
    limits: { maxMessageBytes: 200_000, maxEventLoopDelayMs: 60_000, ...options.limits },
    ...withoutLimits(options),
  });
  return {
    ...{ app, store, schema, metrics, jobs, lines },
    post: (raw, headers = {}) =>
      app.inject({
        method: "POST",
        url: "/v1/messages",
        headers: { ...AUTHORIZED, "content-type": "message/rfc822", ...headers },
        payload: raw,
      }),
    close: async () => {
      await app.close();
      await store.close();
    },
  };
}

function withoutLimits({ limits: _limits, ...rest }: Partial<IngestOptions>): Partial<IngestOptions> {
  return rest;
}

let count = 0;
/** A message that nobody sent before. */
export function freshMessage(): string {
  count += 1;
  return `Subject: message ${count}\r\nMessage-ID: <${count}.${process.pid}@example.com>\r\n\r\nhello\r\n`;
}
