/** Keys that let somebody use the API. */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";

export interface ApiKey {
  /** For the log; never a secret. */
  readonly name: string;
  readonly key: string;
}

/** Reads a keys file; the errors are those of the file system. */
export async function readApiKeys(path: string): Promise<readonly ApiKey[]> {
  return parseApiKeys(await readFile(path, "utf8"), basename(path));
}

/**
 * One key a line: `name key`, or the key alone, which is then named after the file and its line (`api-key:1`). Empty lines
 * and lines that begin with `#` say nothing.
 */
export function parseApiKeys(text: string, fileName: string): readonly ApiKey[] {
  return text.split("\n").flatMap((line, index) => {
    const [first, second] = line.trim().split(/\s+/);
    if (first === undefined || first === "" || first.startsWith("#")) return [];
    return [second === undefined ? { name: `${fileName}:${index + 1}`, key: first } : { name: first, key: second }];
  });
}
