/** A trained text model as data: counts, not weights, so that it can be checked against its trainer to the last digit. */

export const TEXT_CLASSES = ["letter", "spam"] as const;
export type TextClass = (typeof TEXT_CLASSES)[number];

/** From the mean log-likelihood ratio of a message's tokens to log-odds, fitted on held-out folds (Platt scaling). */
export interface Calibration {
  readonly slope: number;
  readonly intercept: number;
}

export interface TextModelData {
  /** Raised with every change of tokenizer or format: old tables then no longer fit. */
  readonly format: 1;
  /** Added to each count, so that a token that one class never had does not decide alone. */
  readonly smoothing: number;
  /** Training messages of each class. */
  readonly documents: Readonly<Record<TextClass, number>>;
  readonly calibration: Calibration;
  /** One line per token, sorted by token: `token letters spams`, the training messages of each class that have it. */
  readonly counts: string;
}

export interface TokenCount {
  readonly token: string;
  readonly letter: number;
  readonly spam: number;
}

export function parseCounts(counts: string): TokenCount[] {
  return counts.split("\n").map((line) => {
    const [token = "", letter, spam] = line.split(" ");
    return { token, letter: Number(letter), spam: Number(spam) };
  });
}

export function formatCounts(counts: readonly TokenCount[]): string {
  return counts.map(({ token, letter, spam }) => `${token} ${letter} ${spam}`).join("\n");
}
