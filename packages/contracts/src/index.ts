export * from "./classification.ts";
export * from "./describe-classification.ts";
export * from "./http.ts";
export * from "./immutable.ts";
export * from "./incident.ts";
export * from "./message-state.ts";
export * from "./queues.ts";
export * from "./triage-error.ts";
