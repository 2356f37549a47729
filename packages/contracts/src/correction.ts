/**
 * A correction: a person says what a message is. It is believed at once, whatever the evidence says, and later training
 * learns from it.
 */
import type { VerdictClass } from "@triage/scoring";
import { type Static, Type } from "typebox";
import { allIds } from "./all-ids.ts";
import { VERDICT_IDS } from "./classification.ts";
import type { Immutable } from "./immutable.ts";

/** What a person may say that a message is: any class, but not that they do not know. */
export const CORRECTED_VERDICTS = allIds<VerdictClass>()([
  "genuine-dsn",
  "user-report",
  "backscatter",
  "automated",
  "spam",
]);
export type CorrectedVerdict = VerdictClass;

/** LIMIT: a note is a sentence or two. UTF-16 units. */
export const MAX_NOTE_CHARS = 1_000;
/** LIMIT: name of a person, or an address. UTF-16 units. */
export const MAX_CORRECTOR_CHARS = 200;

/** Whether training can learn from a correction. */
export const LEARNING_STATES = ["pending", "kept", "impossible", "forgotten"] as const;
export type LearningState = (typeof LEARNING_STATES)[number];

export const CorrectionRequestSchema = Type.Object(
  {
    verdict: Type.Enum(CORRECTED_VERDICTS, { description: "What the message is." }),
    note: Type.Optional(Type.String({ minLength: 1, maxLength: MAX_NOTE_CHARS, description: "For people." })),
    by: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: MAX_CORRECTOR_CHARS,
        pattern: "^[^\\u0000-\\u001f\\u007f]*$",
        description: "Who says so, when the key belongs to a program that people use; default: the name of the key.",
      }),
    ),
  },
  { additionalProperties: false },
);
export type CorrectionRequest = Immutable<Static<typeof CorrectionRequestSchema>>;

export const CorrectionViewSchema = Type.Object({
  id: Type.String(),
  verdict: Type.Enum(CORRECTED_VERDICTS),
  formerVerdict: Type.Enum(VERDICT_IDS, { description: "What the message was taken for before." }),
  by: Type.String(),
  at: Type.String({ format: "date-time" }),
  note: Type.Optional(Type.String()),
  learning: Type.Enum([...LEARNING_STATES], {
    description:
      "`pending`: its words are being read; `kept`: training has them; `impossible`: they cannot be read, mostly because " +
      "the bytes of the message are older than the site keeps them, so nothing can be learned from this correction; " +
      "`forgotten`: it is older than the site learns from.",
  }),
});
export type CorrectionView = Immutable<Static<typeof CorrectionViewSchema>>;
