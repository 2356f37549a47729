/**
 * `triage evaluate --twins`: the table of the twins of each bounce in a corpus. Exit code 1 when a goal is missed, with
 * one sentence for each on stderr.
 */
import { readFileSync } from "node:fs";
import { readMessage } from "@triage/message";
import { readReport } from "@triage/reports";
import { startProgressBar } from "../../progress-bar.ts";
import { describeFileError } from "../file-error.ts";
import { judgeTwins, type Twin, type TwinSample } from "./evaluate-twins.ts";
import { formatTwins } from "./format-twins.ts";
import { listBounceFiles } from "./list-bounces.ts";
import { checkTwinGoals } from "./twin-goals.ts";

export async function twinsCommand(corpus: string | undefined, json: boolean): Promise<number> {
  const folder = corpus || process.env.TRIAGE_CORPUS;
  if (!folder) throw new Error("nothing to judge: name a folder of bounces");
  const files = await listBounceFiles(folder);
  const progress = startProgressBar("twins", files.length);
  const twins: Twin[] = [];
  try {
    for (const [index, file] of files.entries()) {
      const sample = readSample(file);
      if (sample !== undefined) twins.push(...(await judgeTwins(sample)));
      progress.update(index + 1);
    }
  } finally {
    progress.finish();
  }
  const failures = checkTwinGoals(twins);
  process.stdout.write(json ? `${JSON.stringify({ twins, failures })}\n` : formatTwins(twins));
  for (const failure of failures) process.stderr.write(`triage evaluate: ${failure}\n`);
  return failures.length > 0 ? 1 : 0;
}

/** @returns undefined for what is no bounce. */
function readSample({ path, file }: { readonly path: string; readonly file: string }): TwinSample | undefined {
  const message = readMessage(readMail(file));
  const report = readReport(message, { reversePath: undefined, forwardPaths: [] });
  return report.kind === "dsn" ? { path, message, report } : undefined;
}

function readMail(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`${file}: ${describeFileError(error)}`, { cause: error });
  }
}
