/** A real Redis (or Valkey) on a free port, with nothing on disk. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access, constants, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { fetchDebianRedis, type RedisProgram } from "./debian-redis.ts";
import { findFreePort } from "./free-port.ts";

const CACHE_DIR = resolve(fileURLToPath(new URL("../../.cache", import.meta.url)));
const START_ATTEMPTS = 5;

export interface RedisServer {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * redis-server or valkey-server on PATH, else Debian's package in the cache folder.
 *
 * @returns undefined when there is none and none can be fetched; `reason` then says what to install.
 */
export async function findRedisProgram(): Promise<RedisProgram | { readonly reason: string }> {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of ["redis-server", "valkey-server"]) {
      const path = join(folder, name);
      if (folder !== "" && (await isExecutable(path))) return { path, libraryPath: undefined };
    }
  }
  return fetchDebianRedis(CACHE_DIR).catch((error: unknown) => ({
    reason:
      "The tests need Redis: install redis-server or valkey-server, so that it is found on PATH " +
      `(Debian's package could not be fetched: ${firstLine(error)}).`,
  }));
}

/** @param args  More settings, such as `--maxmemory-policy allkeys-lru`. */
export async function startRedis(program: RedisProgram, args: readonly string[] = []): Promise<RedisServer> {
  const settings = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", ...args];
  return start(program, "Ready to accept connections", async (port, folder) => [
    ...["--port", String(port), "--dir", folder],
    ...settings,
  ]);
}

/** A Sentinel that watches one server under the name `mymaster`. */
export async function startSentinel(program: RedisProgram, master: RedisServer): Promise<RedisServer> {
  return start(program, "+monitor master mymaster", async (port, folder) => {
    // a Sentinel writes into its configuration, so it must have a file of its own
    const path = join(folder, "sentinel.conf");
    const monitor = `sentinel monitor mymaster 127.0.0.1 ${new URL(master.url).port} 1`;
    await writeFile(path, `port ${port}\nbind 127.0.0.1\ndir ${folder}\n${monitor}\n`);
    return [path, "--sentinel"];
  });
}

type Arguments = (port: number, folder: string) => Promise<readonly string[]>;

async function start(program: RedisProgram, ready: string, argumentsFor: Arguments): Promise<RedisServer> {
  for (let attempt = 1; ; attempt++) {
    const port = await findFreePort();
    const folder = await mkdtemp(join(tmpdir(), "triage-redis-"));
    const child = spawnRedis(program, folder, await argumentsFor(port, folder));
    const refusal = await waitUntilReady(child, ready);
    if (refusal === undefined) {
      return { url: `redis://127.0.0.1:${port}`, pid: child.pid ?? 0, stop: () => stopRedis(child, folder) };
    }
    await stopRedis(child, folder);
    if (attempt === START_ATTEMPTS) throw new Error(`Redis does not start: ${refusal}`);
  }
}

function spawnRedis(program: RedisProgram, folder: string, args: readonly string[]): ChildProcess {
  const libraries = program.libraryPath === undefined ? {} : { LD_LIBRARY_PATH: program.libraryPath };
  return spawn(program.path, args, {
    cwd: folder,
    env: { ...process.env, ...libraries },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** @returns undefined when it is ready, else its last line. */
async function waitUntilReady(child: ChildProcess, ready: string): Promise<string | undefined> {
  if (child.stdout === null) return "no output";
  child.once("error", () => child.stdout?.destroy());
  let last = "it said nothing";
  for await (const line of createInterface({ input: child.stdout })) {
    last = line;
    if (line.includes(ready)) {
      child.stdout.resume();
      return undefined;
    }
  }
  return last;
}

async function stopRedis(child: ChildProcess, folder: string): Promise<void> {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    child.kill("SIGKILL"); // there is nothing on disk to be kept whole
    await once(child, "exit");
  }
  await rm(folder, { recursive: true, force: true });
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n").find((line) => line.trim() !== "") ?? text;
}
