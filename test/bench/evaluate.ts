/**
 * Measures what packages/reports recognises in a folder of labelled mail.
 *
 * Run: `npx tsx --conditions=triage-source test/bench/evaluate.ts [CORPUS] [--no-bounces FOLDER]... [--json]
 * [--min-recognised 99.5] ...`. Thresholds, in percent: see evaluation/thresholds.ts.
 * CORPUS has `labels.tsv`, whose first line names its columns. Exit code 1 when a threshold is missed.
 */
import { evaluateCorpus } from "./evaluation/evaluate-corpus.ts";
import { printEvaluation } from "./evaluation/print-evaluation.ts";
import { checkThresholds, parseArguments } from "./evaluation/thresholds.ts";

const options = parseArguments(process.argv.slice(2));
const evaluation = evaluateCorpus(options.corpus, options.noBounces, options.isTerminal ? showProgress : undefined);
const failures = checkThresholds(evaluation, options.thresholds);
if (options.json) process.stdout.write(`${JSON.stringify({ ...evaluation, failures })}\n`);
else process.stdout.write(printEvaluation(evaluation, failures));
process.exitCode = failures.length > 0 ? 1 : 0;

function showProgress(done: number, total: number): void {
  const width = 30;
  const filled = Math.round((done / total) * width);
  process.stderr.write(
    `\r[${"#".repeat(filled)}${" ".repeat(width - filled)}] ${done}/${total}${done === total ? "\n" : ""}`,
  );
}
