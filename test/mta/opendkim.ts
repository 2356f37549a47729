/**
 * A real opendkim as a milter that signs: own key, own configuration, own socket on the loopback interface.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chown, mkdir, readFile, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { findFreePort } from "../support/free-port.ts";

const run = promisify(execFile);
const OPENDKIM = "/usr/sbin/opendkim";
/** The account that Debian's package makes; opendkim refuses a key that others could read. */
const USER = "opendkim";
const START_TIMEOUT_MS = 60_000;
const POLL_MS = 50;

export interface OpendkimOptions {
  /** Folder of this instance; made, and to be removed by the caller after `stop`. */
  readonly folder: string;
  readonly domain: string;
  readonly selector: string;
}

export interface Opendkim {
  /** As Postfix names it in smtpd_milters. */
  readonly milter: string;
  /** Name of the DNS record. */
  readonly keyName: string;
  /** The TXT record with our public key. */
  readonly keyRecord: string;
  stop(): Promise<void>;
}

/** What keeps these tests from running; undefined when nothing does. */
export function missingForOpendkim(): string | undefined {
  return existsSync(OPENDKIM) ? undefined : "opendkim is not installed: apt-get install opendkim";
}

/** Starts it and waits until it listens. */
export async function startOpendkim({ folder, domain, selector }: OpendkimOptions): Promise<Opendkim> {
  const port = await findFreePort();
  await mkdir(folder, { recursive: true });
  const keyFile = join(folder, "private.pem");
  const publicFile = join(folder, "public.der");
  await run("openssl", ["genrsa", "-out", keyFile, "2048"]);
  await run("openssl", ["rsa", "-in", keyFile, "-pubout", "-outform", "DER", "-out", publicFile]);
  const uid = Number((await run("id", ["-u", USER])).stdout);
  const gid = Number((await run("id", ["-g", USER])).stdout);
  await chown(keyFile, uid, gid);
  await writeFile(join(folder, "opendkim.conf"), configuration({ folder, domain, selector }, keyFile, port));
  const child = spawn(OPENDKIM, ["-f", "-x", join(folder, "opendkim.conf")], { stdio: ["ignore", "ignore", "pipe"] });
  await listening(child, port);
  const publicKey = (await readFile(publicFile)).toString("base64");
  return {
    milter: `inet:127.0.0.1:${port}`,
    keyName: `${selector}._domainkey.${domain}`,
    keyRecord: `v=DKIM1; k=rsa; p=${publicKey}`,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

function configuration({ domain, selector }: OpendkimOptions, keyFile: string, port: number): string {
  return [
    `Domain ${domain}`,
    `Selector ${selector}`,
    `KeyFile ${keyFile}`,
    `Socket inet:${port}@127.0.0.1`,
    `UserID ${USER}`,
    "Mode s",
    "Canonicalization relaxed/simple",
    "OversignHeaders From",
    // The folder of a test is everybody's to look into, as Postfix's must be.
    "RequireSafeKeys no",
    "",
  ].join("\n");
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!(await answers(port))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      child.kill("SIGKILL");
      throw new Error(`opendkim does not answer: ${said}`);
    }
    await delay(POLL_MS);
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
