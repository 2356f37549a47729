/**
 * The numbers of the project, all sides of each comparison in one run. They depend on the machine: compare within one
 * print-out, never across two. Nothing here is asserted; a test asserts no times.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { benchBigMessages, benchClassification, readCorpus } from "./classification.ts";
import { benchClone } from "./clone.ts";
import { benchDelivery } from "./delivery.ts";
import { benchEndToEnd } from "./end-to-end.ts";
import { benchHaystackDelivery } from "./haystack-delivery.ts";
import { benchIngest } from "./ingest.ts";
import { benchLedger } from "./ledger.ts";
import type { Soak } from "./soak.ts";
import { type BenchTable, printTable } from "./table.ts";
import { benchTextModel } from "./text-model.ts";

/** Real bounces, where there are some; else the samples of the project itself. */
const CORPORA = ["../../../shared/corpus", "../corpus"].map((path) => fileURLToPath(new URL(path, import.meta.url)));
const corpusFolder = CORPORA.find((path) => existsSync(path)) ?? "";

const SECTIONS: Readonly<Record<string, () => Promise<BenchTable>>> = {
  classification: () => benchClassification(corpusFolder),
  big: benchBigMessages,
  "text-model": benchTextModel,
  memory: benchMemory,
  ingest: benchIngest,
  "end-to-end": () => benchEndToEnd(readCorpus(corpusFolder)),
  delivery: benchDelivery,
  "haystack-delivery": benchHaystackDelivery,
  ledger: benchLedger,
  clone: benchClone,
};

async function benchMemory(): Promise<BenchTable> {
  const script = fileURLToPath(new URL("soak.ts", import.meta.url));
  const { stdout } = spawnSync(process.execPath, ["--import", "tsx", script, corpusFolder], { encoding: "utf8" });
  const { messages, rssMb } = JSON.parse(stdout) as Soak;
  return {
    title: "Memory of a process that classifies",
    rows: [{ side: `after ${messages} messages`, figure: `${rssMb.toFixed(0)} MB`, note: "resident; goal 200 MB" }],
  };
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in SECTIONS));
if (unknown.length > 0) {
  console.error(`bench: no section ${unknown.join(", ")}; there are ${Object.keys(SECTIONS).join(", ")}.`);
  process.exit(1);
}
console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? "unknown processor"}`);
for (const [name, section] of Object.entries(SECTIONS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.error(`bench: ${name} ...`);
  printTable(await section());
}
