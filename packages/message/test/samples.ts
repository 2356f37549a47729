/** The samples of test/corpus/mime, and the same bytes with other line ends. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const SAMPLES_FOLDER = fileURLToPath(new URL("../../../test/corpus/mime/", import.meta.url));

export interface Sample {
  readonly name: string;
  /** As stored: every line ends with LF. */
  readonly lf: Buffer;
}

export const SAMPLES: readonly Sample[] = readdirSync(SAMPLES_FOLDER)
  .filter((file) => file.endsWith(".eml"))
  .sort()
  .map((file) => ({ name: file.slice(0, -".eml".length), lf: readFileSync(`${SAMPLES_FOLDER}${file}`) }));

export function sample(name: string): Buffer {
  const found = SAMPLES.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no sample ${name}`);
  return found.lf;
}

export function withLineEnds(lf: Buffer, lineEnd: "\r\n" | "\r"): Buffer {
  return Buffer.from(lf.toString("latin1").replaceAll("\n", lineEnd), "latin1");
}
