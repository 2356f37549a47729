import { readMail } from "../classify/mail-source.ts";

/**
 * The first message of a file, of an mbox, or of standard input (`-`).
 *
 * @throws Error with the path, when it cannot be read or holds nothing.
 */
export async function readOneMessage(path: string): Promise<Buffer> {
  for await (const item of readMail({ kind: "file", path })) {
    if (item.kind === "error") throw new Error(`${item.path}: ${item.error}`);
    return item.raw;
  }
  throw new Error(`${path}: no message in it`);
}
