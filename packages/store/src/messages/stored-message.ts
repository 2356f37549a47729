/** What the store takes and gives, in the words of the domain. Times are `Date`, sizes are bytes. */
import type {
  AssignmentState,
  Classification,
  CorrectedVerdict,
  DeadLetterActionId,
  DeadLetterStage,
  DeliveryOutcome,
  LearningState,
  MessageState,
} from "@triage/contracts";
import type { Envelope } from "@triage/message";
import type { MessageIncident } from "../incidents/message-incident.ts";

/** A message that has just come in. */
export interface NewMessage {
  /** The bytes exactly as received. */
  readonly raw: Buffer;
  readonly envelope: Envelope;
  /** False when the client said nothing about the envelope. */
  readonly envelopeKnown: boolean;
  /** Name of the API key or listener. Idempotency keys are scoped to it. */
  readonly source: string;
  readonly idempotencyKey?: string;
}

export interface InsertOutcome {
  /** UUIDv7 of this message, or of the first one with the same content or idempotency key. */
  readonly id: string;
  readonly duplicate: boolean;
}

export interface StoredMessage {
  readonly id: string;
  readonly state: MessageState;
  readonly receivedAt: Date;
  readonly source: string;
  readonly sizeBytes: number;
  readonly envelope: Envelope;
  readonly envelopeKnown: boolean;
  /** Undefined until the message is classified. `route` and `actionable` are the effective ones: a release changes them. */
  readonly classification: Classification | undefined;
  readonly classifiedAt: Date | undefined;
  /** When a person took the message out of the archive. */
  readonly releasedAt: Date | undefined;
  /** What people said it is, the latest last: that one is the classification's. */
  readonly corrections: readonly MessageCorrection[];
  /** Who is to get it; nobody before its first delivery. By id. */
  readonly assignments: readonly Assignment[];
  /** Who sees to it; undefined: nobody has said so. */
  readonly acknowledged: { readonly by: string; readonly at: Date } | undefined;
  /** In the order in which they were recorded. */
  readonly deliveries: readonly Delivery[];
  readonly deadLetter: Omit<DeadLetter, "id"> | undefined;
  /** Undefined: it belongs to none. */
  readonly incident: MessageIncident | undefined;
}

/** What a person said that a message is. */
export interface MessageCorrection {
  readonly id: string;
  readonly verdict: CorrectedVerdict;
  /** What the message was taken for until then. */
  readonly formerVerdict: Classification["verdict"];
  readonly by: string;
  readonly at: Date;
  readonly note?: string;
  readonly learning: LearningState;
}

/** What the classifier needs of a message, in one round trip. */
export interface MessageSource {
  readonly raw: Buffer;
  readonly envelope: Envelope;
  readonly state: MessageState;
}

export interface NewDelivery {
  /** Name of the outlet. */
  readonly outlet: string;
  /** The human's address, or the folder or URL that stands for it. */
  readonly recipient: string;
  readonly outcome: DeliveryOutcome;
  /** For people: the remote's reply, a file name, an error. */
  readonly detail: string;
}

export interface Delivery extends NewDelivery {
  /** Id of the human; undefined for what is older than it. */
  readonly human?: string;
  readonly at: Date;
}

/** One answer to a notice or a digest. */
export type NoticeDelivery = Omit<Delivery, "at">;

/** One human's part of a message. */
export interface Assignment {
  /** Id of the human, of the configuration. */
  readonly human: string;
  readonly state: AssignmentState;
  /** Since when. */
  readonly at: Date;
  readonly assignedAt: Date;
  /** The human who did not get it, or did not acknowledge it, in time. */
  readonly assignedBy?: string;
  readonly escalatedTo?: string;
  /** Addresses that said no for good. */
  readonly refused: readonly string[];
  /** Waits for room at the outlet. */
  readonly isPutOff: boolean;
  /** Brought by a job of its own: this human gets it after somebody else, or had to wait for room. */
  readonly isApart: boolean;
  /** Waited alone for room in the hour, and goes in the place of a notice that would have listed nothing else. */
  readonly isAlone: boolean;
  /** Who has not got it, and why. */
  readonly error?: string;
}

/** A message that was given up on and waits for a person. */
export interface DeadLetter {
  readonly id: string;
  readonly stage: DeadLetterStage;
  readonly error: string;
  readonly at: Date;
}

/** What a person did with a dead letter. */
export interface DeadLetterAction extends Omit<DeadLetter, "id"> {
  readonly action: DeadLetterActionId;
  readonly by: string;
  /** Who was to get it instead; of a redirect. */
  readonly human?: string;
  readonly note?: string;
}

/** One line of the sent ledger: a message that this site sent. At least one of the ids should be there. */
export interface SentMessage {
  readonly messageId?: string;
  readonly queueId?: string;
  readonly envelopeId?: string;
  readonly recipients?: readonly string[];
  readonly at: Date;
}
