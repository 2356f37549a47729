/**
 * Whether a process of an id that was written down is still the same process. Ids are given again: after a restart of
 * the machine, or of a container, the same number is another program.
 */
import { readFile, readlink } from "node:fs/promises";
import { runCommand } from "./run-command.ts";

/** A text that is the same only for the same process; undefined when there is no process of this id. */
export async function identifyProcess(pid: number): Promise<string | undefined> {
  if (!isAlive(pid)) return undefined;
  if (process.platform === "linux") {
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "");
    const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
    if (status === undefined) return undefined;
    // proc(5): the name in parentheses may hold spaces; field 3 is the state, field 22 the start time in ticks since boot
    const fields = status.slice(status.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z") return undefined; // ended, its parent has not looked yet
    return `${boot.trim()}/${fields[19]}`;
  }
  const { output } = await runCommand("/bin/ps", ["-o", "lstart=", "-p", String(pid)], { account: undefined });
  return output.trim() === "" ? undefined : output.trim();
}

/** Whether the process is a PostgreSQL server that works on this folder (absolute, without symbolic links). */
export async function isPostgresOf(pid: number, clusterPath: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform === "linux") {
    // a server changes into its data folder; the link cannot be read when the process belongs to somebody else
    const folder = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (!command.includes("postgres")) return false;
    return folder === undefined ? command.split("\0").includes(clusterPath) : folder === clusterPath;
  }
  const { output } = await runCommand("/bin/ps", ["-o", "command=", "-p", String(pid)], { account: undefined });
  return output.includes("postgres") && output.includes(clusterPath);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
