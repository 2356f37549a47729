/**
 * One role of the service as a process of its own, as `triage run ROLE` starts it, so that a test can kill it.
 *
 * Runs what was built: `npm test` builds first.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { RoleName } from "@triage/runtime";

const CLI = fileURLToPath(new URL("../../services/cli/bin/triage.js", import.meta.url));
const BUILT = fileURLToPath(new URL("../../services/cli/dist/index.js", import.meta.url));
/** LIMIT: two busy cores and eight processes that start at once. */
const READY_TIMEOUT_MS = 120_000;
const POLL_MS = 50;

export interface RoleProcessOptions {
  readonly role: RoleName;
  /** Of its HTTP interface, or of its health checks. */
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
  /** Its output is appended here. */
  readonly logFile: string;
}

export interface RoleProcess {
  /** SIGKILL: nothing is finished, nothing is closed. Resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** Starts the process and waits until it says that it is ready. */
export async function startRoleProcess(options: RoleProcessOptions): Promise<RoleProcess> {
  if (!existsSync(BUILT)) throw new Error("the service is not built: run `npm run build` first");
  const log = await open(options.logFile, "a");
  const child = spawn(process.execPath, [CLI, "run", options.role], {
    env: { PATH: process.env.PATH, HOST: "127.0.0.1", PORT: String(options.port), ...options.env },
    stdio: ["ignore", log.fd, log.fd],
  });
  await log.close();
  const end = async (signal: "SIGKILL" | "SIGTERM") => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
    return child.exitCode;
  };
  await waitUntilReady(child, options);
  return { kill: async () => void (await end("SIGKILL")), stop: () => end("SIGTERM") };
}

async function waitUntilReady(child: ChildProcess, { role, port, logFile }: RoleProcessOptions): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (!(await isReady(port))) {
    if (child.exitCode !== null) throw new Error(`${role} ended with exit code ${child.exitCode}; see ${logFile}`);
    if (performance.now() > deadline) {
      child.kill("SIGKILL");
      throw new Error(`${role} did not get ready; see ${logFile}`);
    }
    await delay(POLL_MS);
  }
}

async function isReady(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/readyz`).then(
    (response) => response.ok,
    () => false,
  );
}
