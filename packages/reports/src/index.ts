export { readReport } from "./read-report.ts";
export * from "./reasons/reason.ts";
export * from "./report.ts";
