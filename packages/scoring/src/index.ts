export type { Contribution } from "./add-up.ts";
export { contributionsOf, type ScoringInput, scoreMessage } from "./score-message.ts";
export type { TrainingSample } from "./text-model/select-features.ts";
export { textTokens } from "./text-model/text-tokens.ts";
export { trainTextModel } from "./text-model/train-text-model.ts";
export * from "./verdict.ts";
export { DEFAULT_THRESHOLDS, WEIGHTS_VERSION } from "./weights.ts";
