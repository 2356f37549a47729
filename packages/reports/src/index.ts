export * from "./report.ts";
export * from "./reasons/reason.ts";
