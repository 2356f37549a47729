/**
 * `triage evaluate`: what the reports package finds of what is labelled, in a folder with `labels.tsv`; and what of mail
 * that is no bounce it calls one. Exit code 1 when a threshold is missed, with one sentence for each on stderr.
 */
import { startProgressBar } from "../progress-bar.ts";
import { type Evaluation, evaluateCorpus } from "./evaluate-corpus.ts";
import { formatEvaluation } from "./format-evaluation.ts";
import { type Label, readLabels } from "./labels.ts";
import { labelNoBounces } from "./no-bounces.ts";
import { checkThresholds, type Thresholds } from "./thresholds.ts";

export interface EvaluateOptions {
  readonly noBounces: readonly string[];
  readonly spamAssassin: boolean;
  readonly json: boolean;
  readonly thresholds: Thresholds;
}

export async function evaluateCommand(corpus: string | undefined, options: EvaluateOptions): Promise<number> {
  const labels = await labelsOf(corpus || process.env.TRIAGE_CORPUS, options);
  const progress = startProgressBar("evaluate", labels.length);
  let evaluation: Evaluation;
  try {
    evaluation = evaluateCorpus(labels, progress.update);
  } finally {
    progress.finish();
  }
  const failures = checkThresholds(evaluation, options.thresholds);
  const text = options.json ? `${JSON.stringify({ ...evaluation, failures })}\n` : formatEvaluation(evaluation);
  process.stdout.write(text);
  for (const failure of failures) process.stderr.write(`triage evaluate: ${failure}\n`);
  return failures.length > 0 ? 1 : 0;
}

async function labelsOf(corpus: string | undefined, options: EvaluateOptions): Promise<readonly Label[]> {
  const labels = [
    ...(corpus ? readLabels(corpus) : []),
    ...options.noBounces.flatMap((folder) => labelNoBounces(folder)),
    ...(options.spamAssassin ? (await import("./spam-assassin.ts")).labelSpamAssassin() : []),
  ];
  if (labels.length === 0)
    throw new Error("nothing to evaluate: name a folder with labels.tsv, or --no-bounces FOLDER");
  return labels;
}
