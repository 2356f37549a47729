/**
 * Debian packages, unpacked beside each other instead of installed: MTAs conflict with each other by design. What the
 * packages depend on comes along unless the machine has it.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface UnpackedMta {
  /** The folder that lies over the machine's own root when the MTA runs. */
  readonly folder: string;
  readonly version: string;
}

/**
 * Downloads and unpacks the packages into `CACHE/NAME/root`, once.
 *
 * @param packages  The MTA's own packages, the one whose version counts first.
 * @throws When apt has no lists (`apt-get update`), knows no such package, or cannot reach its mirror.
 */
export async function unpackMta(cache: string, name: string, packages: readonly string[]): Promise<UnpackedMta> {
  const folder = join(cache, name, "root");
  const debs = join(cache, name, "debs");
  if (!existsSync(folder)) {
    await mkdir(debs, { recursive: true });
    // Not as the user `_apt`, who cannot write here.
    const options = ["-o", "APT::Sandbox::User=root", "-q"];
    await run("apt-get", [...options, "download", ...(await missingPackages(packages))], { cwd: debs });
    await unpackAll(debs, folder);
  }
  const own = (await readdir(debs)).find((file) => file.startsWith(`${packages[0]}_`)) ?? "";
  const { stdout } = await run("dpkg-deb", ["-f", join(debs, own), "Version"]);
  return { folder, version: stdout.trim() };
}

/** The packages themselves, and what a simulated installation would bring along. */
async function missingPackages(packages: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await run("apt-get", ["-s", "-q", "--no-install-recommends", "install", ...packages]);
  // `Inst libgnutls30 [3.7.9-2] (3.7.9-3 ...)` with the old version in brackets is an upgrade, which is not needed.
  const missing = [...stdout.matchAll(/^Inst (\S+) \(/gm)].map((match) => match[1] ?? "");
  return [...new Set([...packages, ...missing])];
}

async function unpackAll(debs: string, folder: string): Promise<void> {
  const work = `${folder}.new`;
  await rm(work, { recursive: true, force: true });
  for (const file of await readdir(debs)) await run("dpkg-deb", ["-x", join(debs, file), work]);
  // Where /bin, /lib and /sbin are links into /usr, a real folder above them would hide all that is in there.
  for (const name of ["bin", "lib", "sbin"]) {
    if (!existsSync(join(work, name))) continue;
    await mkdir(join(work, "usr", name), { recursive: true });
    await run("cp", ["-a", `${join(work, name)}/.`, join(work, "usr", name)]);
    await rm(join(work, name), { recursive: true });
  }
  await rename(work, folder);
}
