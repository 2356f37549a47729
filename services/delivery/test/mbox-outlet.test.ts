import { execFile } from "node:child_process";
import { access, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { splitMbox } from "@triage/message";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { formatMboxEntry, openMboxOutlet } from "../src/outlets/mbox-outlet.ts";
import { anOutboundMail } from "./outbound-mails.ts";

const HUMAN = "human:ops";
const OTHER = "From ann@example.com Sun Nov 22 08:00:00 2026\nSubject: another\n\nbody\n\n";
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "triage-mbox-"));
  path = join(folder, "ops");
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const open = (lockTimeoutMs = 5_000) => openMboxOutlet({ id: "mbox", kind: "mbox", path, lockTimeoutMs });

function aMail(number: number, body = `mail ${number}\n`) {
  const id = `01a2027b-d680-7e4f-8a9b-${String(number).padStart(12, "0")}`;
  return anOutboundMail({ id, raw: Buffer.from(`Subject: ${number}\nMessage-ID: <${id}@example.com>\n\n${body}`) });
}

test("a mail is appended with its From_ line and an empty line, in a file for its owner only", async () => {
  expect(await open().deliver(aMail(1), [HUMAN])).toEqual([
    { recipient: HUMAN, outcome: "delivered", detail: `appended to ${path}` },
  ]);
  const mail = aMail(1);
  expect(await readFile(path, "utf8")).toBe(`From MAILER-DAEMON Sun Nov 22 09:00:00 2026\n${mail.raw}\n`);
  expect((await stat(path)).mode & 0o077).toBe(0);
  expect(await readdir(folder)).toEqual(["ops"]);
});

test("a redirected mail is known again by our Message-ID in its Resent- fields", async () => {
  const mail = aMail(1);
  const raw = Buffer.from(`Resent-Message-ID: ${mail.messageId}\nMessage-ID: <1@example.net>\n\nletter\n`);
  await open().deliver({ ...mail, raw }, [HUMAN]);
  expect(await open().deliver({ ...mail, raw }, [HUMAN])).toMatchObject([{ detail: "already there" }]);
});

test.each([
  ["From me\n", ">From me\n"],
  [">From me\n", ">>From me\n"],
  [">>>From me\nFrom you\n", ">>>>From me\n>From you\n"],
  ["He wrote From here\n From there\nFrom\nFrom: x\n", "He wrote From here\n From there\nFrom\nFrom: x\n"],
  ["From From From \n", ">From From From \n"],
])("mboxrd: %j becomes %j", (body, quoted) => {
  expect(formatMboxEntry(aMail(1, body)).toString()).toContain(`\n\n${quoted}\n`);
});

test("whatever a body holds, reading takes the quotes away again, and there is one mail", () => {
  const line = fc.constantFrom("From ", ">From x", "", ">", "text", "From MAILER-DAEMON Sun Nov 22 09:00:00 2026");
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const mail = aMail(1, `${lines.join("\n")}\n`);
      const [, ...rest] = formatMboxEntry(mail).toString().split("\n");
      const read = rest.slice(0, -1).map((text) => text.replace(/^>(>*From )/, "$1"));
      expect(read.join("\n")).toBe(mail.raw.toString());
      expect(rest.some((text) => text.startsWith("From "))).toBe(false);
    }),
  );
});

test("a repeat is recognised by its Message-ID and leaves one mail", async () => {
  const outlet = open();
  await outlet.deliver(aMail(1), [HUMAN]);
  await outlet.deliver(aMail(2), [HUMAN]);
  expect(await outlet.deliver(aMail(1), [HUMAN])).toMatchObject([{ outcome: "delivered", detail: "already there" }]);
  expect(await subjects()).toEqual(["1", "2"]);
});

test("a mail that only refers to another one does not stand for it", async () => {
  const first = aMail(1);
  const reply = anOutboundMail({
    raw: Buffer.from(`References: ${first.messageId}\nIn-Reply-To: ${first.messageId}\n\n\n`),
  });
  const outlet = open();
  await outlet.deliver(reply, [HUMAN]);
  expect(await outlet.deliver(first, [HUMAN])).toMatchObject([{ detail: `appended to ${path}` }]);
});

test("workers of several processes append without mixing their mails", async () => {
  const outlets = [open(), open(), open()];
  const mails = Array.from({ length: 30 }, (_, index) => aMail(index, `${"x".repeat(50_000)}\n`));
  await Promise.all(mails.map((mail, index) => outlets[index % 3]?.deliver(mail, [HUMAN])));
  expect((await subjects()).map(Number).sort((a, b) => a - b)).toEqual(mails.map((_, index) => index));
  expect(await readdir(folder)).toEqual(["ops"]);
});

test("mail of others stays as it is, and gets the empty line that it lacks", async () => {
  await writeFile(path, OTHER.trimEnd());
  await open().deliver(aMail(1), [HUMAN]);
  expect(await readFile(path, "utf8")).toBe(`${OTHER}From MAILER-DAEMON Sun Nov 22 09:00:00 2026\n${aMail(1).raw}\n`);
});

