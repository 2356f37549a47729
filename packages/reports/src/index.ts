export { readReport } from "./read-report.ts";
export { adviceFor, type ExplainedReason, explainReason, type ReasonFacts } from "./reasons/index.ts";
export * from "./reasons/reason.ts";
export * from "./report.ts";
export { NOTHING_RETURNED } from "./returned/describe.ts";
export { type Withheld, withholdReturned } from "./withhold/withhold-returned.ts";
