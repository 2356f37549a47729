/** A trained text model as data: counts, not weights, so that it can be checked against its trainer to the last digit. */

export const TEXT_CLASSES = ["letter", "spam"] as const;
export type TextClass = (typeof TEXT_CLASSES)[number];

/** From the score of a message's tokens (`TextModel.score`) to log-odds, fitted on held-out folds (Platt scaling). */
export interface Calibration {
  readonly slope: number;
  readonly intercept: number;
}

export interface TextModelData {
  /** Raised with every change of tokenizer or format: old tables then no longer fit. */
  readonly format: 3;
  /** Added to each count, so that a token that one class never had does not decide alone. */
  readonly smoothing: number;
  /** Training messages of each class. */
  readonly documents: Readonly<Record<TextClass, number>>;
  readonly calibration: Calibration;
  /**
   * One line per token, sorted by token: `token letters spams factor`. The training messages of each class that have it, as
   * natural counted them, and how much of its log-likelihood ratio counts (fit-factors.ts).
   */
  readonly counts: string;
}

export interface TokenCount {
  readonly token: string;
  readonly letter: number;
  readonly spam: number;
}

/** A token of a model: its counts, and the factor of its log-likelihood ratio. */
export interface ModelToken extends TokenCount {
  readonly factor: number;
}

/** In one pass: a process that starts waits for it. */
export function parseCounts(counts: string): ModelToken[] {
  const parsed: ModelToken[] = [];
  for (let at = 0; at < counts.length; ) {
    const newline = counts.indexOf("\n", at);
    const end = newline < 0 ? counts.length : newline;
    const letter = counts.indexOf(" ", at);
    const spam = counts.indexOf(" ", letter + 1);
    const factor = counts.indexOf(" ", spam + 1);
    parsed.push({
      token: counts.slice(at, letter),
      letter: Number(counts.slice(letter + 1, spam)),
      spam: Number(counts.slice(spam + 1, factor)),
      factor: Number(counts.slice(factor + 1, end)),
    });
    at = end + 1;
  }
  return parsed;
}

export function formatCounts(counts: readonly ModelToken[]): string {
  return counts.map(({ token, letter, spam, factor }) => `${token} ${letter} ${spam} ${factor}`).join("\n");
}
