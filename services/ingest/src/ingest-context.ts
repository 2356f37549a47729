/** What the routes of ingest are given: narrow ports, limits, and the few parts that they share. */
import type { QueueName } from "@triage/contracts";
import type { WriteLocalPart } from "@triage/message";
import type { PolicyChoice } from "@triage/routing";
import type { Log, Metrics } from "@triage/runtime";
import type { Store } from "@triage/store";
import type { BackPressure, PressureLimits } from "./back-pressure.ts";
import type { Batching } from "./insert-coalescer.ts";
import type { JobFeed } from "./job-feed.ts";
import type { KeyRing } from "./key-ring.ts";

export interface IngestLimits extends PressureLimits {
  /** Bytes of one message; larger ones get 413. */
  readonly maxMessageBytes: number;
}

export const DEFAULT_LIMITS: IngestLimits = {
  maxMessageBytes: 25_000_000,
  maxWaiting: 100_000,
  maxEventLoopDelayMs: 1_000,
  maxInFlightBytes: 250_000_000,
};

export interface IngestOptions {
  readonly store: Store;
  /** Adds jobs; when it rejects, the sweeper adds them later. */
  readonly enqueue: (queue: QueueName, messageIds: readonly string[]) => Promise<void>;
  /** Jobs that wait in the classify queue. */
  readonly queueDepth: () => Promise<number>;
  readonly metrics: Metrics;
  readonly keys: KeyRing;
  readonly log: Log;
  /** Where a message goes whose verdict a person corrects; default: the built-in table. */
  readonly policy?: PolicyChoice;
  /** Ids of the humans to whom a dead letter can be redirected. */
  readonly humans?: readonly string[];
  /** Whether later messages are judged with corrections in mind; default true. */
  readonly learns?: boolean;
  /** What the links in mails are signed with, the newest first; default: the secret that the store keeps. */
  readonly linkSecrets?: readonly string[];
  /** How local parts of addresses are written in answers; default: as they are. */
  readonly writeAddress?: WriteLocalPart | undefined;
  /** Version of the service, for people. */
  readonly version: string;
  readonly limits?: Partial<IngestLimits>;
  readonly batching?: Partial<Batching>;
  /** Asks the queues; rejects when they are away. Mail is taken all the same. */
  readonly pingQueues?: () => Promise<void>;
}

/** What the routes share. */
export interface IngestContext extends IngestOptions {
  readonly limits: IngestLimits;
  readonly pressure: BackPressure;
  readonly jobs: JobFeed;
  /** Aborted as soon as the service begins to stop. */
  readonly closing: AbortSignal;
}

declare module "fastify" {
  interface FastifyRequest {
    /** Name of the API key; "" on routes that need none. */
    clientName: string;
  }
}
