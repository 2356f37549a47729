/**
 * Which of our mails the human has already read: a reader moves them from `new/` to `cur/` and appends flags, `name:2,S`.
 *
 * `cur/` may hold a hundred thousand mails. It is listed when it has changed, and not for each delivery.
 */
import { readdir, stat } from "node:fs/promises";

/** Ends the names of our mails, in the place of the host name: every delivery worker must give the same mail the same name. */
export const NAME_SUFFIX = ".triage";

/**
 * A change right after the list was made may carry the same time as the one before it: FAT and some network file systems count
 * in two seconds. A list that is made so soon after a change is not kept.
 */
const COARSEST_TIME_MS = 2_000;

export interface ReadMail {
  /** @returns The name in `cur/`, with its flags; undefined when it is not there. */
  find(name: string): Promise<string | undefined>;
}

export function openReadMail(folder: string, now: () => number): ReadMail {
  let kept: { readonly changed: bigint; readonly entries: ReadonlyMap<string, string> } | undefined;
  return {
    async find(name) {
      const { mtimeNs: changed, mtimeMs } = await stat(folder, { bigint: true });
      if (kept?.changed === changed) return kept.entries.get(name);
      const listedAt = now();
      const entries = await listOurs(folder);
      kept = listedAt - Number(mtimeMs) > COARSEST_TIME_MS ? { changed, entries } : undefined;
      return entries.get(name);
    },
  };
}

async function listOurs(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = new Map<string, string>();
  for (const entry of await readdir(folder)) {
    const flags = entry.indexOf(":");
    const name = flags < 0 ? entry : entry.slice(0, flags);
    if (name.endsWith(NAME_SUFFIX)) entries.set(name, entry);
  }
  return entries;
}
