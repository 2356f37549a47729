/** Dead letters over HTTP: what was given up on, and what a person does about it. */
import { type Static, Type } from "typebox";
import { MAX_CORRECTOR_CHARS, MAX_NOTE_CHARS } from "./correction.ts";
import type { Immutable } from "./immutable.ts";
import { DEAD_LETTER_ACTIONS, DEAD_LETTER_STAGES } from "./message-state.ts";
import { QUEUES } from "./queues.ts";

const Instant = Type.String({ format: "date-time" });
const Stage = Type.Enum([...DEAD_LETTER_STAGES], { description: "What was given up." });

/** LIMIT: dead letters that one request tries again; ask again for the rest. */
export const MAX_RETRIED = 1_000;
const MAX_ERROR_TEXT_CHARS = 200;

export const DeadLetterSchema = Type.Object({ stage: Stage, error: Type.String(), at: Instant });

export const DeadLettersQuerySchema = Type.Object(
  {
    limit: Type.Optional(Type.String({ pattern: "^[1-9][0-9]{0,2}$", description: "1 to 999; 100 when left out." })),
    before: Type.Optional(Instant),
    since: Type.Optional(Instant),
    stage: Type.Optional(Stage),
    error: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: MAX_ERROR_TEXT_CHARS,
        description: "Part of the error, in any case of letters.",
      }),
    ),
  },
  { additionalProperties: false },
);
export type DeadLettersQuery = Immutable<Static<typeof DeadLettersQuerySchema>>;

export const DeadLettersSchema = Type.Object({
  total: Type.Integer({ minimum: 0, description: "All that wait, whatever was asked for." }),
  deadLetters: Type.Array(Type.Object({ id: Type.String(), ...DeadLetterSchema.properties })),
});
export type DeadLetters = Immutable<Static<typeof DeadLettersSchema>>;

const ActionSchema = Type.Object({
  action: Type.Enum([...DEAD_LETTER_ACTIONS]),
  ...DeadLetterSchema.properties,
  by: Type.String(),
  human: Type.Optional(Type.String({ description: "Who was to get it instead; of a redirect." })),
  note: Type.Optional(Type.String()),
});

export const DeadLetterViewSchema = Type.Object({
  id: Type.String(),
  ...DeadLetterSchema.properties,
  rawKept: Type.Boolean({ description: "False: retention dropped the bytes, so that it can only be discarded." }),
  humans: Type.Array(Type.String(), {
    description: "Ids of the humans to whom it can be redirected; last those who did not take it.",
  }),
  missed: Type.Array(Type.String(), {
    description: "Ids of the humans who were to get it and did not take it, or not at every address.",
  }),
  actions: Type.Array(ActionSchema, { description: "What people did with earlier ones of this message, in order." }),
});
export type DeadLetterView = Immutable<Static<typeof DeadLetterViewSchema>>;

const who = {
  by: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: MAX_CORRECTOR_CHARS,
      pattern: "^[^\\u0000-\\u001f\\u007f]*$",
      description: "Who does it, when the key belongs to a program that people use; default: the name of the key.",
    }),
  ),
};
const note = Type.String({ minLength: 1, maxLength: MAX_NOTE_CHARS, description: "Why, for people." });

export const RetryRequestSchema = Type.Object({ ...who, note: Type.Optional(note) }, { additionalProperties: false });
export type RetryRequest = Immutable<Static<typeof RetryRequestSchema>>;

/** All that is said must hold; nothing said: all of them. */
export const RetryManyRequestSchema = Type.Object(
  {
    ...who,
    note: Type.Optional(note),
    stage: DeadLettersQuerySchema.properties.stage,
    since: Type.Optional(Instant),
    error: DeadLettersQuerySchema.properties.error,
  },
  { additionalProperties: false },
);
export type RetryManyRequest = Immutable<Static<typeof RetryManyRequestSchema>>;

/** Only to humans of the configuration: a key that may retry must not be one that sends the site's mail anywhere. */
export const RedirectRequestSchema = Type.Object(
  { ...who, note: Type.Optional(note), human: Type.String({ minLength: 1, description: "Id of a configured human." }) },
  { additionalProperties: false },
);
export type RedirectRequest = Immutable<Static<typeof RedirectRequestSchema>>;

export const DiscardRequestSchema = Type.Object({ ...who, note }, { additionalProperties: false });
export type DiscardRequest = Immutable<Static<typeof DiscardRequestSchema>>;

export const RetriedSchema = Type.Object({
  id: Type.String(),
  queue: Type.Enum([...QUEUES], { description: "Where its job is now." }),
});
export type Retried = Immutable<Static<typeof RetriedSchema>>;

export const RetriedManySchema = Type.Object({
  retried: Type.Integer({ minimum: 0, description: `At most ${MAX_RETRIED}; ask again for the rest.` }),
  left: Type.Integer({ minimum: 0, description: "All that still wait." }),
});
export type RetriedMany = Immutable<Static<typeof RetriedManySchema>>;
