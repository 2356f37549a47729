export { buildIngest, DEFAULT_LIMITS, type IngestLimits, type IngestOptions } from "./app.ts";
export { type KeyRing, type KeyRingOptions, openKeyRing } from "./key-ring.ts";
