/** A process of its own that takes messages, to be killed: prints where it listens. */
import type { AddressInfo } from "node:net";
import { createLog, createMetrics } from "@triage/runtime";
import { openStore } from "@triage/store";
import { buildIngest, openKeyRing } from "../src/index.ts";

const [databaseUrl = "", schema = "", key = ""] = process.argv.slice(2);
const app = await buildIngest({
  store: await openStore({ databaseUrl, schema }),
  enqueue: async () => {},
  queueDepth: async () => 0,
  metrics: createMetrics({ processMetrics: false }),
  keys: await openKeyRing({ keys: [{ name: "mx", key }] }),
  log: createLog({ level: "silent" }),
  version: "0.0.0",
  limits: { maxEventLoopDelayMs: 60_000 },
});
await app.listen({ host: "127.0.0.1", port: 0 });
console.log(JSON.stringify(app.server.address() as AddressInfo));
