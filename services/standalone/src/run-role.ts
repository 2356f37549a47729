/** One role as a process of its own: configuration, database, queues, health interface, and an end in good order. */
import {
  addressWriter,
  CloseStack,
  ConfigError,
  createLog,
  createMetrics,
  loadConfig,
  type ResolvedConfig,
  type RoleName,
  type RunningRole,
  Shutdown,
  startHealthServer,
} from "@triage/runtime";
import { describeStartError } from "./describe-start-error.ts";
import { openParts, type Parts } from "./open-parts.ts";

/**
 * Runs one role on the PostgreSQL (and Redis) of the configuration, until a signal ends the process.
 *
 * @returns 1 when it cannot start; the reason is on stderr. Does not return otherwise.
 */
export async function runRole(role: RoleName): Promise<number> {
  const stack = new CloseStack();
  try {
    const config = loadConfig({ env: process.env });
    const log = createLog({
      level: config.log.level,
      service: role,
      writeAddress: addressWriter(config.privacy.addresses.log, config.privacy.secret),
    });
    const starting = startRole(role, config, { log, stack });
    const close = async () => {
      await starting.catch(() => {});
      await stack.close();
    };
    new Shutdown({ close, log }).listen();
    await starting;
  } catch (error) {
    await stack.close().catch(() => {});
    process.stderr.write(`triage run ${role}: ${describeStartError(error)}\n`);
    return 1;
  }
  return new Promise(() => {}); // Shutdown ends the process
}

async function startRole(
  role: RoleName,
  config: ResolvedConfig,
  { log, stack }: Pick<Parts, "log"> & { readonly stack: CloseStack },
): Promise<void> {
  const databaseUrl = config.database.url;
  if (databaseUrl === undefined) throw noDatabase(role);
  const metrics = createMetrics();
  const parts = await openParts({ config, databaseUrl, metrics, log, stack });
  const running = await START[role](config, parts);
  stack.add(role, () => running.close());
  if (role === "ingest") return; // has the same paths beside its own
  const { host, port } = config.http;
  const ready = async () => {
    await parts.store.ping();
    await parts.queues.ping();
  };
  const health = await startHealthServer({ host, port, metrics, ready });
  stack.add("health checks", () => health.close());
  log.info({ url: health.url }, "started");
}

/** Loads only the role that is run: a classifier needs no web server, and saves its memory. */
const START: Readonly<Record<RoleName, (config: ResolvedConfig, parts: Parts) => Promise<RunningRole>>> = {
  ingest: async (config, parts) => (await import("@triage/ingest")).startIngest(config, parts),
  classifier: async (config, parts) => (await import("@triage/classifier")).startClassifier(config, parts),
  delivery: async (config, parts) => (await import("@triage/delivery")).startDelivery(config, parts),
};

function noDatabase(role: RoleName): ConfigError {
  const message = `must be set for ${role} on its own: the PostgreSQL that all roles share (only npm start brings its own)`;
  return new ConfigError([{ source: "environment", line: undefined, key: "DATABASE_URL", message }]);
}
