/** Queue names and job payloads. Jobs hold ids only: Redis may be wiped at any time, PostgreSQL is the system of record. */
export const QUEUES = ["classify", "deliver", "notify", "digest"] as const;
export type QueueName = (typeof QUEUES)[number];

/** Payload of a job on any queue. */
export interface MessageJob {
  /**
   * UUIDv7 of the message; on `notify`, of the notice of an incident; on `digest`, of the digest, or DIGEST_DUE. Of a job for one
   * human alone, with that human behind it (formatPart).
   */
  readonly messageId: string;
}

/** On `digest`: a period is over, and its digest is to be made. */
export const DIGEST_DUE = "due";
