/**
 * A real Postfix of a test's own: own configuration, queue, data and log in a temporary folder, own port on the
 * loopback interface. The system's Postfix, if one runs, is not touched.
 */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, chown, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { findFreePort } from "../support/free-port.ts";

const run = promisify(execFile);
const POSTFIX = "/usr/sbin/postfix";

/** Services of master.cf that every instance here needs (master(5)); no chroot, no local submission. */
const SERVICES = [
  "cleanup unix n - n - 0 cleanup",
  "qmgr unix n - n 1 1 qmgr",
  "rewrite unix - - n - - trivial-rewrite",
  "bounce unix - - n - 0 bounce",
  "defer unix - - n - 0 bounce",
  "trace unix - - n - 0 bounce",
  "flush unix n - n - 0 flush",
  "proxymap unix - - n - - proxymap",
  "smtp unix - - n - - smtp",
  "error unix - - n - - error",
  "retry unix - - n - - error",
  "virtual unix - n n - - virtual",
  "anvil unix - - n - 1 anvil",
  "scache unix - - n - 1 scache",
  "tlsmgr unix - - n 1000? 1 tlsmgr",
  "postlog unix-dgram n - n - 1 postlogd",
];

/** Where mail waits (qmgr(8)); it moves from one to the other as it is tried. */
const QUEUES = ["incoming", "active", "deferred"];

export interface PostfixOptions {
  /** Folder of this instance; made, and to be removed by the caller after `stop`. Everybody can look into it. */
  readonly folder: string;
  /** myhostname. */
  readonly hostname: string;
  /** More of main.cf. */
  readonly settings: Readonly<Record<string, string>>;
  /** Default: any that is free. */
  readonly port?: number;
  /** More lines of master.cf. */
  readonly services?: readonly string[];
}

export interface Postfix {
  readonly port: number;
  /** Queue ids of the mail that it still holds. */
  queued(): Promise<readonly string[]>;
  readLog(): Promise<string>;
  /** Changes main.cf and starts again: what an administrator does who mends something. */
  change(settings: Readonly<Record<string, string>>): Promise<void>;
  /** Stopping it twice is once. */
  stop(): Promise<void>;
}

/**
 * What keeps these tests from running; undefined when nothing does.
 *
 * Postfix's master must be started by root (it hands its sockets to daemons that are not).
 */
export function missingForPostfix(): string | undefined {
  if (!existsSync(POSTFIX)) return "Postfix is not installed: apt-get install postfix";
  if (process.getuid?.() !== 0) return "Postfix can be started by root only: run this suite as root";
  return undefined;
}

/** Starts an instance and waits until it greets. */
export async function startPostfix(options: PostfixOptions): Promise<Postfix> {
  const { folder } = options;
  const config = join(folder, "conf");
  const { port = await findFreePort() } = options;
  await mkdir(config, { recursive: true });
  for (const name of ["queue", "data"]) await mkdir(join(folder, name), { recursive: true });
  await chmod(folder, 0o755);
  await chown(join(folder, "data"), await uidOf("postfix"), 0);
  await writeFile(join(config, "main.cf"), mainConfig(options));
  await writeFile(join(config, "master.cf"), masterConfig(options, port));
  await run(POSTFIX, ["-c", config, "start"]);
  let running = true;
  const postfix: Postfix = {
    port,
    queued: async () => (await Promise.all(QUEUES.map((name) => listFiles(join(folder, "queue", name))))).flat(),
    readLog: () => readFile(join(folder, "maillog"), "utf8").catch(() => ""),
    async change(settings) {
      await writeFile(
        join(config, "main.cf"),
        mainConfig({ ...options, settings: { ...options.settings, ...settings } }),
      );
      // Not `reload`: an smtpd goes on as it was with the connections that it has.
      await run(POSTFIX, ["-c", config, "stop"]);
      await run(POSTFIX, ["-c", config, "start"]);
      await greeting(port);
    },
    async stop() {
      if (!running) return;
      running = false;
      await run(POSTFIX, ["-c", config, "stop"]);
    },
  };
  try {
    await greeting(port);
  } catch (error) {
    const log = await postfix.readLog();
    await postfix.stop().catch(() => undefined);
    throw new Error(`Postfix does not answer. Its log:\n${log}`, { cause: error });
  }
  return postfix;
}

function mainConfig({ folder, hostname, settings }: PostfixOptions): string {
  const main: Readonly<Record<string, string>> = {
    compatibility_level: "3.6",
    queue_directory: join(folder, "queue"),
    data_directory: join(folder, "data"),
    daemon_directory: "/usr/lib/postfix/sbin",
    command_directory: "/usr/sbin",
    mail_owner: "postfix",
    setgid_group: "postdrop",
    maillog_file: join(folder, "maillog"),
    maillog_file_prefixes: folder,
    myhostname: hostname,
    mydestination: "",
    mynetworks: "127.0.0.0/8",
    inet_interfaces: "127.0.0.1",
    inet_protocols: "ipv4",
    alias_maps: "",
    alias_database: "",
    smtpd_relay_restrictions: "permit_mynetworks, reject",
    // No test waits for a resolver or for the usual minutes between two attempts.
    smtp_dns_support_level: "disabled",
    smtpd_peername_lookup: "no",
    minimal_backoff_time: "1s",
    maximal_backoff_time: "2s",
    queue_run_delay: "1s",
    ...settings,
  };
  return Object.entries(main)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join("");
}

function masterConfig({ services = [] }: PostfixOptions, port: number): string {
  return `${[`127.0.0.1:${port} inet n - n - - smtpd`, ...SERVICES, ...services].join("\n")}\n`;
}

async function uidOf(user: string): Promise<number> {
  return Number((await run("id", ["-u", user])).stdout);
}

/** Postfix spreads a queue over folders named by the first letter of the queue id (`hash_queue_names`). */
async function listFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  const files = await Promise.all(entries.map(async (entry) => ((await isFile(join(folder, entry))) ? [entry] : [])));
  return files.flat();
}

/** A queue file may go while we look. */
async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** The master listens as soon as `postfix start` returns; the first connection waits for smtpd to be ready. */
async function greeting(port: number): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  try {
    const [line] = await once(socket, "data", { signal: AbortSignal.timeout(10_000) });
    if (!String(line).startsWith("220 ")) throw new Error(`unexpected greeting: ${String(line)}`);
    socket.end("QUIT\r\n");
  } finally {
    socket.destroySoon();
  }
}
