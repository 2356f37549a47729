export { buildIngest } from "./app.ts";
export { DEFAULT_LIMITS, type IngestLimits, type IngestOptions } from "./ingest-context.ts";
export type { Batching } from "./insert-coalescer.ts";
export { type KeyRing, type KeyRingOptions, openKeyRing } from "./key-ring.ts";
export { type IngestParts, type RunningIngest, startIngest } from "./server.ts";
