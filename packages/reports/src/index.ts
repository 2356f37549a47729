export * from "./reasons/reason.ts";
export * from "./report.ts";
