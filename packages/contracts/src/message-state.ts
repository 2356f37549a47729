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

/** What a person does with a dead letter: once more, to another human, away. */
export const DEAD_LETTER_ACTIONS = ["retry", "redirect", "discard"] as const;
export type DeadLetterActionId = (typeof DEAD_LETTER_ACTIONS)[number];

/**
 * How one human stands with a message that is for them. `pending`: on its way. `held`: waits, because the human gets too much
 * (docs/operations.md). `grouped`: told of by a summary. `failed`: given up; the dead letter names them.
 */
export const ASSIGNMENT_STATES = ["pending", "held", "grouped", "delivered", "failed"] as const;
export type AssignmentState = (typeof ASSIGNMENT_STATES)[number];

/** Each has an allowance of its own, so that a flood of bounces never holds back a letter. */
export const DELIVERY_LANES = ["letter", "urgent", "ordinary"] as const;
export type DeliveryLane = (typeof DELIVERY_LANES)[number];

/** One attempt at one outlet. `error` will be retried, `failed` is given up. */
export const DELIVERY_OUTCOMES = ["delivered", "error", "failed"] as const;
export type DeliveryOutcome = (typeof DELIVERY_OUTCOMES)[number];
