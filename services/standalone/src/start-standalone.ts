/** The whole service in one process: every role, one registry of metrics, and a PostgreSQL of its own unless there is one. */
import { CloseStack, createMetrics, type Log, type Metrics, type ResolvedConfig } from "@triage/runtime";
import { ensureApiKeyFile } from "./api-key-file.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres/embedded-postgres.ts";
import { folderError } from "./embedded-postgres/placement.ts";
import { openParts } from "./open-parts.ts";

export interface StandaloneOptions {
  readonly log: Log;
  readonly metrics?: Metrics;
  /** Says what happens meanwhile, one short line each. */
  readonly onProgress?: (line: string) => void;
}

export interface RunningStandalone {
  /** `http://127.0.0.1:8025` */
  readonly url: string;
  /** The file with the key that was made; undefined: the configuration or the environment has keys. */
  readonly apiKeyFile: string | undefined;
  /** Where the data of our own PostgreSQL lie; undefined: it is somebody else's. */
  readonly clusterPath: string | undefined;
  /** Stops taking messages, finishes those in progress, then closes everything, the database last. */
  close(): Promise<void>;
}

/**
 * Starts everything. When something does not start, what was started before it is closed again.
 *
 * @throws {EmbeddedPostgresError} {ListenError} and whatever else keeps it from starting, each in one sentence.
 */
export async function startStandalone(config: ResolvedConfig, options: StandaloneOptions): Promise<RunningStandalone> {
  const stack = new CloseStack();
  try {
    return await startAll(config, options, stack);
  } catch (error) {
    // what keeps us from starting is the news, not what cannot be closed after it
    await stack.close().catch(() => {});
    throw error;
  }
}

async function startAll(
  config: ResolvedConfig,
  options: StandaloneOptions,
  stack: CloseStack,
): Promise<RunningStandalone> {
  const { log, onProgress = () => {}, metrics = createMetrics() } = options;
  const { url } = config.database;
  const { databaseUrl, clusterPath } =
    url === undefined
      ? await startDatabase(config.dataDir, onProgress, stack)
      : { databaseUrl: url, clusterPath: undefined };
  const apiKeyFile = hasKeys(config) ? undefined : await makeApiKey(config.dataDir);
  onProgress("opening the database and the queues");
  const parts = await openParts({ config, databaseUrl, metrics, log, stack });
  onProgress("starting ingest, classifier and delivery");
  // Loaded only now: `triage run` imports this package, too, and needs one role of it.
  const [{ startIngest }, { startClassifier }, { startDelivery }] = await Promise.all([
    import("@triage/ingest"),
    import("@triage/classifier"),
    import("@triage/delivery"),
  ]);
  // From the end of the way to its beginning: a message that is taken finds everything running.
  const delivery = await startDelivery(config, { ...parts, log: log.child({ service: "delivery" }) });
  stack.add("delivery", () => delivery.close());
  const classifier = await startClassifier(config, { ...parts, log: log.child({ service: "classifier" }) });
  stack.add("classifier", () => classifier.close());
  const http = apiKeyFile === undefined ? config.http : { ...config.http, keysFile: apiKeyFile };
  const ingest = await startIngest({ ...config, http }, { ...parts, log: log.child({ service: "ingest" }) });
  stack.add("ingest", () => ingest.close());
  return { url: ingest.url, apiKeyFile, clusterPath, close: () => stack.close() };
}

async function startDatabase(
  dataDir: string,
  onProgress: (line: string) => void,
  stack: CloseStack,
): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, onProgress });
  stack.add("PostgreSQL", () => postgres.stop());
  return postgres;
}

function hasKeys({ http }: ResolvedConfig): boolean {
  return http.keys.length > 0 || http.keysFile !== undefined;
}

async function makeApiKey(dataDir: string): Promise<string> {
  try {
    return await ensureApiKeyFile(dataDir);
  } catch (error) {
    throw folderError(dataDir, error);
  }
}
