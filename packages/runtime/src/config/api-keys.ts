/** Keys that let somebody use the API. */
import { readFile } from "node:fs/promises";

export interface ApiKey {
  /** For the log; never a secret. */
  readonly name: string;
  readonly key: string;
}

/** Reads a keys file; the errors are those of the file system. */
export async function readApiKeys(path: string): Promise<readonly ApiKey[]> {
  return parseApiKeys(await readFile(path, "utf8"));
}

/**
 * One key a line: `name key`, or the key alone (its name is then `line-<n>`). Empty lines and lines that begin with `#`
 * say nothing.
 */
export function parseApiKeys(text: string): readonly ApiKey[] {
  return text.split("\n").flatMap((line, index) => {
    const [first, second] = line.trim().split(/\s+/);
    if (first === undefined || first === "" || first.startsWith("#")) return [];
    return [second === undefined ? { name: `line-${index + 1}`, key: first } : { name: first, key: second }];
  });
}
