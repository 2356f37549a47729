export { createLog, LOG_LEVELS, type Log, type LogLevel, type LogOptions, redactAddress, redactUrl } from "./log.ts";
export { type Collector, createMetrics, type Metrics } from "./metrics.ts";
export { ROLES, type RoleName, type RunningRole } from "./running-role.ts";
export { Shutdown, type ShutdownOptions } from "./shutdown.ts";
export { isRetryable, TriageError } from "./triage-error.ts";
