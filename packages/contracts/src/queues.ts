/** Queue names and job payloads. Jobs hold ids only: Redis may be wiped at any time, PostgreSQL is the system of record. */
export const QUEUES = ["classify", "deliver", "notify"] as const;
export type QueueName = (typeof QUEUES)[number];

/** Payload of a job on any queue. */
export interface MessageJob {
  /** UUIDv7 of the message; on `notify`, of the notice of an incident. */
  readonly messageId: string;
}
