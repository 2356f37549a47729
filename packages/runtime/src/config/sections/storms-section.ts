/** `storms`: joe jobs, noticed by many reports about mail that this site never sent. */
import { Type } from "typebox";
import { section, whole } from "./schema-parts.ts";

export const Storms = section(
  {
    enabled: Type.Optional(
      Type.Boolean({
        description: "Count reports and notice joe jobs; false: each report is judged alone.",
        default: true,
      }),
    ),
    hours: whole(1, 168, 6, "How far back reports count."),
    minMessages: whole(5, 1_000_000, 20, "Distinct reports without proof under one sender that make a storm."),
    minReportingMtas: whole(1, 1_000, 5, "Distinct organisations that must have reported."),
    unprovenShare: Type.Optional(
      Type.Number({
        minimum: 0.5,
        maximum: 1,
        default: 0.9,
        description: "Share of the reports under one sender that nothing proves ours, at least.",
      }),
    ),
    quietHours: whole(1, 168, 6, "A storm is over when nothing has come in for so long."),
    groupDoubtful: Type.Optional(
      Type.Boolean({
        description:
          "Tell of undecided reports that belong to a storm beyond doubt in its notices; false: deliver each of them.",
        default: true,
      }),
    ),
  },
  "Storms: many reports about mail that somebody else sent under our name (a joe job).",
);
