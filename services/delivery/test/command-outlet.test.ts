import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openCommandOutlet } from "../src/outlets/command-outlet.ts";
import { SYSEXITS } from "../src/outlets/sysexits.ts";
import { anOutboundMail } from "./outbound-mails.ts";

const MAIL = anOutboundMail({});
const HUMAN = "human:ops";
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "triage-command-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

interface Options {
  readonly args?: readonly string[];
  readonly timeoutMs?: number;
  readonly concurrency?: number;
}

/** The program is Node itself, with a script. */
async function open(script: string, { args = [], timeoutMs = 10_000, concurrency = 2 }: Options = {}) {
  const file = join(folder, "program.mjs");
  await writeFile(file, `import fs from "node:fs";\n${script}\n`);
  const argv: [string, ...string[]] = [process.execPath, file, ...args];
  return openCommandOutlet({ id: "command", kind: "command", argv, folder, timeoutMs, concurrency });
}

const READ = "const mail = fs.readFileSync(0);";

test("the program has the mail on its standard input, byte for byte", async () => {
  const raw = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 256));
  const outlet = await open(`${READ} fs.writeFileSync("mail", mail);`);
  expect(await outlet.deliver({ ...MAIL, raw }, [HUMAN])).toEqual([
    { recipient: HUMAN, outcome: "delivered", detail: "exit code 0" },
  ]);
  expect((await readFile(join(folder, "mail"))).equals(raw)).toBe(true);
});

test("a folder that is not there is named, and not the program", async () => {
  const missing = join(folder, "nowhere");
  const argv: [string, ...string[]] = [process.execPath, "-e", "0"];
  const outlet = openCommandOutlet({
    id: "c",
    kind: "command",
    argv,
    folder: missing,
    timeoutMs: 9_000,
    concurrency: 1,
  });
  expect(await outlet.deliver(MAIL, [HUMAN])).toEqual([
    { recipient: HUMAN, outcome: "error", detail: `could not be started: there is no folder ${missing} to run in` },
  ]);
});

test("arguments are a list: no shell reads them", async () => {
  const args = ["$(touch hacked)", "; touch hacked", "`touch hacked`", "two words"];
  const outlet = await open('fs.writeFileSync("args", JSON.stringify(process.argv.slice(2)));', { args });
  await outlet.deliver(MAIL, [HUMAN]);
  expect(JSON.parse(await readFile(join(folder, "args"), "utf8"))).toEqual(args);
  await expect(readFile(join(folder, "hacked"))).rejects.toThrow("ENOENT");
});

test("the environment has ids and recipients, and none of the service's secrets", async () => {
  vi.stubEnv("DATABASE_URL", "postgresql://triage:s3cret@db/triage");
  vi.stubEnv("TRIAGE_API_KEY", "s3cret");
  const outlet = await open('fs.writeFileSync("env", JSON.stringify(process.env));');
  await outlet.deliver(MAIL, ["ann@example.com", "bob@example.com"]);
  const text = await readFile(join(folder, "env"), "utf8");
  expect(text).not.toContain("s3cret");
  expect(JSON.parse(text)).toMatchObject({
    TRIAGE_ID: MAIL.id,
    TRIAGE_MESSAGE_ID: MAIL.messageId,
    TRIAGE_TOPIC: "message",
    TRIAGE_RECIPIENTS: "ann@example.com\nbob@example.com",
  });
});

test.each([
  [0, "delivered"],
  [1, "error"],
  [64, "failed"],
  [65, "failed"],
  [67, "failed"],
  [68, "failed"],
  [69, "error"],
  [75, "error"],
  [77, "failed"],
  [78, "error"],
  [127, "error"],
] as const)("exit code %i means %s", async (code, outcome) => {
  const outlet = await open(`${READ} process.exit(${code});`);
  const [result] = await outlet.deliver(MAIL, [HUMAN]);
  expect(result).toMatchObject({ outcome });
  expect(result?.detail).toContain(SYSEXITS[code]?.name ?? `exit code ${code}`);
});

test("what it says on standard error is recorded, as one line and shortened", async () => {
  const outlet = await open(
    `${READ} process.stderr.write("no such\\nmailbox\\u0007 " + "x".repeat(100_000)); process.exitCode = 67;`,
  );
  const [result] = await outlet.deliver(MAIL, [HUMAN]);
  expect(result?.detail).toMatch(/^exit code 67 \(EX_NOUSER, there is no such user\): no such mailbox x+…$/);
  expect(result?.detail.length).toBe(500);
});

test("a program that ends without reading is judged by its exit code", async () => {
  const outlet = await open("process.exit(0);");
  const raw = Buffer.alloc(5_000_000, "x");
  expect(await outlet.deliver({ ...MAIL, raw }, [HUMAN])).toMatchObject([{ outcome: "delivered" }]);
});

test("a program that is not there is an error: somebody will install it", async () => {
  const argv: [string] = [join(folder, "nothing-here")];
  const outlet = openCommandOutlet({ id: "command", kind: "command", argv, folder, timeoutMs: 1_000, concurrency: 1 });
  const [result] = await outlet.deliver(MAIL, [HUMAN]);
  expect(result).toMatchObject({ outcome: "error", detail: expect.stringContaining("ENOENT") });
});

test("at the limit of open files it cannot be started: that is an error, and not the end of the process", async () => {
  const script = fileURLToPath(new URL("./out-of-files.ts", import.meta.url));
  const node = `"${process.execPath}" --conditions=triage-source --import tsx "${script}"`;
  const { stdout } = await promisify(execFile)("/bin/sh", ["-c", `ulimit -n 256; exec ${node}`]);
  expect(stdout).toBe("error: could not be started: spawn /bin/true EMFILE\ndelivered: exit code 0\n");
});

test("a program that takes too long is killed, and with it what it started", async () => {
  // a shell, because on a busy machine Node would need longer than the limit to start
  const argv: [string, ...string[]] = ["/bin/sh", "-c", 'sleep 1000 & echo "$$ $!" > pids; wait'];
  const outlet = openCommandOutlet({ id: "command", kind: "command", argv, folder, timeoutMs: 1_500, concurrency: 1 });
  expect(await outlet.deliver(MAIL, [HUMAN])).toEqual([
    { recipient: HUMAN, outcome: "error", detail: "killed after 1.5 seconds" },
  ]);
  const pids = (await readFile(join(folder, "pids"), "utf8")).split(" ").map(Number);
  expect(pids).toHaveLength(2);
  await vi.waitFor(
    async () => {
      for (const pid of pids) expect(await isRunning(pid)).toBe(false);
    },
    { timeout: 20_000 },
  );
});

/** A process that has ended and that nobody has waited for still has a number. */
async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    return !stat.includes(") Z ");
  } catch {
    return false;
  }
}

test("no more of them run at the same time than is allowed, and close() waits for all", async () => {
  const outlet = await open(
    `${READ} fs.mkdirSync("running"); setTimeout(() => { fs.rmdirSync("running"); fs.appendFileSync("done", "x"); }, 50);`,
    { concurrency: 1 },
  );
  const results = Promise.all([1, 2, 3].map(() => outlet.deliver(MAIL, [HUMAN])));
  await outlet.close();
  expect(await readFile(join(folder, "done"), "utf8")).toBe("xxx");
  expect((await results).flat().map(({ outcome }) => outcome)).toEqual(["delivered", "delivered", "delivered"]);
});
