import { appendFileSync, copyFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { LogPlace } from "../../src/follow/log-files.ts";
import { findLogs, matchesPattern } from "../../src/follow/log-paths.ts";
import { type LogReaderOptions, readLog } from "../../src/follow/log-reader.ts";
import { PlaceFile } from "../../src/follow/place-file.ts";

let folder: string;
let log: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "triage-follow-"));
  log = join(folder, "mail.log");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}\n`).join("");
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`);

function optionsOf(more: Partial<LogReaderOptions>): LogReaderOptions {
  const { signal } = new AbortController();
  return { log, place: undefined, fromStart: false, once: true, pollMs: 5, signal, warn: () => undefined, ...more };
}

/** Reads to the end, as `--once` does. */
async function readAll(more: Partial<LogReaderOptions> = {}) {
  const read: string[] = [];
  let place: LogPlace | undefined;
  for await (const block of readLog(optionsOf(more))) {
    read.push(...block.lines);
    place = block.place;
  }
  return { read, place };
}

/** Follows the log until the test ends it. */
function follow(more: Partial<LogReaderOptions> = {}) {
  const controller = new AbortController();
  const read: string[] = [];
  const running = (async () => {
    for await (const block of readLog(optionsOf({ once: false, ...more, signal: controller.signal }))) {
      read.push(...block.lines);
    }
  })();
  return {
    read,
    /** Waits until so many lines were read. */
    until: (count: number) => vi.waitUntil(() => read.length >= count, { timeout: 30_000, interval: 5 }),
    end: async () => {
      controller.abort();
      await running;
    },
  };
}

describe("where it begins", () => {
  test("without a place: with the log as it is; from the start: with the oldest rotated file, compressed or not", async () => {
    writeFileSync(join(folder, "mail.log.2.gz"), gzipSync(lines(1, 3)));
    writeFileSync(join(folder, "mail.log.1"), lines(4, 6));
    writeFileSync(log, lines(7, 9));
    writeFileSync(join(folder, "mail.logger"), "another\n");
    expect((await readAll()).read).toEqual(numbers(7, 9));
    expect((await readAll({ fromStart: true })).read).toEqual(numbers(1, 9));
  });

  test("at its place, and not before", async () => {
    writeFileSync(log, lines(1, 5));
    const { place } = await readAll();
    appendFileSync(log, lines(6, 8));
    expect((await readAll({ place })).read).toEqual(numbers(6, 8));
  });

  test("at its place in what the log has become: renamed, then compressed", async () => {
    writeFileSync(log, lines(1, 5));
    const { place } = await readAll();
    appendFileSync(log, lines(6, 8));
    renameSync(log, `${log}.1`);
    writeFileSync(log, lines(9, 10));
    expect((await readAll({ place })).read).toEqual(numbers(6, 10));
    rmSync(`${log}.1`);
    writeFileSync(`${log}.2.gz`, gzipSync(lines(1, 8)));
    writeFileSync(log, lines(9, 11));
    expect((await readAll({ place })).read).toEqual(numbers(6, 11));
  });

  test("with everything, and a warning, when its place is gone", async () => {
    writeFileSync(log, lines(1, 5));
    const { place } = await readAll();
    writeFileSync(log, "quite another log\n");
    const warnings: string[] = [];
    const { read } = await readAll({ place, warn: (text) => void warnings.push(text) });
    expect(read).toEqual(["quite another log"]);
    expect(warnings[0]).toContain("is not there any more");
  });
});

test("a line that is not finished is not read, and the place lies before it", async () => {
  writeFileSync(log, `${lines(1, 2)}half of a`);
  const { read, place } = await readAll();
  expect(read).toEqual(numbers(1, 2));
  appendFileSync(log, " line\n");
  expect((await readAll({ place })).read).toEqual(["half of a line"]);
});

describe("while it follows", () => {
  test("a log that is renamed is read to its end, even what is written to it late, then the new one", async () => {
    writeFileSync(log, lines(1, 2));
    const following = follow({ pollMs: 20 });
    await following.until(2);
    appendFileSync(log, lines(3, 4));
    renameSync(log, `${log}.1`);
    appendFileSync(`${log}.1`, lines(5, 6));
    await following.until(6);
    writeFileSync(log, lines(7, 8));
    await following.until(8);
    appendFileSync(log, lines(9, 9));
    await following.until(9);
    await following.end();
    expect(following.read).toEqual(numbers(1, 9));
  });

  test("a log that is copied and truncated is read from the copy to its end, then from its start", async () => {
    writeFileSync(log, lines(1, 40));
    const following = follow({ pollMs: 20 });
    await following.until(40);
    appendFileSync(log, lines(41, 50));
    copyFileSync(log, `${log}.1`);
    truncateSync(log, 0);
    appendFileSync(log, lines(51, 55));
    await following.until(55);
    await following.end();
    expect(following.read).toEqual(numbers(1, 55));
  });

  test("a log that is not there yet is waited for", async () => {
    const following = follow();
    writeFileSync(log, lines(1, 3));
    await following.until(3);
    await following.end();
    expect(following.read).toEqual(numbers(1, 3));
  });
});

describe("the file of places", () => {
  const progress = { place: { inode: "7", offset: 12, head: { bytes: 12, digest: "ab" } }, open: [] };

  test("gives back what was saved last, for each log", async () => {
    const path = join(folder, "state/follow.json");
    const places = await PlaceFile.open(path);
    expect(places.progressOf(log)).toBeUndefined();
    await Promise.all([places.save(log, progress), places.save("/other", { ...progress, open: [["k", {}]] })]);
    const again = await PlaceFile.open(path);
    expect(again.progressOf(log)).toEqual(progress);
    expect(again.progressOf("/other")?.open).toEqual([["k", {}]]);
  });

  test("that is none is not overwritten: nobody guesses where to go on", async () => {
    const path = join(folder, "follow.json");
    writeFileSync(path, "{}");
    await expect(PlaceFile.open(path)).rejects.toThrow("is not a state file of triage follow");
  });
});

describe("the logs that are named", () => {
  test("a pattern stands for the logs that match it, rotated files belong to theirs", async () => {
    for (const name of ["mail.log", "mail.log.1", "mail.log.2.gz", "mail.err", "mailing"]) {
      writeFileSync(join(folder, name), "");
    }
    const named = async (word: string) =>
      (await findLogs([join(folder, word)])).map((path) => path.slice(folder.length + 1));
    expect(await named("mail.*")).toEqual(["mail.err", "mail.log"]);
    expect(await named("mail.log*")).toEqual(["mail.log"]);
    expect(await named("mail.log.2.gz")).toEqual(["mail.log.2.gz"]);
  });

  test.each([
    ["mail.log", "mail.*", true],
    ["mail.log", "m?il.l*g", true],
    ["mail.log", "*", true],
    ["mail.log", "mail", false],
    ["mail.log", "*.err", false],
    ["", "*", true],
  ])("%s and %s: %s", (name, pattern, matches) => {
    expect(matchesPattern(name, pattern)).toBe(matches);
  });

  test("a compressed file can be read alone", async () => {
    log = join(folder, "old.log.3.gz");
    writeFileSync(log, gzipSync(lines(1, 4)));
    expect((await readAll()).read).toEqual(numbers(1, 4));
  });
});
