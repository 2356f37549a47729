export { readReport } from "./read-report.ts";
export { adviceFor, type ExplainedReason, explainReason, isOursToFix, type ReasonFacts } from "./reasons/index.ts";
export * from "./reasons/reason.ts";
export * from "./report.ts";
