export { type ScoringInput, scoreMessage } from "./score-message.ts";
export * from "./verdict.ts";
export { DEFAULT_THRESHOLDS, WEIGHTS_VERSION } from "./weights.ts";
