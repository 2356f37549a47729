/**
 * Redis for the tests without installing it: Debian's own package, unpacked into the cache folder of the project.
 * `apt-get download` and `dpkg-deb -x` need no root and change nothing on the system.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Libraries of libraries: what redis-server is linked to is found within three levels. */
const MAX_LIBRARY_LEVELS = 3;

export interface RedisProgram {
  readonly path: string;
  /** Where its libraries are; undefined: where the system keeps them. */
  readonly libraryPath: string | undefined;
}

/**
 * Unpacks Redis into `<cacheDir>/redis` unless it is there.
 *
 * @throws when this is no Debian, or its packages cannot be fetched.
 */
export async function fetchDebianRedis(cacheDir: string): Promise<RedisProgram> {
  const target = join(cacheDir, "redis");
  if (!existsSync(join(target, "usr/bin/redis-server"))) {
    await mkdir(cacheDir, { recursive: true });
    const work = await mkdtemp(join(cacheDir, "redis-fetch-"));
    try {
      await fetchInto(work);
      // another run may have been faster: then its copy is as good
      await rename(join(work, "root"), target).catch(() => {});
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
  return { path: join(target, "usr/bin/redis-server"), libraryPath: await libraryPath(target) };
}

async function fetchInto(work: string): Promise<void> {
  const root = join(work, "root");
  await mkdir(root);
  const apt = await chooseAptOptions(work);
  // in Debian redis-server is a link to the program of redis-tools
  let wanted = ["redis-server", "redis-tools"];
  const seen = new Set<string>();
  for (let level = 0; wanted.length > 0 && level <= MAX_LIBRARY_LEVELS; level++) {
    for (const name of wanted) seen.add(name);
    await run("apt-get", [...apt, "download", ...wanted], { cwd: work });
    for (const name of await readdir(work)) {
      if (!name.endsWith(".deb")) continue;
      await run("dpkg-deb", ["-x", join(work, name), root]);
      await rm(join(work, name));
    }
    if (await isComplete(root)) return;
    wanted = (await librariesOf(wanted, apt)).filter((name) => !seen.has(name));
  }
  throw new Error("libraries of Debian's redis-server are missing");
}

/** The package lists of the system when it has any, else lists of our own, fetched into the work folder. */
async function chooseAptOptions(work: string): Promise<readonly string[]> {
  const cache = ["-o", `Dir::Cache=${join(work, "apt-cache")}`, "-o", "APT::Sandbox::User="];
  await mkdir(join(work, "apt-cache/archives/partial"), { recursive: true });
  const { stdout } = await run("apt-cache", [...cache, "policy", "redis-server"]);
  if (/Candidate: \d/.test(stdout)) return cache;
  const lists = ["-o", `Dir::State::lists=${join(work, "apt-lists")}`, ...cache];
  await mkdir(join(work, "apt-lists/partial"), { recursive: true });
  await run("apt-get", [...lists, "update"]);
  return lists;
}

/** The library packages that these packages depend on; the C library is everywhere. */
async function librariesOf(packages: readonly string[], apt: readonly string[]): Promise<string[]> {
  const { stdout } = await run("apt-cache", [...apt, "depends", "--important", ...packages]);
  const names = [...stdout.matchAll(/^\s+\|?Depends: (lib[\w.+-]+)/gm)].map((match) => match[1] ?? "");
  return [...new Set(names)].filter((name) => !/^lib(c6|gcc-s1|stdc\+\+6)$/.test(name));
}

async function isComplete(root: string): Promise<boolean> {
  const env = { ...process.env, LD_LIBRARY_PATH: (await libraryPath(root)) ?? "" };
  const { stdout } = await run("ldd", [join(root, "usr/bin/redis-server")], { env });
  return !stdout.includes("not found");
}

async function libraryPath(root: string): Promise<string | undefined> {
  const folders: string[] = [];
  for (const lib of ["lib", "usr/lib"]) {
    const entries = await readdir(join(root, lib)).catch(() => []);
    folders.push(...entries.filter((name) => name.endsWith("-linux-gnu")).map((name) => join(root, lib, name)));
  }
  return folders.length === 0 ? undefined : folders.join(":");
}
