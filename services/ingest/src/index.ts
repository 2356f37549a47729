export { buildIngest } from "./app.ts";
export { DEFAULT_LIMITS, type IngestLimits, type IngestOptions } from "./ingest-context.ts";
export { type KeyRing, type KeyRingOptions, openKeyRing } from "./key-ring.ts";
