/**
 * Reads messages from what an operator names: files, folders, mbox files and standard input, in order.
 *
 * A file that begins with a `From ` line is an mbox (RFC 4155); its messages are `path#1`, `path#2`, ... when there
 * are several. In a folder every file that is mail is read, in the order of its path; a file that is named is always read.
 */
import { open, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { splitMbox } from "@triage/message";

/** One message, or why there is none. */
export type MailItem =
  | { readonly kind: "mail"; readonly path: string; readonly raw: Buffer }
  | { readonly kind: "error"; readonly path: string; readonly error: string };

/** Files to read, in order; "-" is standard input. `error` for a path that is not there. */
export type MailFile =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "error"; readonly path: string; readonly error: string };

export interface MailFiles {
  readonly files: readonly MailFile[];
  /** Files in folders that do not look like mail. */
  readonly skipped: readonly string[];
}

/** The start of a message: a field name and a colon (RFC 5322 section 2.2), or mbox's `From `. */
const MAIL_START = /^(?:>?From |[!-9;-~]{1,76}[ \t]*:)/;
const MAIL_NAME = /\.(?:eml|mbox|mbx|msg)$/i;
/** LIMIT: enough of a file to see its first line. */
const SNIFF_BYTES = 128;

export async function listMailFiles(paths: readonly string[]): Promise<MailFiles> {
  const files: MailFile[] = [];
  const skipped: string[] = [];
  for (const path of paths) {
    try {
      if (path === "-" || !(await stat(path)).isDirectory()) files.push({ kind: "file", path });
      else await listFolder(path, files, skipped);
    } catch (error) {
      files.push({ kind: "error", path, error: reasonOf(error) });
    }
  }
  return { files, skipped };
}

async function listFolder(folder: string, files: MailFile[], skipped: string[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith(".")) continue;
    const path = join(folder, entry.name);
    // A Maildir's tmp holds deliveries that are not finished.
    if (entry.isDirectory() && entry.name !== "tmp") await listFolder(path, files, skipped);
    else if (entry.isFile()) {
      if (MAIL_NAME.test(entry.name) || (await looksLikeMail(path))) files.push({ kind: "file", path });
      else skipped.push(path);
    }
  }
}

/** An unreadable file counts as mail, so that it is reported and not passed over. */
async function looksLikeMail(path: string): Promise<boolean> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFF_BYTES), 0, SNIFF_BYTES, 0);
      return MAIL_START.test(buffer.toString("latin1", 0, bytesRead));
    } finally {
      await file.close();
    }
  } catch {
    return true;
  }
}

/** The messages of one file, in order. */
export async function* readMail(file: MailFile): AsyncGenerator<MailItem> {
  if (file.kind === "error") {
    yield file;
    return;
  }
  let raw: Buffer;
  try {
    raw = file.path === "-" ? await readStandardInput() : await readFile(file.path);
  } catch (error) {
    yield { kind: "error", path: file.path, error: reasonOf(error) };
    return;
  }
  if (raw.toString("latin1", 0, 5) !== "From ") {
    yield { kind: "mail", path: file.path, raw };
    return;
  }
  const messages = [...splitMbox(raw)];
  for (const [index, message] of messages.entries()) {
    const path = messages.length === 1 ? file.path : `${file.path}#${index + 1}`;
    yield { kind: "mail", path, raw: message };
  }
}

async function readStandardInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT") return "no such file or folder";
  if (code === "EACCES") return "permission denied";
  return error instanceof Error ? error.message : String(error);
}
