/** What a person wrote -> what code uses. What the schema cannot say is checked here. */
import { isIP } from "node:net";
import { resolve } from "node:path";
import type { ApiKey } from "../api-keys.ts";
import { API_KEY_VARIABLE, type Environment } from "../config-environment.ts";
import type { Config } from "../config-file.ts";
import type {
  DatabaseConfig,
  DnsConfig,
  HttpConfig,
  IncidentConfig,
  LearningConfig,
  QueueConfig,
  RedisConfig,
  ResolvedConfig,
  StormConfig,
} from "../resolved-config.ts";
import { resolveAlerts, resolveOwnMail } from "./resolve-alerts.ts";
import { resolveDigest } from "./resolve-digest.ts";
import { resolveFrom, resolveHumans } from "./resolve-humans.ts";
import { resolveLinks } from "./resolve-links.ts";
import { resolveOutlets } from "./resolve-outlets.ts";
import { resolveOverrides } from "./resolve-overrides.ts";
import { resolvePolicy } from "./resolve-policy.ts";
import { resolvePrivacy } from "./resolve-privacy.ts";
import { resolveRetention } from "./resolve-retention.ts";
import { resolveSite } from "./resolve-site.ts";
import { type ReportProblem, SecretFiles } from "./secret-files.ts";

const REDIS_SCHEMES = ["redis:", "rediss:", "redis+sentinel:", "rediss+sentinel:", "redis+cluster:", "rediss+cluster:"];

export interface ResolveInput {
  readonly config: Config;
  /** Absolute; undefined: there is no file. */
  readonly path: string | undefined;
  readonly env: Environment;
  readonly report: ReportProblem;
}

export function resolveConfig({ config, path, env, report }: ResolveInput): ResolvedConfig {
  const secrets = new SecretFiles(path, report);
  const site = resolveSite(config.site ?? {}, secrets, report);
  // a path in the environment is relative to where the command is run, one in the file to the file
  const dataDir = env.TRIAGE_DATA_DIR
    ? resolve(config.dataDir ?? "data")
    : secrets.resolve(config.dataDir ?? resolve("data"));
  const outlets = resolveOutlets(config, { dataDir, secrets, report });
  const humans = resolveHumans(config, { domains: site.domains, outlets, report });
  return {
    path,
    dataDir,
    site,
    dns: resolveDns(config.dns ?? {}, report),
    from: resolveFrom(config.human ?? {}, site.domains, report),
    humans,
    outlets,
    ...resolvePolicy(config, report),
    thresholds: config.thresholds ?? {},
    overrides: resolveOverrides(config.overrides ?? [], report),
    storms: resolveStorms(config.storms ?? {}),
    incidents: resolveIncidents(config.incidents ?? {}),
    learning: resolveLearning(config.learning ?? {}),
    retention: resolveRetention(config.retention ?? {}, report),
    privacy: resolvePrivacy(config.privacy ?? {}, secrets, report),
    http: resolveHttp(config.http ?? {}, env, secrets, report),
    database: resolveDatabase(config.database ?? {}, secrets, report),
    redis: resolveRedis(config.redis ?? {}, secrets, report),
    queue: resolveQueue(config.queue ?? {}),
    classifier: { concurrency: config.classifier?.concurrency ?? 8 },
    delivery: { concurrency: config.delivery?.concurrency ?? 4, hopLimit: config.delivery?.hopLimit ?? 50 },
    digest: resolveDigest(config.digest ?? {}, humans, report),
    ownMail: resolveOwnMail(config.ownMail ?? {}, secrets, report),
    alerts: resolveAlerts(config.alerts ?? {}, humans, report),
    log: { level: config.log?.level ?? "info" },
  };
}

function resolveDns(dns: NonNullable<Config["dns"]>, report: ReportProblem): DnsConfig {
  const servers = dns.servers ?? [];
  servers.forEach((server, index) => {
    if (!isServerAddress(server)) {
      report(
        ["dns", "servers", index],
        `must be an address such as 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:53, not "${server}"`,
      );
    }
  });
  return { servers, timeoutMs: dns.timeoutMs ?? 2_000, tries: dns.tries ?? 2 };
}

/** What the resolver of Node takes: it throws for anything else. */
function isServerAddress(server: string): boolean {
  if (isIP(server) !== 0) return true;
  const [, bracketed, plain = "", port] = /^(?:\[([^\]]+)\]|([0-9.]+))(?::(\d{1,5}))?$/.exec(server) ?? [];
  const isAddress = bracketed === undefined ? isIP(plain) === 4 : isIP(bracketed) === 6;
  return isAddress && (port === undefined || (Number(port) > 0 && Number(port) <= 65_535));
}

