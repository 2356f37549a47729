/** Clients for the three forms in which Redis (or Valkey) is run: one server, Sentinel, Cluster; each with or without TLS. */
import { Cluster, Redis } from "ioredis";
import type { RedisConfig } from "../config/resolved-config.ts";
import { mendStringMethods } from "./mend-string-methods.ts";

mendStringMethods();

export type RedisClient = Redis | Cluster;

export interface RedisTarget {
  readonly form: "single" | "sentinel" | "cluster";
  readonly tls: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** At least one. */
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  /** Name of the master that Sentinel watches. */
  readonly master: string | undefined;
  readonly database: number;
  /** Password of the sentinels themselves (`?sentinelPassword=`). */
  readonly sentinelPassword: string | undefined;
}

const DEFAULT_PORT = 6379;
const DEFAULT_SENTINEL_PORT = 26_379;
/** LIMIT: waiting longer than this between two attempts to connect helps nobody. */
const MAX_RECONNECT_MS = 5_000;

/**
 * `redis://[user:password@]host[:port][/database]`, `redis+sentinel://[user:password@]host[:port],.../master[/database]`,
 * `redis+cluster://[user:password@]host[:port],...`; `rediss` for TLS.
 *
 * @returns undefined when the text is none of these.
 */
export function parseRedisUrl(text: string): RedisTarget | undefined {
  const match = /^(rediss?)(?:\+(sentinel|cluster))?:\/\/(?:([^@/]*)@)?([^/?]+)(\/[^?]*)?(?:\?(.*))?$/.exec(text);
  if (match === null) return undefined;
  const [, scheme, form = "single", login, hostList = "", path = "", query = ""] = match;
  const steps = path.split("/").filter((step) => step !== "");
  const master = form === "sentinel" ? steps.shift() : undefined;
  const database = Number(steps[0] ?? "0");
  if ((form === "sentinel" && master === undefined) || !Number.isInteger(database)) return undefined;
  const separator = login?.indexOf(":") ?? -1;
  const username = login === undefined ? "" : separator < 0 ? login : login.slice(0, separator);
  const password = login === undefined || separator < 0 ? "" : login.slice(separator + 1);
  const port = form === "sentinel" ? DEFAULT_SENTINEL_PORT : DEFAULT_PORT;
  return {
    form: form as RedisTarget["form"],
    tls: scheme === "rediss",
    username: username === "" ? undefined : decodeURIComponent(username),
    password: password === "" ? undefined : decodeURIComponent(password),
    hosts: hostList.split(",").map((host) => parseHost(host, port)),
    master,
    database,
    sentinelPassword: new URLSearchParams(query).get("sentinelPassword") ?? undefined,
  };
}

/** `name`, `name:port`, `[2001:db8::1]:port` */
function parseHost(text: string, defaultPort: number): { host: string; port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text);
  return { host: match?.[1] ?? match?.[2] ?? text, port: Number(match?.[3] ?? defaultPort) };
}

/**
 * @param use  `worker`: commands wait for ever while Redis is away, as BullMQ's workers need it. `producer`: commands
 *             are given up with the first failed attempt to connect, so that ingest answers although Redis is away.
 */
export function createRedisClient(config: RedisConfig, use: "worker" | "producer"): RedisClient {
  const target = parseRedisUrl(config.url);
  if (target === undefined) throw new TypeError("Not a Redis URL");
  const tls = target.tls ? { tls: config.ca === undefined ? {} : { ca: config.ca } } : {};
  const options = {
    ...tls,
    ...(target.username === undefined ? {} : { username: target.username }),
    ...(target.password === undefined ? {} : { password: target.password }),
    db: target.database,
    maxRetriesPerRequest: use === "worker" ? null : 1,
    retryStrategy: (attempt: number) => Math.min(attempt * 100, MAX_RECONNECT_MS),
    connectionName: `triage-${use}`,
  };
  const [first = { host: "127.0.0.1", port: DEFAULT_PORT }] = target.hosts;
  switch (target.form) {
    case "single":
      return new Redis({ ...options, ...first });
    case "sentinel":
      return new Redis({
        ...options,
        sentinels: [...target.hosts],
        name: target.master ?? "",
        enableTLSForSentinelMode: target.tls,
        ...(target.tls ? { sentinelTLS: tls.tls ?? {} } : {}),
        ...(target.sentinelPassword === undefined ? {} : { sentinelPassword: target.sentinelPassword }),
      });
    case "cluster":
      return new Cluster([...target.hosts], {
        redisOptions: options,
        clusterRetryStrategy: (attempt) => Math.min(attempt * 100, MAX_RECONNECT_MS),
        // QUIRK(aws): ElastiCache certificates name the hosts, so they must not be turned into addresses first
        ...(target.tls ? { dnsLookup: (address, done) => done(null, address) } : {}),
      });
    default:
      return target.form satisfies never;
  }
}
