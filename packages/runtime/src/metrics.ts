/**
 * The instruments of the service (Prometheus text format), by the names that docs/operations.md lists.
 *
 * Labels are closed lists. Never an address, domain, message id or anything else that comes out of a mail: a sender
 * could fill the memory of the service and of Prometheus with them.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** LIMIT: a scrape waits this long for the collectors (a database that hangs must not hang the watching of it). */
const COLLECT_TIMEOUT_MS = 2_000;

/** From one fsync on a fast disk (1 ms) to the point where an MTA would give up on us. */
const INGEST_BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** A usual bounce takes 0.1 ms, one of 10 MB up to 0.5 s. */
const CLASSIFY_BUCKETS_SECONDS = [0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.01, 0.05, 0.1, 0.5, 1, 5];

/** QUIRK(prom-client): gauges with the suffix of counters, which `promtool check metrics` refuses; each is the sum of another. */
const MISNAMED = ["nodejs_active_handles_total", "nodejs_active_requests_total", "nodejs_active_resources_total"];

/** Sets gauges just before a scrape. A rejection is dropped: the gauges then keep their last value. */
export type Collector = () => Promise<void>;

export interface Metrics {
  readonly registry: Registry;
  /** `source`: http, cli, lmtp. `outcome`: accepted, duplicate, too-large, unsupported, overloaded, unauthorized, error. */
  readonly ingestMessages: Counter<"source" | "outcome">;
  /** From the first byte of the request to the durable answer. */
  readonly ingestDurationSeconds: Histogram;
  readonly verdicts: Counter<"verdict" | "route">;
  readonly evidence: Counter<"check" | "outcome">;
  /** The five stages of one message, without waiting for the queue. */
  readonly classifyDurationSeconds: Histogram;
  /** `outcome`: delivered, error (will be retried), failed (given up). */
  readonly deliveries: Counter<"outlet" | "outcome">;
  /** Verdicts that a person corrected. `from`: a verdict. `to`: a class. */
  readonly corrections: Counter<"from" | "to">;
  /** `outcome`: activated, refused, held, unchanged, failed. */
  readonly trainings: Counter<"outcome">;
  /** Version of the learned model that a classifier scores with; 0: what the service ships. */
  readonly modelVersion: Gauge;
  /** Messages that went to the next human. `unless`: delivered, acknowledged. */
  readonly escalations: Counter<"unless">;
  /** Messages that wait because a human gets too much, each human counted. */
  readonly messagesHeld: Gauge;
  /** Notices of incidents. `step`: begin, end, or a power of ten. `outcome` as for deliveries. */
  readonly notices: Counter<"kind" | "step" | "outcome">;
  /** Attempts to deliver a digest. `outcome` as for deliveries. */
  readonly digests: Counter<"outcome">;
  /** Troubles of the service itself. `kind`: own-mail-bounced, dead-letters. `outcome`: raised, delivered, failed, nobody (to tell). */
  readonly alerts: Counter<"kind" | "outcome">;
  readonly incidentsOpen: Gauge<"kind">;
  /** `state`: waiting, delayed, active. */
  readonly queueJobs: Gauge<"queue" | "state">;
  readonly queueOldestWaitingSeconds: Gauge<"queue">;
  readonly deadLetters: Gauge;
  /** What retention removed. `what`: days (tables dropped or exchanged), messages (bytes of them), facts, incidents. */
  readonly retentionRemoved: Counter<"what">;
  /** Room on disk that it freed, about. */
  readonly retentionFreedBytes: Counter;
  /** Age of the oldest message whose bytes are kept; NaN: there is none. */
  readonly oldestMessageSeconds: Gauge;
  /** Time since the last run that was not cut short; NaN: there was none. */
  readonly retentionAgeSeconds: Gauge;
  /** Time since the newest entry; NaN while the ledger is empty. */
  readonly sentLedgerAgeSeconds: Gauge;
  /** Lines of POST /v1/sent that were taken. */
  readonly sentLedgerEntries: Counter;
  /** Registers a collector; the returned function removes it. */
  collect(collector: Collector): () => void;
  /** Runs the collectors and renders everything; `contentType` belongs to the answer. */
  render(): Promise<{ readonly contentType: string; readonly body: string }>;
}

/**
 * Makes the instruments on a registry of their own, so that several roles (or tests) in one process do not collide.
 *
 * @param options.processMetrics  CPU, memory, event loop and so on; default true. They cost a timer in every scrape.
 */
