/**
 * The compose file against what it starts: there is no Docker engine in CI, so it is parsed and held against the
 * Dockerfile's stages, the configuration schema and the files that it mounts.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { CONFIG_ENVIRONMENT, loadConfig, ROLES } from "@triage/runtime";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

interface ComposeService {
  readonly build?: { readonly context: string; readonly target: string };
  readonly image?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly profiles?: readonly string[];
  readonly deploy?: { readonly replicas: number };
}

interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const compose: Compose = parse(read("docker-compose.yml"), { merge: true });
const dockerfile = read("Dockerfile");
const built = Object.entries(compose.services).filter(([, service]) => service.build !== undefined);
const stages = [...dockerfile.matchAll(/^FROM \S+ AS (\S+)$/gm)].map((match) => match[1]);

test("there is a service for each role, and the classifier has replicas", () => {
  expect(built.map(([name]) => name).sort()).toEqual([...ROLES].sort());
  expect(compose.services.classifier?.deploy?.replicas).toBeGreaterThan(1);
});

test("redis never evicts, because an evicted job would be lost", () => {
  expect(JSON.stringify(compose.services.redis)).toContain('"--maxmemory-policy","noeviction"');
});

test("the catch-all mail server starts only with the profile dev", () => {
  expect(compose.services.mailpit?.profiles).toEqual(["dev"]);
});

describe.each(built)("%s", (name, service) => {
  test("its build target is a stage of the Dockerfile that runs this role as an ordinary user", () => {
    expect(stages).toContain(service.build?.target);
    expect(dockerfile).toMatch(new RegExp(`FROM runtime AS ${service.build?.target}\\nCMD \\["${name}"\\]`));
    expect(dockerfile).toMatch(/AS runtime[\s\S]*^USER node$/m);
  });

  test("every environment name is one that the configuration reads", () => {
    const unknown = Object.keys(service.environment ?? {}).filter((key) => !CONFIG_ENVIRONMENT.includes(key));
    expect(unknown).toEqual([]);
  });

  test("it publishes the port that it listens on", () => {
    const containerPorts = (service.ports ?? []).map((mapping) => mapping.split(":").at(-1));
    expect(containerPorts.every((port) => port === service.environment?.PORT)).toBe(true);
    expect(dockerfile).toContain(`EXPOSE ${service.environment?.PORT}`);
  });

  test("what it waits for and mounts is there", () => {
    for (const needed of Object.keys(service.depends_on ?? {})) expect(compose.services).toHaveProperty(needed);
    for (const volume of service.volumes ?? []) expect(existsSync(join(root, volume.split(":")[0] ?? ""))).toBe(true);
  });

  test("the service's own configuration accepts what the compose file gives it", () => {
    const env: Record<string, string> = {};
    for (const [key, value] of Object.entries(service.environment ?? {})) {
      env[key] = value.replace(/\$\{(\w+)(?::[?-]([^}]*))?\}/g, (_, variable: string) => `value-of-${variable}`);
    }
    const config = loadConfig({ path: join(root, "deploy/triage.yaml"), env: { ...env, LOG_LEVEL: "info" } });
    expect(config.http.port).toBe(Number(service.environment?.PORT));
    expect(config.database.url).toContain("@postgres:5432/");
    expect(config.redis?.url).toBe("redis://redis:6379");
  });
});

test("prometheus scrapes every replica of every role on the port it listens on", () => {
  const prometheus = parse(read("deploy/prometheus.yml"));
  const [discovery] = prometheus.scrape_configs[0].dns_sd_configs;
  expect([...discovery.names].sort()).toEqual([...ROLES].sort());
  expect(String(discovery.port)).toBe(compose.services.ingest?.environment?.PORT);
});
