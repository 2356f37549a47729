/**
 * Every dialect's samples against their golden files, with each kind of line end. `looks-like-one.eml` is a person, a
 * newsletter or a phisher who uses an MTA's words. A new sample gets its golden file by
 * `npx vitest run --project unit packages/reports/test/dialects/corpus -u`; check it by eye before it is committed.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Envelope, readMessage } from "@triage/message";
import { describe, expect, test } from "vitest";
import { readReport } from "../../src/read-report.ts";
import { describeReport } from "../describe-report.ts";

const CORPUS = fileURLToPath(new URL("../../../../test/corpus/dsn", import.meta.url));
/** These samples have a test of their own, beside the readers of those forms. */
const OTHERS = new Set(["rfc3464", "rfc6533", "unknown"]);
const UNKNOWN: Envelope = { reversePath: undefined, forwardPaths: [] };
const LINE_ENDS = [
  ["LF", "\n"],
  ["CRLF", "\r\n"],
  ["CR", "\r"],
] as const;

const samples = readdirSync(CORPUS)
  .filter((folder) => !OTHERS.has(folder))
  .flatMap((folder) => readdirSync(join(CORPUS, folder)).map((file) => `${folder}/${file}`))
  .filter((file) => file.endsWith(".eml"))
  .map((file) => file.slice(0, -".eml".length));

function read(name: string, lineEnd: string) {
  const raw = readFileSync(join(CORPUS, `${name}.eml`), "latin1").replaceAll("\n", lineEnd);
  return readReport(readMessage(Buffer.from(raw, "latin1")), UNKNOWN);
}

describe.each(samples)("%s", (name) => {
  test.each(LINE_ENDS)("is read as its golden file says, with %s line ends", async (_name, lineEnd) => {
    const described = describeReport(read(name, lineEnd));
    const defects = described.defects.filter((code) => code !== "bare-cr");
    const golden = join(CORPUS, `${name}.json`);
    await expect(`${JSON.stringify({ ...described, defects }, null, 2)}\n`).toMatchFileSnapshot(golden);
  });
});

test.each(samples.filter((name) => name.endsWith("/looks-like-one")))(
  "%s uses the words of a bounce and is none",
  (name) => {
    expect(read(name, "\n").kind).not.toBe("dsn");
  },
);
