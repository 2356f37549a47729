/** The text model: its size, how long it takes to load, and what a message costs. */
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readMessage } from "@triage/message";
import { type BenchTable, median } from "./table.ts";

const ROUNDS = 21;

const inScoring = (path: string) => new URL(`../../packages/scoring/${path}`, import.meta.url);

/** Cold in this process: no other section reads the model's table before. */
async function loadModel(): Promise<{ readonly loadMs: number; readonly bytes: number }> {
  const file = inScoring("dist/text-model/model-data.js");
  const { TextModel } = await import(inScoring("dist/text-model/text-model.js").href);
  const begun = performance.now();
  const { MODEL_DATA } = await import(file.href);
  new TextModel(MODEL_DATA);
  return { loadMs: performance.now() - begun, bytes: statSync(file).size };
}

export async function benchTextModel(): Promise<BenchTable> {
  const { loadMs, bytes } = await loadModel();
  const { scoreText } = await import(inScoring("dist/text-model/score-text.js").href);
  const { readWrittenMessages } = await import(inScoring("training/written-messages.ts").href);
  const written: { raw: Buffer }[] = ["letters.txt", "look-alikes.txt"].flatMap((name) =>
    readWrittenMessages(fileURLToPath(inScoring(`training/${name}`))),
  );
  const messages = written.map(({ raw }) => readMessage(raw));
  const rounds = Array.from({ length: ROUNDS }, () => {
    const begun = performance.now();
    for (const message of messages) scoreText(message);
    return (performance.now() - begun) / messages.length;
  });
  return {
    title: `The text model over ${messages.length} written messages, ${ROUNDS} rounds`,
    rows: [
      { side: "size", figure: `${(bytes / 1000).toFixed(0)} kB`, note: "goal 1,000 kB" },
      { side: "load", figure: `${loadMs.toFixed(1)} ms`, note: "cold; goal 50 ms" },
      { side: "one message", figure: `${(1000 * median(rounds)).toFixed(0)} us`, note: "goal 100 us" },
    ],
  };
}
