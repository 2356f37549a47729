/** Who of a human is on duty, and who comes after them, in `triage.yaml`. */
import { Type } from "typebox";
import { list, section, whole } from "./schema-parts.ts";

/** A day, or a time of one, as a clock on the wall shows it. */
export const WALL_TIME = "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2})?$";
const wallTime = (description: string) => Type.String({ pattern: WALL_TIME, description });
const addresses = Type.Array(Type.String({ minLength: 1 }), { minItems: 1 });

export const rota = section(
  {
    timeZone: Type.String({ minLength: 1, description: "Such as Europe/Vienna; its summer time is kept." }),
    start: wallTime("When the first turn begins, on the wall there: 2026-11-23T09:00."),
    every: Type.Object(
      {
        days: whole(1, 366, 7, "Length of a turn; with hours, both together."),
        hours: whole(1, 8_784, 1, "Length of a turn."),
      },
      { additionalProperties: false, minProperties: 1, description: "How long a turn is." },
    ),
    turns: Type.Array(addresses, {
      minItems: 1,
      description: "The addresses of each turn, in order; after the last comes the first.",
    }),
    overrides: Type.Optional(
      Type.Array(
        Type.Object(
          {
            from: wallTime("When it begins, on the wall there."),
            until: wallTime("When it is over."),
            to: list("Who is on duty."),
          },
          { additionalProperties: false },
        ),
        { description: "Holidays and swaps; the turns go on below them." },
      ),
    ),
  },
  "Who is on duty, instead of to.",
);

export const escalation = section(
  {
    afterHours: Type.Number({ minimum: 0.1, maximum: 8_784, description: "Since this human was to get it." }),
    unless: Type.Optional(
      Type.Enum(["delivered", "acknowledged"], {
        default: "delivered",
        description: "What keeps it from the next human. Who acknowledges a message ends it either way.",
      }),
    ),
    to: Type.String({ minLength: 1, description: "Id of the next human." }),
  },
  "Who gets it as well when this human does not have it in time, or does not say that they see to it.",
);
