/** Versions of what was learned from corrections, on top of the model that the service ships (version 0). */
import { type Static, Type } from "typebox";
import type { Immutable } from "./immutable.ts";

/**
 * How a training ended. `activated`: the workers use its version. `refused`: it was worse than the live one. `held`: a
 * rollback holds an older version. `unchanged`: it came to what is live already. `failed`: it could not be done.
 */
export const TRAINING_OUTCOMES = ["activated", "refused", "held", "unchanged", "failed"] as const;
export type TrainingOutcome = (typeof TRAINING_OUTCOMES)[number];

const Instant = Type.String({ format: "date-time" });
const Version = Type.Integer({ minimum: 0, description: "0: the model that the service ships, without corrections." });

export const ModelVersionSchema = Type.Object({
  version: Version,
  madeAt: Instant,
  outcome: Type.Enum(["activated", "refused", "held"], { description: "Whether it became active when it was made." }),
  why: Type.String({ description: "One sentence: why it was, or was not, activated." }),
  corrections: Type.Integer({ minimum: 0, description: "Corrections that it learned from." }),
  comparison: Type.Unknown({ description: "It and the version that was live, on the check set and the corrections." }),
});
export type ModelVersionView = Immutable<Static<typeof ModelVersionSchema>>;

export const ModelsSchema = Type.Object({
  active: Version,
  held: Type.Boolean({
    description: "After a rollback: training keeps versions but activates none until it is asked for.",
  }),
  training: Type.Object({
    wanted: Type.Boolean({ description: "There are corrections, or a request, that no training has seen yet." }),
    lastAt: Type.Optional(Instant),
    lastOutcome: Type.Optional(Type.Enum([...TRAINING_OUTCOMES])),
    lastWhy: Type.Optional(Type.String()),
  }),
  versions: Type.Array(ModelVersionSchema, { description: "Those that are kept, newest first; 0 is not listed." }),
});
export type Models = Immutable<Static<typeof ModelsSchema>>;

export const ModelParamsSchema = Type.Object({
  version: Type.String({ pattern: "^(0|[1-9][0-9]{0,8})$", description: "A version that is kept." }),
});

export const RollbackRequestSchema = Type.Object(
  { version: Type.Optional(Version) },
  { additionalProperties: false, description: "Without a version: the newest activated one before the active one." },
);
export type RollbackRequest = Immutable<Static<typeof RollbackRequestSchema>>;