export function createMetrics(options: { readonly processMetrics?: boolean } = {}): Metrics {
  const registry = new Registry();
  if (options.processMetrics !== false) {
    collectDefaultMetrics({ register: registry });
    for (const name of MISNAMED) registry.removeSingleMetric(name);
  }
  const collectors = new Set<Collector>();
  return {
    registry,
    ...createCounters(registry),
    ...createHistograms(registry),
    ...createGauges(registry),
    collect(collector) {
      collectors.add(collector);
      return () => void collectors.delete(collector);
    },
    async render() {
      await runCollectors(collectors);
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
  };
}

function createCounters(registry: Registry) {
  const registers = [registry];
  return {
    ingestMessages: new Counter({
      name: "triage_ingest_messages_total",
      help: "Messages offered to ingest, by source and outcome.",
      labelNames: ["source", "outcome"] as const,
      registers,
    }),
    verdicts: new Counter({
      name: "triage_verdicts_total",
      help: "Verdicts, by class and route.",
      labelNames: ["verdict", "route"] as const,
      registers,
    }),
    evidence: new Counter({
      name: "triage_evidence_total",
      help: "Evidence, by check and outcome.",
      labelNames: ["check", "outcome"] as const,
      registers,
    }),
    sentLedgerEntries: new Counter({
      name: "triage_sent_ledger_entries_total",
      help: "Lines of POST /v1/sent that were taken into the sent ledger.",
      registers,
    }),
    deliveries: new Counter({
      name: "triage_deliveries_total",
      help: "Delivery attempts, by outlet and outcome (error: will be retried; failed: given up).",
      labelNames: ["outlet", "outcome"] as const,
      registers,
    }),
    corrections: new Counter({
      name: "triage_corrections_total",
      help: "Verdicts that a person corrected, by what they were and what they are.",
      labelNames: ["from", "to"] as const,
      registers,
    }),
    trainings: new Counter({
      name: "triage_trainings_total",
      help: "Trainings on corrections, by outcome (refused: worse than the live version; held: after a rollback).",
      labelNames: ["outcome"] as const,
      registers,
    }),
    retentionRemoved: new Counter({
      name: "triage_retention_removed_total",
      help: "What retention removed: days of mail, messages (their bytes), facts of messages, incidents.",
      labelNames: ["what"] as const,
      registers,
    }),
    retentionFreedBytes: new Counter({
      name: "triage_retention_freed_bytes_total",
      help: "Room on disk that retention freed, about.",
      registers,
    }),
    escalations: new Counter({
      name: "triage_escalations_total",
      help: "Messages that went to the next human, by what did not happen in time.",
      labelNames: ["unless"] as const,
      registers,
    }),
    digests: new Counter({
      name: "triage_digests_total",
      help: "Attempts to deliver a digest, by outcome (error: will be retried; failed: given up).",
      labelNames: ["outcome"] as const,
      registers,
    }),
    alerts: new Counter({
      name: "triage_alerts_total",
      help: "Alerts about the service itself: raised, delivered to somebody, failed, or nobody was there to be told.",
      labelNames: ["kind", "outcome"] as const,
      registers,
    }),
    notices: new Counter({
      name: "triage_notices_total",
      help: "Attempts to tell the human of a step of an incident, by its kind, step and outcome.",
      labelNames: ["kind", "step", "outcome"] as const,
      registers,
    }),
  };
}

function createHistograms(registry: Registry) {
  const registers = [registry];
  return {
    ingestDurationSeconds: new Histogram({
      name: "triage_ingest_duration_seconds",
      help: "Time from the request to its durable answer.",
      buckets: INGEST_BUCKETS_SECONDS,
      registers,
    }),
    classifyDurationSeconds: new Histogram({
      name: "triage_classify_duration_seconds",
      help: "Time that the five stages take for one message.",
      buckets: CLASSIFY_BUCKETS_SECONDS,
      registers,
    }),
  };
}

function createGauges(registry: Registry) {
  const registers = [registry];
  return {
    queueJobs: new Gauge({
      name: "triage_queue_jobs",
      help: "Jobs in a queue, by state.",
      labelNames: ["queue", "state"] as const,
      registers,
    }),
    queueOldestWaitingSeconds: new Gauge({
      name: "triage_queue_oldest_waiting_seconds",
      help: "Age of the oldest job that waits; 0 when none does.",
      labelNames: ["queue"] as const,
      registers,
    }),
    incidentsOpen: new Gauge({
      name: "triage_incidents_open",
      help: "Incidents that are open, by kind.",
      labelNames: ["kind"] as const,
      registers,
    }),
    sentLedgerAgeSeconds: new Gauge({
      name: "triage_sent_ledger_age_seconds",
      help: "Time since the newest entry of the sent ledger; NaN while it is empty.",
      registers,
    }),
    oldestMessageSeconds: new Gauge({
      name: "triage_oldest_message_seconds",
      help: "Age of the oldest message whose bytes are kept; NaN when there is none.",
      registers,
    }),
    retentionAgeSeconds: new Gauge({
      name: "triage_retention_age_seconds",
      help: "Time since retention last ran to its end; NaN when it never did.",
      registers,
    }),
    modelVersion: new Gauge({
      name: "triage_model_version",
      help: "Version of the learned model that this classifier scores with; 0 is the one that the service ships.",
      registers,
    }),
    messagesHeld: new Gauge({
      name: "triage_messages_held",
      help: "Messages that wait because a human has had enough in the last hour.",
      registers,
    }),
    deadLetters: new Gauge({
      name: "triage_dead_letters",
      help: "Messages given up on that wait for a person.",
      registers,
    }),
  };
}

async function runCollectors(collectors: ReadonlySet<Collector>): Promise<void> {
  if (collectors.size === 0) return;
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, COLLECT_TIMEOUT_MS);
  });
  await Promise.race([Promise.allSettled([...collectors].map((collector) => collector())), timeout]);
  clearTimeout(timer);
}
