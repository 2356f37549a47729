/** The mail of a corpus that could be a bounce: what is labelled as one, or every .eml file where nothing is labelled. */
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { listMailFiles } from "../../classify/mail-source.ts";
import { expectationOf } from "../label-kind.ts";
import { readLabels } from "../labels.ts";

export interface BounceFile {
  /** As the corpus has it. */
  readonly path: string;
  readonly file: string;
}

export async function listBounceFiles(corpus: string): Promise<readonly BounceFile[]> {
  if (existsSync(join(corpus, "labels.tsv"))) return readLabels(corpus).filter(({ kind }) => isBounce(kind));
  const { files } = await listMailFiles([corpus]);
  const found = files.filter(({ path }) => path.endsWith(".eml"));
  if (found.length === 0) throw new Error(`${corpus}: there is no .eml file in it`);
  return found.map(({ path }) => ({ path: relative(corpus, path), file: path }));
}

function isBounce(kind: string): boolean {
  const expected = expectationOf(kind);
  return expected.kind === "one-of" && expected.reports.includes("dsn");
}
