import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openKeyRing } from "../src/key-ring.ts";

const KEYS = [
  { name: "mx1", key: "first-key" },
  { name: "mx2", key: "second-key" },
];

describe("keys of the configuration", () => {
  test("each is known by its name", async () => {
    const ring = await openKeyRing({ keys: KEYS });
    expect(await ring.identify("Bearer first-key")).toBe("mx1");
    expect(await ring.identify("bearer  second-key")).toBe("mx2");
  });

  test.each([
    undefined,
    "",
    "Bearer",
    "Bearer ",
    "Bearer first-ke",
    "Bearer first-key2",
    "Basic first-key",
    "first-key",
    "Bearer first-key second-key",
    `Bearer ${"x".repeat(10_000)}`,
  ])("%j is nobody", async (authorization) => {
    expect(await (await openKeyRing({ keys: KEYS })).identify(authorization)).toBeUndefined();
  });

  test("without any key nobody gets in", async () => {
    expect(await (await openKeyRing({ keys: [] })).identify("Bearer ")).toBeUndefined();
  });
});

describe("a keys file", () => {
  let folder: string;
  let keysFile: string;
  let nowMs = 0;
  const now = () => nowMs;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "key-ring-"));
    keysFile = join(folder, "keys");
    await writeFile(keysFile, "# keys of the MTAs\nold old-key\n");
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("adds to the keys of the configuration", async () => {
    const ring = await openKeyRing({ keys: KEYS, keysFile });
    expect(await ring.identify("Bearer old-key")).toBe("old");
    expect(await ring.identify("Bearer first-key")).toBe("mx1");
  });

  test("is read again when it is written to: a new key works at once, without a restart", async () => {
    const ring = await openKeyRing({ keys: [], keysFile, now });
    expect(await ring.identify("Bearer new-key")).toBeUndefined();
    await writeFile(keysFile, "old old-key\nnew new-key\n");
    expect(await ring.identify("Bearer new-key")).toBe("new");
    expect(await ring.identify("Bearer old-key")).toBe("old");
  });

  test("is read again when it is replaced: a removed key stops working within a second", async () => {
    const ring = await openKeyRing({ keys: [], keysFile, now });
    expect(await ring.identify("Bearer old-key")).toBe("old");
    await writeFile(`${keysFile}.new`, "new new-key\n");
    await rename(`${keysFile}.new`, keysFile);
    nowMs += 1_000;
    expect(await ring.identify("Bearer old-key")).toBeUndefined();
    expect(await ring.identify("Bearer new-key")).toBe("new");
  });

  test("that cannot be read any more leaves the keys as they were, and is told once", async () => {
    const told: unknown[] = [];
    const ring = await openKeyRing({ keys: [], keysFile, now, onUnreadable: (error) => told.push(error) });
    await rm(keysFile);
    nowMs += 1_000;
    expect(await ring.identify("Bearer old-key")).toBe("old");
    nowMs += 1_000;
    expect(await ring.identify("Bearer old-key")).toBe("old");
    expect(told).toHaveLength(1);
    await writeFile(keysFile, "back back-key\n");
    expect(await ring.identify("Bearer back-key")).toBe("back");
  });

  test("that is not there at the start is an error", async () => {
    await expect(openKeyRing({ keys: [], keysFile: join(folder, "missing") })).rejects.toThrow(/ENOENT/);
  });
});
