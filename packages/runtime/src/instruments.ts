/**
 * The instruments of the service (Prometheus text format), by the names that docs/operations.md lists.
 *
 * Labels are closed lists. Never an address, domain, message id or anything else that comes out of a mail: a sender
 * could fill the memory of the service and of Prometheus with them.
 */
import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** From one fsync on a fast disk (1 ms) to the point where an MTA would give up on us. */
const INGEST_BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** A usual bounce takes 0.1 ms, one of 10 MB up to 0.5 s. */
const CLASSIFY_BUCKETS_SECONDS = [0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.01, 0.05, 0.1, 0.5, 1, 5];

const INSTRUMENTS = {
  /** `source`: http, cli, lmtp. `outcome`: accepted, duplicate, too-large, unsupported, overloaded, unauthorized, error. */
  ingestMessages: counter("triage_ingest_messages_total", "Messages offered to ingest, by source and outcome.", [
    "source",
    "outcome",
  ]),
  verdicts: counter("triage_verdicts_total", "Verdicts, by class and route.", ["verdict", "route"]),
  evidence: counter("triage_evidence_total", "Evidence, by check and outcome.", ["check", "outcome"]),
  sentLedgerEntries: counter(
    "triage_sent_ledger_entries_total",
    "Lines of POST /v1/sent that were taken into the sent ledger.",
  ),
  deliveries: counter(
    "triage_deliveries_total",
    "Delivery attempts, by outlet and outcome (error: will be retried; failed: given up).",
    ["outlet", "outcome"],
  ),
  /** `from`: a verdict. `to`: a class. */
  corrections: counter(
    "triage_corrections_total",
    "Verdicts that a person corrected, by what they were and what they are.",
    ["from", "to"],
  ),
  /** `outcome`: activated, refused, held, unchanged, failed. */
  trainings: counter(
    "triage_trainings_total",
    "Trainings on corrections, by outcome (refused: worse than the live version; held: after a rollback).",
    ["outcome"],
  ),
  /** `what`: days (tables dropped or exchanged), messages (bytes of them), facts, incidents. */
  retentionRemoved: counter(
    "triage_retention_removed_total",
    "What retention removed: days of mail, messages (their bytes), facts of messages, incidents.",
    ["what"],
  ),
  retentionFreedBytes: counter("triage_retention_freed_bytes_total", "Room on disk that retention freed, about."),
  /** `unless`: delivered, acknowledged. */
  escalations: counter(
    "triage_escalations_total",
    "Messages that went to the next human, by what did not happen in time.",
    ["unless"],
  ),
  digests: counter(
    "triage_digests_total",
    "Attempts to deliver a digest, by outcome (error: will be retried; failed: given up).",
    ["outcome"],
  ),
  /** `kind`: own-mail-bounced, dead-letters, digest-failed, notice-failed. `outcome`: raised, delivered, failed, nobody (to tell). */
  alerts: counter(
    "triage_alerts_total",
    "Alerts about the service itself: raised, delivered to somebody, failed, or nobody was there to be told.",
    ["kind", "outcome"],
  ),
  /** `step`: begin, end, or a power of ten. `outcome` as for deliveries. */
  notices: counter(
    "triage_notices_total",
    "Attempts to tell the human of a step of an incident, by its kind, step and outcome.",
    ["kind", "step", "outcome"],
  ),
  /** From the first byte of the request to the durable answer. */
  ingestDurationSeconds: histogram(
    "triage_ingest_duration_seconds",
    "Time from the request to its durable answer.",
    INGEST_BUCKETS_SECONDS,
  ),
  /** Without waiting for the queue. */
  classifyDurationSeconds: histogram(
    "triage_classify_duration_seconds",
    "Time that the five stages take for one message.",
    CLASSIFY_BUCKETS_SECONDS,
  ),
  /** `state`: waiting, delayed, active. */
  queueJobs: gauge("triage_queue_jobs", "Jobs in a queue, by state.", ["queue", "state"]),
  queueOldestWaitingSeconds: gauge(
    "triage_queue_oldest_waiting_seconds",
    "Age of the oldest job that waits; 0 when none does.",
    ["queue"],
  ),
  incidentsOpen: gauge("triage_incidents_open", "Incidents that are open, by kind.", ["kind"]),
  sentLedgerAgeSeconds: gauge(
    "triage_sent_ledger_age_seconds",
    "Time since the newest entry of the sent ledger; NaN while it is empty.",
  ),
  oldestMessageSeconds: gauge(
    "triage_oldest_message_seconds",
    "Age of the oldest message whose bytes are kept; NaN when there is none.",
  ),
  /** A run that was cut short does not count. */
  retentionAgeSeconds: gauge(
    "triage_retention_age_seconds",
    "Time since retention last ran to its end; NaN when it never did.",
  ),
  modelVersion: gauge(
    "triage_model_version",
    "Version of the learned model that this classifier scores with; 0 is the one that the service ships.",
  ),
  /** Each human counted: a message that waits for two counts twice. */
  messagesHeld: gauge("triage_messages_held", "Messages that wait because a human has had enough in the last hour."),
  deadLetters: gauge("triage_dead_letters", "Messages given up on that wait for a person."),
};

export type Instruments = {
  readonly [Name in keyof typeof INSTRUMENTS]: ReturnType<(typeof INSTRUMENTS)[Name]>;
};

/** Makes every instrument on this registry, which must not have them yet. */
export function createInstruments(registry: Registry): Instruments {
  const made = Object.entries(INSTRUMENTS).map(([name, make]) => [name, make(registry)]);
  return Object.fromEntries(made) as Instruments;
}

type Make<Instrument> = (registry: Registry) => Instrument;

function counter<Label extends string = never>(name: string, help: string, labels: Label[] = []): Make<Counter<Label>> {
  return (registry) => new Counter({ name, help, labelNames: labels, registers: [registry] });
}

function gauge<Label extends string = never>(name: string, help: string, labels: Label[] = []): Make<Gauge<Label>> {
  return (registry) => new Gauge({ name, help, labelNames: labels, registers: [registry] });
}

function histogram(name: string, help: string, buckets: number[]): Make<Histogram<never>> {
  return (registry) => new Histogram({ name, help, buckets, registers: [registry] });
}
