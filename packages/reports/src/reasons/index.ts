export { adviceFor, isOursToFix } from "./advice.ts";
export { codesOf, type ReportedCodes, stageOf } from "./codes.ts";
export { type ExplainedReason, explainReason, type ReasonFacts } from "./explain-reason.ts";
export { DSN_REASONS, type DsnReason } from "./reason.ts";
export type { SmtpStage } from "./reason-rule.ts";
