/** The project's own corpus: `test/corpus/<kind>/.../NN.eml` with the golden `NN.json` beside each. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const CORPUS = fileURLToPath(new URL("../../../test/corpus", import.meta.url));

/** Folders whose golden files are descriptions of a report; the others belong to other packages. */
const FOLDERS = [
  "dsn/rfc3464",
  "dsn/rfc6533",
  "dsn/unknown",
  "feedback",
  "mdn",
  "auto-reply",
  "challenge",
  "virus-notice",
  "dmarc-aggregate",
  "tls-report",
  "person",
  "other",
  "look-alike",
];

export interface Sample {
  /** Path below the corpus, without extension. */
  readonly name: string;
  readonly raw: Buffer;
  readonly goldenPath: string;
}

export function readSamples(): readonly Sample[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(CORPUS, folder))
      .filter((file) => file.endsWith(".eml"))
      .sort()
      .map((file) => {
        const name = `${folder}/${file.slice(0, -".eml".length)}`;
        return { name, raw: readFileSync(join(CORPUS, folder, file)), goldenPath: join(CORPUS, `${name}.json`) };
      }),
  );
}
