/**
 * Delivery to a program: the mail on its standard input, its exit code says what became of it (sysexits.h).
 *
 * There is no shell, and no part of a mail becomes an argument. The environment holds nothing of the service's own but
 * the path, home, language and time zone: passwords and URLs of the service stay with it. The program leads a process group
 * of its own, so that a time limit ends whatever it started.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { stat } from "node:fs/promises";
import type { Readable, Writable } from "node:stream";
import type { CommandConfig } from "@triage/runtime";
import type { OutboundMail } from "../compose/outbound-mail.ts";
import { shortenDetail } from "./cut-text.ts";
import type { Outlet, OutletResult } from "./outlet.ts";
import { openSlots } from "./slots.ts";
import { SYSEXITS } from "./sysexits.ts";

type Outcome = Omit<OutletResult, "recipient">;
type Child = ChildProcessByStdio<Writable, null, Readable>;

/** Between the request to end and the end. */
const KILL_GRACE_MS = 5_000;
/** Something that the program left running may keep its standard error open for ever. */
const LAST_WORDS_MS = 1_000;
/** LIMIT: of standard error; the rest is read and forgotten. */
const MAX_STDERR_BYTES = 2_000;
const DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";
const PASSED_ON = ["HOME", "LANG", "LC_ALL", "TZ", "TMPDIR"];

export function openCommandOutlet(config: CommandConfig): Outlet {
  const slots = openSlots(config.concurrency);
  return {
    id: config.id,
    lineEnd: "lf",
    async deliver(mail, recipients) {
      const outcome = await slots.run(() => runOnce(config, mail, recipients));
      return recipients.map((recipient) => ({ recipient, ...outcome }));
    },
    close: () => slots.idle(),
  };
}

async function runOnce(config: CommandConfig, mail: OutboundMail, recipients: readonly string[]): Promise<Outcome> {
  const [program, ...args] = config.argv;
  const env = environmentFor(mail, recipients);
  const child = spawn(program, args, { cwd: config.folder, env, detached: true, stdio: ["pipe", "ignore", "pipe"] });
  const ended = waitForEnd(child, config.timeoutMs);
  // QUIRK(node): a child that could not be started may have no pipes at all (at the limit of open files).
  const words = child.pid === undefined ? () => "" : converse(child, mail.raw);
  const end = await explainStart(await ended, config);
  const said = shortenDetail([describeEnd(end, config.timeoutMs), words()].filter((text) => text !== "").join(": "));
  return { outcome: outcomeOf(end), detail: said };
}

/** QUIRK(node): where the folder is missing, it says that the program is. */
async function explainStart(end: End, { folder }: CommandConfig): Promise<End> {
  if (end.kind !== "none") return end;
  const there = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return there ? end : { kind: "none", why: `there is no folder ${folder} to run in` };
}

type End =
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "signal"; readonly signal: string }
  | { readonly kind: "timeout" }
  /** It could not even be started. */
  | { readonly kind: "none"; readonly why: string };

function waitForEnd(child: Child, timeoutMs: number): Promise<End> {
  return new Promise((resolve) => {
    let timedOut = false;
    let killer: NodeJS.Timeout | undefined;
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup(child, "SIGTERM");
      killer = setTimeout(() => {
        killGroup(child, "SIGKILL");
        // LIMIT: a program that waits for a disk that is gone cannot be killed; nobody waits for it.
        killer = setTimeout(() => resolve({ kind: "timeout" }), KILL_GRACE_MS);
      }, KILL_GRACE_MS);
    }, timeoutMs);
    child.once("error", (error) => {
      clearTimeout(timer);
      resolve({ kind: "none", why: error.message });
    });
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      clearTimeout(killer);
      // What it started may have ignored the request that it followed itself.
      if (timedOut) killGroup(child, "SIGKILL");
      const end: End = code === null ? { kind: "signal", signal: String(signal) } : { kind: "exit", code };
      const lastWords = setTimeout(() => child.stderr.destroy(), LAST_WORDS_MS);
      child.once("close", () => {
        clearTimeout(lastWords);
        resolve(timedOut ? { kind: "timeout" } : end);
      });
    });
  });
}

function killGroup({ pid }: Child, signal: "SIGTERM" | "SIGKILL"): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}

function outcomeOf(end: End): Outcome["outcome"] {
  if (end.kind !== "exit") return "error";
  if (end.code === 0) return "delivered";
  return SYSEXITS[end.code]?.permanent ? "failed" : "error";
}

function describeEnd(end: End, timeoutMs: number): string {
  switch (end.kind) {
    case "exit": {
      const known = SYSEXITS[end.code];
      return known === undefined ? `exit code ${end.code}` : `exit code ${end.code} (${known.name}, ${known.meaning})`;
    }
    case "signal":
      return `ended by ${end.signal}`;
    case "timeout":
      return `killed after ${timeoutMs / 1_000} seconds`;
    case "none":
      return `could not be started: ${end.why}`;
    default:
      return end satisfies never;
  }
}

/** Hands it the mail. @returns What it said so far on standard error, as one line. */
function converse(child: Child, raw: Buffer): () => string {
  // A program that ends without reading everything: its exit code says what that means.
  child.stdin.on("error", () => undefined);
  child.stdin.end(raw);
  return collect(child.stderr);
}

function collect(stream: Readable): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on("data", (chunk: Buffer) => {
    if (size < MAX_STDERR_BYTES) chunks.push(chunk.subarray(0, MAX_STDERR_BYTES - size));
    size += chunk.length;
  });
  stream.on("error", () => undefined);
  return () =>
    Buffer.concat(chunks)
      .toString("utf8")
      .replace(/[\p{Cc}\s]+/gu, " ")
      .trim();
}

/** Ids and configured addresses only: nothing in here can come from a stranger. */
function environmentFor(mail: OutboundMail, recipients: readonly string[]): NodeJS.ProcessEnv {
  const passed = PASSED_ON.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return {
    PATH: process.env.PATH ?? DEFAULT_PATH,
    ...Object.fromEntries(passed),
    TRIAGE_ID: mail.id,
    TRIAGE_MESSAGE_ID: mail.messageId,
    TRIAGE_TOPIC: mail.topic.kind,
    TRIAGE_RECIPIENTS: recipients.join("\n"),
  };
}
