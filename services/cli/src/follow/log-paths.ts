/** What an operator names on the command line, to logs: patterns filled in, rotated files left to the log that they were. */
import { readdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { isRotated } from "./log-files.ts";

/**
 * @param words  Paths; `*` and `?` in the last part stand for what a shell would take them for (a unit of systemd has none).
 * @returns      Absolute paths in order, each once. A rotated file that is named beside its log belongs to the log.
 */
export async function findLogs(words: readonly string[]): Promise<readonly string[]> {
  const paths = [...new Set((await Promise.all(words.map(expand))).flat())];
  return paths.filter((path) => {
    return !paths.some((other) => dirname(other) === dirname(path) && isRotated(basename(path), basename(other)));
  });
}

async function expand(word: string): Promise<readonly string[]> {
  const path = resolve(word);
  const pattern = basename(path);
  if (!/[*?]/.test(pattern)) return [path];
  const names = await readdir(dirname(path)).catch(() => []);
  return names
    .filter((name) => matchesPattern(name, pattern))
    .sort()
    .map((name) => join(dirname(path), name));
}

/** Greedy with one step back to the last `*`: linear in practice, at worst the product of both lengths. */
export function matchesPattern(name: string, pattern: string): boolean {
  let at = 0;
  let patternAt = 0;
  let star = -1;
  let retry = 0;
  while (at < name.length) {
    const expected = pattern.charAt(patternAt);
    if (expected === "*") {
      star = patternAt;
      patternAt += 1;
      retry = at;
    } else if (expected === "?" || (expected !== "" && expected === name.charAt(at))) {
      at += 1;
      patternAt += 1;
    } else if (star >= 0) {
      patternAt = star + 1;
      retry += 1;
      at = retry;
    } else return false;
  }
  while (pattern.charAt(patternAt) === "*") patternAt += 1;
  return patternAt === pattern.length;
}