function resolveStorms(storms: NonNullable<Config["storms"]>): StormConfig | undefined {
  if (storms.enabled === false) return undefined;
  return {
    hours: storms.hours ?? 6,
    minMessages: storms.minMessages ?? 20,
    minReportingMtas: storms.minReportingMtas ?? 5,
    unprovenShare: storms.unprovenShare ?? 0.9,
    quietHours: storms.quietHours ?? 6,
    groupDoubtful: storms.groupDoubtful ?? true,
  };
}

/** undefined: switched off. */
function resolveIncidents(incidents: NonNullable<Config["incidents"]>): IncidentConfig | undefined {
  if (incidents.enabled === false) return undefined;
  const { quietHours = 24, maxDays = 7, addressesShown = 5 } = incidents;
  return { quietHours, maxDays, addressesShown };
}

function resolveLearning(learning: NonNullable<Config["learning"]>): LearningConfig | undefined {
  if (learning.enabled === false) return undefined;
  const limits = learning.limits ?? {};
  return {
    everyHours: learning.everyHours ?? 24,
    refreshSeconds: learning.refreshSeconds ?? 5,
    keepVersions: learning.keepVersions ?? 20,
    limits: {
      perCorrectorAndDay: limits.perCorrectorAndDay ?? 50,
      perKeyAndDay: limits.perKeyAndDay ?? 200,
      wordsPerCorrector: limits.wordsPerCorrector ?? 300,
      wordsPerKey: limits.wordsPerKey ?? 600,
      words: limits.words ?? 1_000,
      nearDuplicates: limits.nearDuplicates ?? 5_000,
      nearDuplicatesPerKey: limits.nearDuplicatesPerKey ?? 3_000,
      maxAgeDays: limits.maxAgeDays ?? 365,
    },
  };
}

function resolveHttp(
  http: NonNullable<Config["http"]>,
  env: Environment,
  secrets: SecretFiles,
  report: ReportProblem,
): HttpConfig {
  const keys: ApiKey[] = [];
  for (const [index, entry] of (http.keys ?? []).entries()) {
    const section = ["http", "keys", index];
    const key = secrets.choose(section, "key", entry.key, entry.keyFile);
    if (key !== undefined) keys.push({ name: entry.name, key });
    else if (entry.keyFile === undefined) report(section, "needs key or keyFile");
  }
  const own = env[API_KEY_VARIABLE];
  if (own !== undefined && own !== "") keys.push({ name: "environment", key: own });
  return {
    host: http.host ?? "127.0.0.1",
    port: http.port ?? 8025,
    maxMessageBytes: http.maxMessageBytes ?? 25_000_000,
    keys,
    keysFile: http.keysFile === undefined ? undefined : secrets.resolve(http.keysFile),
    links: resolveLinks(http, secrets, report),
  };
}

function resolveDatabase(
  database: NonNullable<Config["database"]>,
  secrets: SecretFiles,
  report: ReportProblem,
): DatabaseConfig {
  const url = secrets.choose(["database"], "url", database.url, database.urlFile);
  if (url !== undefined && !/^postgres(ql)?:\/\//.test(url)) {
    report(["database", "url"], "must be a URL such as postgresql://user:password@host:5432/database");
  }
  return { url, poolSize: database.poolSize ?? 10 };
}

function resolveRedis(
  redis: NonNullable<Config["redis"]>,
  secrets: SecretFiles,
  report: ReportProblem,
): RedisConfig | undefined {
  const url = secrets.choose(["redis"], "url", redis.url, redis.urlFile);
  const ca = secrets.read(["redis", "caFile"], redis.caFile);
  if (url === undefined) return undefined;
  if (!REDIS_SCHEMES.some((scheme) => url.startsWith(`${scheme}//`))) {
    report(
      ["redis", "url"],
      `must be a URL that begins with one of ${REDIS_SCHEMES.map((scheme) => `${scheme}//`).join(" ")}`,
    );
  }
  return { url, ca };
}

function resolveQueue(queue: NonNullable<Config["queue"]>): QueueConfig {
  return {
    prefix: queue.prefix ?? "triage",
    attempts: { classify: queue.attempts?.classify ?? 5, deliver: queue.attempts?.deliver ?? 100 },
    backoffMs: queue.backoffMs ?? 1_000,
    maxBackoffMs: queue.maxBackoffMs ?? 900_000,
    lockDurationMs: queue.lockDurationMs ?? 30_000,
    sweepAfterSeconds: queue.sweepAfterSeconds ?? 60,
    maxWaiting: queue.maxWaiting ?? 100_000,
  };
}
