/**
 * A real Dovecot of a test's own, the mailbox server of the humans: LMTP in, IMAP out, and the logins that Postfix asks it
 * for. Own configuration, sockets, mail and log in a temporary folder, own ports on the loopback interface; the system's
 * Dovecot, if one runs, is not touched.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, chown, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { vi } from "vitest";
import { findFreePort } from "../support/free-port.ts";
import { type ImapMailbox, openImapMailbox } from "./imap-mailbox.ts";

const DOVECOT = "/usr/sbin/dovecot";
const PARTS = ["/usr/lib/dovecot/imap", "/usr/lib/dovecot/lmtp", "/usr/lib/dovecot/modules/lib90_sieve_plugin.so"];
/** `nobody` on Debian: owns the mail of all users here. */
const NOBODY = 65_534;
const PASSWORD = "secret of the mailbox";
const STARTED = { timeout: 30_000, interval: 20 };

/** One mailbox, `name@human.example`. */
export interface DovecotUser {
  readonly name: string;
  /** A mail that would not fit into so much is refused after the data. */
  readonly quotaBytes?: number;
  /** Whether that is said with 452 ("later") and not with 552. */
  readonly fullIsTemporary?: boolean;
  /** The user's Sieve script. */
  readonly sieve?: string;
}

export interface DovecotOptions {
  /** Folder of this instance; made, and to be removed by the caller after `stop`. */
  readonly folder: string;
  readonly users: readonly DovecotUser[];
  /** Where its own mail goes (answers of a Sieve script); default: nowhere. */
  readonly submissionPort?: number;
}

export interface Dovecot {
  /** Unix socket for LMTP, open to everybody on this host. */
  readonly lmtpSocket: string;
  readonly lmtpPort: number;
  /** Unix socket that Postfix asks whether a login is right (`smtpd_sasl_path`). */
  readonly authSocket: string;
  /** Of every user. */
  readonly password: string;
  /** Logs in by IMAP; the caller closes it. */
  open(user: string): Promise<ImapMailbox>;
  readLog(): Promise<string>;
  stop(): Promise<void>;
}

/** What keeps these tests from running; undefined when nothing does. */
export function missingForDovecot(): string | undefined {
  if ([DOVECOT, ...PARTS].some((path) => !existsSync(path))) {
    return "Dovecot is not installed: apt-get install dovecot-imapd dovecot-lmtpd dovecot-sieve";
  }
  if (process.getuid?.() !== 0) return "Dovecot can be started by root only: run this suite as root";
  return undefined;
}

/** Starts an instance and waits until it listens. */
export async function startDovecot(options: DovecotOptions): Promise<Dovecot> {
  const { folder, users } = options;
  for (const name of ["run", "state", "mail"]) await mkdir(join(folder, name), { recursive: true });
  await chmod(folder, 0o755);
  await chown(join(folder, "mail"), NOBODY, NOBODY);
  const imapPort = await findFreePort();
  const lmtpPort = await findFreePort();
  const config = join(folder, "dovecot.conf");
  await writeFile(join(folder, "users"), users.map(passwdLine).join(""));
  await writeFile(config, configuration(options, { imapPort, lmtpPort }));
  for (const user of users) await writeSieve(folder, user);
  // In the foreground: a daemon would keep our pipes open, and outlive us when the test is killed.
  const child = spawn(DOVECOT, ["-F", "-c", config], { stdio: "ignore" });
  const ended = once(child, "close");
  const open = (user: string) => openImapMailbox({ port: imapPort, user: `${user}@human.example`, password: PASSWORD });
  const dovecot: Dovecot = {
    lmtpSocket: join(folder, "lmtp"),
    lmtpPort,
    authSocket: join(folder, "auth"),
    password: PASSWORD,
    open,
    readLog: () => readFile(join(folder, "dovecot.log"), "utf8").catch(() => ""),
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
  try {
    const [user] = users;
    if (user !== undefined) await vi.waitFor(async () => (await open(user.name)).close(), STARTED);
  } catch (error) {
    const log = await dovecot.readLog();
    await dovecot.stop().catch(() => undefined);
    throw new Error(`Dovecot does not answer. Its log:\n${log}`, { cause: error });
  }
  return dovecot;
}

/** passwd-file (doc.dovecot.org, "Passwd-file"): the fields behind the password are of the system's users, then extra ones. */
function passwdLine({ name, quotaBytes, fullIsTemporary = false }: DovecotUser): string {
  const quota = quotaBytes === undefined ? "" : `userdb_quota_rule=*:storage=${quotaBytes}B`;
  const later = fullIsTemporary ? "userdb_quota_full_tempfail=yes" : "";
  return `${name}@human.example:{PLAIN}${PASSWORD}::::::${[quota, later].join(" ").trim()}\n`;
}

async function writeSieve(folder: string, { name, sieve }: DovecotUser): Promise<void> {
  if (sieve === undefined) return;
  const home = join(folder, "mail", name);
  await mkdir(home);
  await writeFile(join(home, ".dovecot.sieve"), sieve);
  for (const path of [home, join(home, ".dovecot.sieve")]) await chown(path, NOBODY, NOBODY);
}

function configuration(
  { folder, submissionPort }: DovecotOptions,
  { imapPort, lmtpPort }: { readonly imapPort: number; readonly lmtpPort: number },
): string {
  return `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
hostname = mail.human.example
postmaster_address = postmaster@human.example
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:~/Maildir
mail_plugins = quota
quota_full_tempfail = no
${submissionPort === undefined ? "" : `submission_host = 127.0.0.1:${submissionPort}`}
protocol lmtp {
  mail_plugins = quota sieve
}
plugin {
  quota = maildir:User quota
  quota_grace = 0
  sieve = file:~/sieve;active=~/.dovecot.sieve
}
passdb {
  driver = passwd-file
  args = ${folder}/users
}
userdb {
  driver = passwd-file
  args = ${folder}/users
  default_fields = uid=${NOBODY} gid=${NOBODY} home=${folder}/mail/%n
}
service imap-login {
  inet_listener imap {
    port = ${imapPort}
  }
  inet_listener imaps {
    port = 0
  }
}
service lmtp {
  unix_listener ${folder}/lmtp {
    mode = 0666
  }
  inet_listener lmtp {
    port = ${lmtpPort}
  }
}
service auth {
  unix_listener ${folder}/auth {
    mode = 0666
  }
}
`;
}
