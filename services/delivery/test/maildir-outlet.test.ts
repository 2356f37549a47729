import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openMaildirOutlet } from "../src/outlets/maildir-outlet.ts";
import { anOutboundMail } from "./outbound-mails.ts";

/** UUIDv7 of 2026-11-22 09:00:00 UTC (its first 48 bits are the milliseconds). */
const ID = "01a2027b-d680-7e4f-8a9b-0c1d2e3f4a5b";
const ID_SECONDS = Date.parse("2026-11-22T09:00:00Z") / 1_000;
const MAIL = anOutboundMail({ id: ID, raw: Buffer.from("From: t\n\nhi\n") });
let path: string;

beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), "triage-maildir-")), "human");
});
afterEach(async () => {
  await rm(join(path, ".."), { recursive: true, force: true });
});

test("makes the Maildir, readable for its owner only, and puts the mail into new/", async () => {
  const outlet = await openMaildirOutlet({ path });
  expect(await outlet.deliver(MAIL, ["ann@example.com"])).toMatchObject([
    { recipient: "ann@example.com", outcome: "delivered" },
  ]);
  const [name = ""] = await readdir(join(path, "new"));
  expect(await readFile(join(path, "new", name))).toEqual(MAIL.raw);
  expect((await stat(join(path, "new", name))).mode & 0o077).toBe(0);
  expect((await stat(path)).mode & 0o077).toBe(0);
  expect(await readdir(join(path, "tmp"))).toEqual([]);
});

test("the file name has the three parts of a Maildir name and begins with the seconds of the message id", async () => {
  const outlet = await openMaildirOutlet({ path });
  await outlet.deliver(MAIL, ["ann@example.com"]);
  expect(await readdir(join(path, "new"))).toEqual([`${ID_SECONDS}.${ID}.triage`]);
});

test("a repeated delivery leaves one mail", async () => {
  const outlet = await openMaildirOutlet({ path });
  await outlet.deliver(MAIL, ["ann@example.com"]);
  expect(await outlet.deliver(MAIL, ["ann@example.com"])).toMatchObject([{ outcome: "delivered" }]);
  expect(await readdir(join(path, "new"))).toHaveLength(1);
});

test("a mail that the human has already read (it moved to cur/ with flags) is not delivered again", async () => {
  const outlet = await openMaildirOutlet({ path });
  await outlet.deliver(MAIL, ["ann@example.com"]);
  const [name = ""] = await readdir(join(path, "new"));
  await rename(join(path, "new", name), join(path, "cur", `${name}:2,S`));
  await outlet.deliver(MAIL, ["ann@example.com"]);
  expect(await readdir(join(path, "new"))).toEqual([]);
});

test("two workers that deliver the same mail at the same time leave one", async () => {
  const outlets = await Promise.all([openMaildirOutlet({ path }), openMaildirOutlet({ path })]);
  await Promise.all(outlets.map((outlet) => outlet.deliver(MAIL, ["ann@example.com"])));
  expect(await readdir(join(path, "new"))).toHaveLength(1);
  expect(await readdir(join(path, "tmp"))).toEqual([]);
});

test("a folder that cannot be written to is an error, to be retried, and not a failure", async () => {
  const outlet = await openMaildirOutlet({ path });
  await rm(join(path, "tmp"), { recursive: true });
  await writeFile(join(path, "tmp"), "a file where a folder should be");
  expect(await outlet.deliver(MAIL, ["ann@example.com"])).toMatchObject([{ outcome: "error" }]);
});

test("our own leftovers in tmp/ go after 36 hours, other people's files stay", async () => {
  await mkdir(join(path, "tmp"), { recursive: true });
  const now = Date.now();
  const old = new Date(now - 37 * 3_600_000);
  for (const name of ["1.a.triage.x", "foreign"]) {
    await writeFile(join(path, "tmp", name), "");
    await utimes(join(path, "tmp", name), old, old);
  }
  await writeFile(join(path, "tmp", "2.b.triage.y"), "");
  await chmod(path, 0o700);
  await openMaildirOutlet({ path, now: () => now });
  expect((await readdir(join(path, "tmp"))).sort()).toEqual(["2.b.triage.y", "foreign"]);
});

test("an id that is no UUID cannot leave the folder", async () => {
  const outlet = await openMaildirOutlet({ path });
  await outlet.deliver({ ...MAIL, id: "../../etc/passwd" }, ["ann@example.com"]);
  expect(await readdir(join(path, "new"))).toEqual(["0.______etc_passwd.triage"]);
});

test("a mail that is read after cur/ was listed is found: the list is made again when the folder has changed", async () => {
  const outlet = await openMaildirOutlet({ path, now: () => Date.now() + 3_600_000 });
  await outlet.deliver({ ...MAIL, id: "another" }, ["ann@example.com"]);
  await outlet.deliver(MAIL, ["ann@example.com"]);
  const [name = ""] = (await readdir(join(path, "new"))).filter((entry) => entry.includes(ID));
  await rename(join(path, "new", name), join(path, "cur", `${name}:2,RS`));
  expect(await outlet.deliver(MAIL, ["ann@example.com"])).toMatchObject([
    { detail: `already there as cur/${name}:2,RS` },
  ]);
});
