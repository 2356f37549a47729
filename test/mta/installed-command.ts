/**
 * The `triage` command, installed where an MTA's user can reach it: the checkout may lie in a private folder, and Postfix
 * runs no pipe as root.
 */
import { execFile } from "node:child_process";
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../../", import.meta.url));
/** What `triage pipe` loads: the command, what it was built to, and the reader of command lines. */
const FILES = ["services/cli/package.json", "services/cli/bin", "services/cli/dist", "node_modules/commander"];

/** @returns Path of the installed `triage.js`. */
export async function installCommand(
  folder: string,
  user: { readonly uid: number; readonly gid: number },
): Promise<string> {
  for (const file of FILES) {
    await mkdir(join(folder, file, ".."), { recursive: true });
    await cp(join(root, file), join(folder, file), { recursive: true });
  }
  const program = join(folder, "services/cli/bin/triage.js");
  await promisify(execFile)(process.execPath, [program, "pipe", "--help"], { ...user, cwd: "/" }).catch(
    (error: unknown) => {
      throw new Error(`an MTA's user (uid ${user.uid}) cannot run ${process.execPath} ${program}`, { cause: error });
    },
  );
  return program;
}
