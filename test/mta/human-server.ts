/**
 * The mail server of the humans, as many sites run it: Postfix takes the mail, Dovecot keeps it and shows it by IMAP.
 * docs/operations.md recommends this configuration ("Postfix and Dovecot as the human's server").
 */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, vi } from "vitest";
import { type Dovecot, type DovecotOptions, missingForDovecot, startDovecot } from "./dovecot.ts";
import type { ImapMail } from "./imap-mailbox.ts";
import { missingForPostfix, type Postfix, type PostfixOptions, startPostfix } from "./postfix.ts";

const ARRIVAL = { timeout: 40_000, interval: 100 };

/**
 * For each test of a file: a folder that everybody can look into, and what is to be closed after it, last first. To be called
 * behind `useDatabase` and `useRedis`, so that these find everything closed.
 */
export interface TestFloor {
  readonly folder: string;
  closeLater(close: () => Promise<unknown>): void;
}

export function useFloor(): TestFloor {
  const closers: (() => Promise<unknown>)[] = [];
  let folder: string | undefined;
  beforeEach(async () => {
    const missing = missingForPostfix() ?? missingForDovecot();
    if (missing !== undefined) throw new Error(missing);
    const made = await mkdtemp(join(tmpdir(), "triage-mta-"));
    folder = made;
    closers.push(() => rm(made, { recursive: true, force: true }));
    await chmod(made, 0o755);
  });
  afterEach(async () => {
    const errors: unknown[] = [];
    // One that fails must not leave the daemons behind it running.
    for (const close of closers.splice(0).reverse()) await close().catch((error: unknown) => errors.push(error));
    if (errors.length > 0) throw errors[0];
  });
  return {
    get folder() {
      if (folder === undefined) throw new Error("the folder is there only while tests run");
      return folder;
    },
    closeLater: (close) => void closers.push(close),
  };
}

/** What is in the inbox of a user; the server is asked by IMAP. */
export async function mailsOf(dovecot: Dovecot, user: string): Promise<readonly ImapMail[]> {
  const mailbox = await dovecot.open(user);
  try {
    return await mailbox.mails();
  } finally {
    await mailbox.close();
  }
}

/** Waits for a mail with this text in its subject (as it is encoded). */
export async function arrived(dovecot: Dovecot, user: string, subject: string): Promise<ImapMail> {
  const find = async () => (await mailsOf(dovecot, user)).find((mail) => subjectOf(mail).includes(subject));
  try {
    return await vi.waitUntil(find, ARRIVAL);
  } catch (error) {
    const there = (await mailsOf(dovecot, user)).map(subjectOf);
    throw new Error(`no "${subject}" came for ${user}, but ${JSON.stringify(there)}\n${await dovecot.readLog()}`, {
      cause: error,
    });
  }
}

/** What came of Joe's letters. Alerts are left out: who is in no trouble hears of those who are, and when it is over. */
export async function lettersOf(dovecot: Dovecot, user: string): Promise<readonly string[]> {
  return (await mailsOf(dovecot, user)).map(subjectOf).filter((subject) => subject.startsWith("[triage] Joe: "));
}

export function subjectOf({ envelope }: ImapMail): string {
  const [, subject] = envelope;
  return typeof subject === "string" ? subject : "";
}

export interface FrontOptions extends Pick<PostfixOptions, "services" | "port"> {
  readonly floor: TestFloor;
  readonly dovecot: Dovecot;
  /** Of the folder; default `front`. */
  readonly name?: string;
  /** More of main.cf. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Dovecot behind everything; stopped after the test. */
export async function startMailboxes(floor: TestFloor, options: Omit<DovecotOptions, "folder">): Promise<Dovecot> {
  const dovecot = await startDovecot({ ...options, folder: join(floor.folder, "dovecot") });
  floor.closeLater(() => dovecot.stop());
  return dovecot;
}

/** Postfix in front of Dovecot, for the addresses of human.example; stopped after the test. */
export async function startFront({
  floor,
  dovecot,
  name = "front",
  settings = {},
  services = [],
  port,
}: FrontOptions): Promise<Postfix> {
  const postfix = await startPostfix({
    folder: join(floor.folder, name),
    hostname: `${name}.human.example`,
    ...(port !== undefined && { port }),
    settings: {
      virtual_mailbox_domains: "human.example",
      virtual_transport: `lmtp:unix:${dovecot.lmtpSocket}`,
      ...settings,
    },
    services: ["lmtp unix - - n - - lmtp", ...services],
  });
  floor.closeLater(() => postfix.stop());
  return postfix;
}
