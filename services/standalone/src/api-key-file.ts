/** The key that is made on the first start, so that nobody has to think of one. */
import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * The file `api-key` in the data folder, readable by its owner alone; made when it is not there.
 *
 * @returns Its path; the file has the key on its only line.
 */
export async function ensureApiKeyFile(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true });
  const path = join(dataDir, "api-key");
  const key = randomBytes(24).toString("base64url");
  // "wx": never over a key that somebody uses already
  await writeFile(path, `${key}\n`, { mode: 0o600, flag: "wx" }).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
    if ((await readFile(path, "utf8")).trim() === "") await writeFile(path, `${key}\n`, { mode: 0o600 });
  });
  return path;
}
