/** The wiring of the role: configuration, store and queues around the HTTP interface. */
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import {
  addressWriter,
  type Log,
  listenError,
  type Metrics,
  type Queues,
  type ResolvedConfig,
  type RunningRole,
} from "@triage/runtime";
import type { Store } from "@triage/store";
import type { FastifyInstance } from "fastify";
import { buildIngest } from "./app.ts";
import { openKeyRing } from "./key-ring.ts";
import { watchLedgerAge } from "./ledger-gauge.ts";
import { startRetention } from "./start-retention.ts";

/** What the role works with. It belongs to whoever started the role, and is closed by them, after the role. */
export interface IngestParts {
  readonly store: Store;
  readonly queues: Queues;
  readonly metrics: Metrics;
  readonly log: Log;
}

export interface RunningIngest extends RunningRole {
  /** `http://127.0.0.1:8025` */
  readonly url: string;
}

/**
 * Starts listening. Start any number of these, on any number of machines.
 *
 * @throws {ListenError} The port is taken, or the host is none of ours.
 * @throws The file system's error when the keys file cannot be read.
 */
export async function startIngest(config: ResolvedConfig, parts: IngestParts): Promise<RunningIngest> {
  const { store, queues, metrics, log } = parts;
  const { host, port, maxMessageBytes, keys, keysFile } = config.http;
  if (keys.length === 0 && keysFile === undefined) log.warn("there is no API key: every message will be refused");
  const app = await buildIngest({
    store,
    metrics,
    log,
    humans: config.humans.map(({ id }) => id),
    policy: { policy: config.policy, policyAbove: config.policyAbove },
    writeAddress: addressWriter(config.privacy.addresses.api, config.privacy.secret),
    learns: config.learning !== undefined,
    linkSecrets: config.http.links.secrets,
    version: readVersion(),
    enqueue: (queue, messageIds) => queues.addMany(queue, messageIds),
    queueDepth: async () => (await queues.counts("classify")).waiting,
    pingQueues: () => queues.ping(),
    limits: { maxMessageBytes, maxWaiting: config.queue.maxWaiting },
    keys: await openKeyRing({
      keys,
      keysFile,
      onUnreadable: (error) => log.warn({ err: error }, "cannot read the keys file; the keys read last stay valid"),
    }),
  });
  const url = await listen(app, { host, port });
  const retention = startRetention(config, { store, metrics, log });
  const stopWatching = watchLedgerAge(store, metrics);
  log.info({ url }, "taking messages");
  return {
    url,
    close: async () => {
      stopWatching();
      await Promise.all([app.close(), retention.close()]);
    },
  };
}

async function listen(app: FastifyInstance, where: { readonly host: string; readonly port: number }): Promise<string> {
  try {
    await app.listen(where);
  } catch (error) {
    await app.close();
    throw listenError(error, where);
  }
  const { port } = app.server.address() as AddressInfo;
  return `http://${where.host.includes(":") ? `[${where.host}]` : where.host}:${port}`;
}

function readVersion(): string {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { readonly version: string }).version;
}
