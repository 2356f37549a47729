/** Which tokens are worth a place in the model: those whose presence tells most about the class. Pure. */
import type { TextClass, TokenCount } from "./text-model-data.ts";

/** LIMIT: the table stays below 500 kB and loads in milliseconds; docs/scoring.md has what fewer and more would reach. */
export const MAX_FEATURES = 20_000;

/** A token of fewer messages than this says more about those messages than about their class. */
const MIN_MESSAGES = 2;

export interface TrainingSample {
  /** Each token once (`textTokens`). */
  readonly tokens: readonly string[];
  readonly label: TextClass;
  /** How many messages it stands for; more than 1 for what was written for training and is rare in the collections. */
  readonly copies: number;
}

/** Entropy of a yes/no question, in nats. */
function entropy(share: number): number {
  if (share <= 0 || share >= 1) return 0;
  return -share * Math.log(share) - (1 - share) * Math.log(1 - share);
}

/** How much knowing whether the token is there tells about the class, in nats. */
function informationGain(count: TokenCount, letters: number, spams: number): number {
  const total = letters + spams;
  const having = count.letter + count.spam;
  const lacking = total - having;
  const after =
    (having / total) * entropy(count.spam / having) +
    (lacking === 0 ? 0 : (lacking / total) * entropy((spams - count.spam) / lacking));
  return entropy(spams / total) - after;
}

export function countDocuments(samples: readonly TrainingSample[]): Record<TextClass, number> {
  const documents = { letter: 0, spam: 0 };
  for (const { label, copies } of samples) documents[label] += copies;
  return documents;
}

function countTokens(samples: readonly TrainingSample[]): TokenCount[] {
  const counts = new Map<string, { token: string; letter: number; spam: number; messages: number }>();
  for (const { tokens, label, copies } of samples) {
    for (const token of tokens) {
      let count = counts.get(token);
      if (count === undefined) {
        count = { token, letter: 0, spam: 0, messages: 0 };
        counts.set(token, count);
      }
      count[label] += copies;
      count.messages++;
    }
  }
  return [...counts.values()].filter(({ messages }) => messages >= MIN_MESSAGES);
}

const byToken = (left: TokenCount, right: TokenCount) => (left.token < right.token ? -1 : 1);

/** @returns At most MAX_FEATURES tokens with their counts, sorted by token; ties are broken by token, so that runs agree. */
export function selectFeatures(samples: readonly TrainingSample[]): TokenCount[] {
  const { letter, spam } = countDocuments(samples);
  const gains = countTokens(samples).map((count) => ({ count, gain: informationGain(count, letter, spam) }));
  gains.sort((left, right) => right.gain - left.gain || byToken(left.count, right.count));
  return gains
    .slice(0, MAX_FEATURES)
    .map(({ count: { token, letter: letters, spam: spams } }) => ({ token, letter: letters, spam: spams }))
    .sort(byToken);
}
