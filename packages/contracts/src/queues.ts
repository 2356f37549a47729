/** Queue names and job payloads. Jobs hold ids only: Redis may be wiped at any time, PostgreSQL is the system of record. */
export const QUEUES = ["classify", "deliver"] as const;
export type QueueName = (typeof QUEUES)[number];

/** Payload of a job on either queue. */
export interface MessageJob {
  /** UUIDv7 of the message. */
  readonly messageId: string;
}
