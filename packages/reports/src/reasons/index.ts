export { adviceFor } from "./advice.ts";
export { type ExplainedReason, explainReason, type ReasonFacts } from "./explain-reason.ts";
