import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

/** Loads the package as the command line does, and tells which CommonJS packages came with it. */
const PROGRAM = `
import { createRequire } from "node:module";
await import("@triage/classifier");
console.log(JSON.stringify(Object.keys(createRequire(import.meta.url).cache)));
`;

test("the command line can classify without loading queues, database or mail parsers", async () => {
  const options = ["--conditions=triage-source", "--import", "tsx", "--input-type=module", "--eval", PROGRAM];
  const { stdout } = await promisify(execFile)(process.execPath, options, { cwd: import.meta.dirname });
  const loaded = (JSON.parse(stdout) as string[]).join("\n");
  // iconv-lite is CommonJS: so the list does show what was loaded.
  expect(loaded).toContain("/node_modules/iconv-lite/");
  expect(loaded).not.toMatch(/\/node_modules\/(?:bullmq|ioredis|pg|prom-client|mailparser|mailauth|natural)\//);
});
