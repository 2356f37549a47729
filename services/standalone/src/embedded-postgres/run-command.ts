import { spawn } from "node:child_process";
import type { Account } from "./account.ts";

/** LIMIT: the tools print a few lines; more than this is not kept. */
const MAX_OUTPUT_CHARS = 20_000;
/** LIMIT: how long what the program wrote just before its end may take through the pipe, while a child of its keeps that open. */
const DRAIN_MS = 250;

export interface CommandResult {
  /** Of the process that has ended; undefined when the program could not be started. */
  readonly pid: number | undefined;
  /** undefined when the program could not be started at all (`error` then says why). */
  readonly exitCode: number | undefined;
  /** stdout and stderr together. */
  readonly output: string;
  readonly error: NodeJS.ErrnoException | undefined;
}

export interface CommandOptions {
  /** Runs as this account (only root can ask for that); undefined: as ourselves. */
  readonly account: Account | undefined;
  readonly input?: string;
}

/**
 * Runs a program to its end, from `/`: the folder that we were started in may be closed to the account.
 * Ends with the program itself, not with its last child, because a server that it started may keep the pipes open.
 */
export function runCommand(file: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const { account, input } = options;
  return new Promise((resolve) => {
    let output = "";
    const keep = (chunk: Buffer) => {
      if (output.length < MAX_OUTPUT_CHARS) output += chunk.toString("utf8");
    };
    const child = spawn(file, args, {
      cwd: "/",
      stdio: ["pipe", "pipe", "pipe"],
      env: { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" },
      ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
    });
    child.once("error", (error) => resolve({ pid: undefined, exitCode: undefined, output, error }));
    if (child.pid === undefined) return; // QUIRK(node): it may have no pipes then (at the limit of open files)
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.stdin.on("error", () => {}); // the program may end without reading its input
    child.stdin.end(input ?? "");
    const end = (code: number | null) => {
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ pid: child.pid, exitCode: code ?? 1, output, error: undefined });
    };
    child.once("close", end);
    child.once("exit", (code) => setTimeout(end, DRAIN_MS, code));
  });
}