test("a file that cannot be written to is an error, to be retried", async () => {
  path = join(folder, "no", "such", "folder");
  expect(await open().deliver(aMail(1), [HUMAN])).toMatchObject([{ outcome: "error" }]);
});

test("a link that somebody put in the place of the file is not followed", async () => {
  await writeFile(join(folder, "precious"), "");
  await symlink(join(folder, "precious"), path);
  expect(await open().deliver(aMail(1), [HUMAN])).toMatchObject([{ outcome: "error" }]);
  expect(await readFile(join(folder, "precious"), "utf8")).toBe("");
});

describe("the lock", () => {
  test("of another program is waited for, and then the mail is retried later", async () => {
    await writeFile(`${path}.lock`, "12345\n");
    expect(await open(100).deliver(aMail(1), [HUMAN])).toMatchObject([{ outcome: "error", detail: /lock is held/ }]);
    await expect(access(path)).rejects.toThrow("ENOENT");
    expect(await readdir(folder)).toEqual(["ops.lock"]);
  });

  test("of a program that died five minutes ago is taken over", async () => {
    const before = new Date(Date.now() - 301_000);
    await writeFile(`${path}.lock`, "12345\n");
    await utimes(`${path}.lock`, before, before);
    expect(await open().deliver(aMail(1), [HUMAN])).toMatchObject([{ outcome: "delivered" }]);
    expect(await readdir(folder)).toEqual(["ops"]);
  });
});

describe("after a crash in the middle of a mail", () => {
  /** As the process leaves it: the journal, and the first bytes of the mail. */
  async function crash(bytes: number, afterwards = ""): Promise<void> {
    const entry = formatMboxEntry(aMail(1));
    await writeFile(path, Buffer.concat([Buffer.from(OTHER), entry.subarray(0, bytes), Buffer.from(afterwards)]));
    await writeFile(`${path}.triage-journal`, Buffer.concat([Buffer.from(`${OTHER.length}\n`), entry]));
  }
  const whole = formatMboxEntry(aMail(1)).length;

  test.each([0, 1, 40, whole - 1])(
    "what was written of it (%i bytes) is taken back, and the mail comes whole",
    async (bytes) => {
      await crash(bytes);
      await open().deliver(aMail(2), [HUMAN]);
      await open().deliver(aMail(1), [HUMAN]);
      expect(await readFile(path, "utf8")).toBe(`${OTHER}${formatMboxEntry(aMail(2))}${formatMboxEntry(aMail(1))}`);
      expect(await readdir(folder)).toEqual(["ops"]);
    },
  );

  test("a mail that was written whole stays, once", async () => {
    await crash(whole);
    expect(await open().deliver(aMail(1), [HUMAN])).toMatchObject([{ detail: "already there" }]);
    expect(await subjects()).toEqual(["another", "1"]);
  });

  test("what another program has appended since is never cut away", async () => {
    await crash(60, `\n\n${OTHER}`);
    await open().deliver(aMail(2), [HUMAN]);
    expect(await readFile(path, "utf8")).toContain(`\n\n${OTHER}`);
    expect(await subjects()).toContain("2");
  });
});

test("a file system that says nothing is an error in its time, and the next attempt finds what came about meanwhile", async () => {
  // whoever reads a pipe waits until somebody writes
  await promisify(execFile)("mkfifo", [`${path}.triage-journal`]);
  const outlet = openMboxOutlet({ id: "mbox", kind: "mbox", path, lockTimeoutMs: 100 }, 100);
  expect(await outlet.deliver(aMail(1), [HUMAN])).toEqual([
    { recipient: HUMAN, outcome: "error", detail: "the file system did not answer within 0.2 s" },
  ]);
  await writeFile(`${path}.triage-journal`, "");
  await vi.waitUntil(async () => (await readdir(folder)).join() === "ops");
  expect(await outlet.deliver(aMail(1), [HUMAN])).toMatchObject([{ outcome: "delivered", detail: "already there" }]);
});

test("Python's mailbox module reads what was written", async (context) => {
  const python = await promisify(execFile)("python3", ["--version"]).catch(() => undefined);
  if (python === undefined) return context.skip("no python3 here");
  const outlet = open();
  await outlet.deliver(aMail(1, "From me\n>From you\n"), [HUMAN]);
  await outlet.deliver(aMail(2), [HUMAN]);
  const script =
    "import mailbox,json,sys;print(json.dumps([[m['Subject'],m.get_payload()] for m in mailbox.mbox(sys.argv[1])]))";
  const { stdout } = await promisify(execFile)("python3", ["-c", script, path]);
  expect(JSON.parse(stdout)).toEqual([
    ["1", ">From me\n>>From you\n"],
    ["2", "mail 2\n"],
  ]);
});

/** As our own reader finds them. */
async function subjects(): Promise<string[]> {
  const mails = [...splitMbox(await readFile(path))];
  return mails.map((mail) => /^Subject: (.*)$/m.exec(mail.toString("latin1"))?.[1] ?? "(none)");
}
