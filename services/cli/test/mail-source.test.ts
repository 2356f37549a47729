import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { listMailFiles, type MailItem, readMail } from "../src/classify/mail-source.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "triage-cli-"));
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true, force: true });
});

const MAIL = "From: ann@example.com\n\nhello\n";

function put(path: string, content = MAIL): string {
  const full = join(folder, path);
  mkdirSync(join(full, ".."), { recursive: true });
  writeFileSync(full, content);
  return full;
}

async function readAll(...paths: string[]): Promise<MailItem[]> {
  const items: MailItem[] = [];
  for (const file of (await listMailFiles(paths)).files) for await (const item of readMail(file)) items.push(item);
  return items;
}

const pathsOf = (items: readonly MailItem[]) => items.map((item) => item.path);

test("a folder is read in the order of its paths, subfolders included", async () => {
  const expected = [put("a/1.eml"), put("a/2.eml"), put("b.eml")];
  expect(pathsOf(await readAll(folder))).toEqual(expected);
});

test("a Maildir is read without its tmp, where deliveries are not finished", async () => {
  const expected = [put("cur/1700000000.1.host:2,S"), put("new/1700000000.2.host")];
  put("tmp/1700000000.3.host");
  expect(pathsOf(await readAll(folder))).toEqual(expected);
});

test("in a folder, files that do not look like mail are left out and named; what ends in .eml is always read", async () => {
  const table = put("labels.tsv", "path\tkind\na.eml\tdsn\n");
  const mess = put("mess.eml", "\u0000\u0001 no header at all");
  const listed = await listMailFiles([folder]);
  expect(listed.skipped).toEqual([table]);
  expect(listed.files).toEqual([{ kind: "file", path: mess }]);
});

test("a file that is named is read, whatever it looks like", async () => {
  const table = put("labels.tsv", "path\tkind\n");
  expect(pathsOf(await readAll(table))).toEqual([table]);
});

test("the messages of an mbox are numbered; an mbox of one message keeps its path", async () => {
  const two = put(
    "two.mbox",
    `From a@example.com Sun Nov 22 00:00:00 2026\n${MAIL}\nFrom b@example.com Sun Nov 22 00:00:01 2026\n${MAIL}`,
  );
  const one = put("one.mbox", `From a@example.com Sun Nov 22 00:00:00 2026\n${MAIL}`);
  expect(pathsOf(await readAll(two, one))).toEqual([`${two}#1`, `${two}#2`, one]);
});

test("a path that is not there is an error of its own, and the others are still read", async () => {
  const good = put("good.eml");
  const items = await readAll(join(folder, "missing.eml"), good);
  expect(items).toEqual([
    { kind: "error", path: join(folder, "missing.eml"), error: "no such file or folder" },
    { kind: "mail", path: good, raw: Buffer.from(MAIL) },
  ]);
});
