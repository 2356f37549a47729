/** What a new user waits for: a fresh clone of the last commit, `npm start` until it is ready, and what it takes on disk. */
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { folderSizeMb } from "./classification.ts";
import type { BenchTable } from "./table.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const READY = /http:\/\/127\.0\.0\.1:\d+/;

export async function benchClone(): Promise<BenchTable> {
  const folder = mkdtempSync(join(tmpdir(), "triage-clone-"));
  // As a user's home folder: when root runs this, the database's account must reach it.
  chmodSync(folder, 0o755);
  const clone = join(folder, "postmaster-triage");
  try {
    execFileSync("git", ["clone", "--quiet", root, clone]);
    const first = await secondsToReady(clone);
    const second = await secondsToReady(clone);
    const sizeMb = folderSizeMb(join(clone, "node_modules"));
    return {
      title: "A fresh clone",
      rows: [
        { side: "first npm start until ready", figure: `${first.toFixed(1)} s`, note: "installs, builds; goal 120 s" },
        { side: "next npm start until ready", figure: `${second.toFixed(1)} s`, note: "" },
        { side: "node_modules", figure: `${sizeMb.toFixed(0)} MB`, note: "with the build tools and the database" },
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function secondsToReady(clone: string): Promise<number> {
  const start = performance.now();
  const env = { ...process.env, PORT: "0", TRIAGE_DATA_DIR: join(clone, "data") };
  // A group of its own, so that SIGINT reaches all of it, as Ctrl-C on a terminal does.
  const child = spawn("npm", ["start"], { cwd: clone, env, stdio: ["ignore", "pipe", "inherit"], detached: true });
  let seconds: number | undefined;
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    if (seconds !== undefined || !READY.test(output)) return;
    seconds = (performance.now() - start) / 1000;
    if (child.pid !== undefined) process.kill(-child.pid, "SIGINT");
  });
  await new Promise((resolve) => child.once("close", resolve));
  if (seconds === undefined) throw new Error(`npm start was never ready:\n${output}`);
  return seconds;
}
