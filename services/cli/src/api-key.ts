/** The key for the HTTP interface, as the commands of an operator find it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * From the file that is named, else the environment, else where the standalone service keeps the one that it made.
 *
 * @throws {Error} There is none, or the named file cannot be read.
 */
export async function readApiKey(keyFile: string | undefined): Promise<string> {
  if (keyFile) return (await readFile(keyFile, "utf8")).trim();
  const key = process.env.TRIAGE_API_KEY || (await readMadeKey());
  if (!key) throw new Error("no API key: give --key-file or set TRIAGE_API_KEY");
  return key;
}

async function readMadeKey(): Promise<string | undefined> {
  try {
    return (await readFile(join(process.env.TRIAGE_DATA_DIR || "data", "api-key"), "utf8")).trim();
  } catch {
    return undefined;
  }
}
