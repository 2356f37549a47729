/**
 * How far a message has come. `received`: durable, not classified yet. `classified`: routed to a human, not delivered
 * yet. `delivered`: a human has it. `grouped`: a human was told of it by a notice about many, kept, can be released.
 * `archived`: kept, searchable, can be released. `failed`: delivery was given up, a
 * dead letter waits for a person.
 */
export const MESSAGE_STATES = ["received", "classified", "delivered", "grouped", "archived", "failed"] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

/** The stage that was given up, as a dead letter names it. */
export const DEAD_LETTER_STAGES = ["classify", "deliver"] as const;
export type DeadLetterStage = (typeof DEAD_LETTER_STAGES)[number];

/** One attempt at one outlet. `error` will be retried, `failed` is given up. */
export const DELIVERY_OUTCOMES = ["delivered", "error", "failed"] as const;
export type DeliveryOutcome = (typeof DELIVERY_OUTCOMES)[number];
