export { addressWriter } from "./address-writer.ts";
export { CloseStack } from "./close-stack.ts";
export { type ApiKey, parseApiKeys, readApiKeys } from "./config/api-keys.ts";
export { CONFIG_ENVIRONMENT, type Environment } from "./config/config-environment.ts";
export { ConfigError, type ConfigProblem } from "./config/config-error.ts";
export type { Config } from "./config/config-file.ts";
export { CONFIG_KEYS, type ConfigKey } from "./config/config-keys.ts";
export { describeOutlet } from "./config/describe-outlet.ts";
export { type LoadConfigOptions, loadConfig } from "./config/load-config.ts";
export type * from "./config/resolved-config.ts";
export type * from "./config/resolved-outlets.ts";
export { escapeHtml } from "./escape-html.ts";
export {
  type HealthServer,
  type HealthServerOptions,
  ListenError,
  listenError,
  startHealthServer,
} from "./health-server.ts";
export { createLog, LOG_LEVELS, type Log, type LogLevel, type LogOptions, redactAddress, redactUrl } from "./log.ts";
export { type Collector, createMetrics, type Metrics } from "./metrics.ts";
export { openQueues, type QueuesOptions } from "./queues/open-queues.ts";
export { WorkerLostError } from "./queues/process-job.ts";
export { watchQueues } from "./queues/queue-gauges.ts";
export { QueueUnavailableError } from "./queues/queue-unavailable-error.ts";
export type { QueueCounts, Queues, QueueWorker, WorkOptions } from "./queues/queues.ts";
export { type SweeperOptions, startSweeper } from "./queues/sweeper.ts";
export { type Duty, onDuty } from "./rota/on-duty.ts";
export { type Rounds, startRounds } from "./rounds.ts";
export { ROLES, type RoleName, type RunningRole } from "./running-role.ts";
export { lastDue, type Schedule } from "./schedule.ts";
export { Shutdown, type ShutdownOptions } from "./shutdown.ts";
export { isRetryable, TriageError } from "./triage-error.ts";
