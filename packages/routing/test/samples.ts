/** Mail of the project's own corpus, read as the classifier reads it; the verdict is the test's. */
import { readFileSync } from "node:fs";
import { readMessage } from "@triage/message";
import { type Report, readReport } from "@triage/reports";

/** @param name  Path below test/corpus, without extension. */
export function sample(name: string): Report {
  const raw = readFileSync(new URL(`../../../test/corpus/${name}.eml`, import.meta.url));
  return readReport(readMessage(raw), { reversePath: undefined, forwardPaths: [] });
}
