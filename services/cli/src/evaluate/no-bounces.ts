/** Folders of mail that is no bounce: the harder half of recognising bounces. */
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { describeFileError } from "./file-error.ts";
import { type Label, labelKind } from "./labels.ts";

const MAIL_NAME = /\.(?:eml|txt)$/;

/**
 * One label for each `.eml` and `.txt` file of a folder.
 *
 * @param realBounces  Names of files that are bounces after all.
 * @throws {Error}     A folder that cannot be read, or in which no mail is.
 */
export function labelNoBounces(folder: string, realBounces: ReadonlySet<string> = new Set()): readonly Label[] {
  const source = basename(folder);
  const labels = namesIn(folder).map((name) => {
    const file = join(folder, name);
    return labelKind({ path: file, file, source, kind: realBounces.has(name) ? "real-bounce" : "no-bounce" });
  });
  if (labels.length === 0) throw new Error(`${folder}: there is no .eml or .txt file in it`);
  return labels;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => MAIL_NAME.test(name))
      .sort();
  } catch (error) {
    throw new Error(`${folder}: ${describeFileError(error)}`, { cause: error });
  }
}
