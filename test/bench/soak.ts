/** Resident memory after many messages, as one line of JSON: a process of its own that loads the classifier and nothing else. */
import { classify } from "@triage/classifier";
import { benchContext, envelope, readCorpus } from "./classification.ts";

const SOAK_MESSAGES = 20_000;

export interface Soak {
  readonly messages: number;
  readonly rssMb: number;
}

const corpus = readCorpus(process.argv[2] ?? "");
const context = benchContext();
for (let index = 0; index < SOAK_MESSAGES; index += 1) {
  await classify(corpus[index % corpus.length] as Buffer, envelope, context);
}
const result: Soak = { messages: SOAK_MESSAGES, rssMb: process.memoryUsage().rss / 1e6 };
console.log(JSON.stringify(result));
