/**
 * Every sample of the project's own corpus against its golden file. A new sample gets its golden file by
 * `npx vitest run --project unit packages/reports/test/corpus -u`; check it by eye before it is committed.
 */
import { type Envelope, readMessage } from "@triage/message";
import { describe, expect, test } from "vitest";
import { readReport } from "../src/read-report.ts";
import { describeReport } from "./describe-report.ts";
import { readSamples } from "./samples.ts";

const UNKNOWN: Envelope = { reversePath: undefined, forwardPaths: [] };
const LINE_ENDS = [
  ["LF", "\n"],
  ["CRLF", "\r\n"],
  ["CR", "\r"],
] as const;

describe.each(readSamples().map((sample) => [sample.name, sample] as const))("%s", (_, sample) => {
  test.each(LINE_ENDS)("is read as its golden file says, with %s line ends", async (_name, lineEnd) => {
    const raw = Buffer.from(sample.raw.toString("latin1").replaceAll("\n", lineEnd), "latin1");
    const described = describeReport(readReport(readMessage(raw), UNKNOWN));
    // Bare CRs are a defect of their own; all else must be the same.
    const defects = described.defects.filter((code) => code !== "bare-cr");
    await expect(`${JSON.stringify({ ...described, defects }, null, 2)}\n`).toMatchFileSnapshot(sample.goldenPath);
  });
});
