/** The digest in `triage.yaml`: when it comes, to whom, and how much it lists. */
import { Type } from "typebox";
import { flag, list, section, text, whole } from "./schema-parts.ts";

export const Digest = section(
  {
    enabled: Type.Optional(Type.Boolean({ description: "False: no digest.", default: true })),
    schedule: text("When, as cron writes it (minute hour day month weekday). Default: 0 7 * * 1-5, weekdays at 07:00."),
    timeZone: text("Of the schedule and of the times in the digest, such as Europe/Vienna. Default: UTC."),
    to: list("Ids of humans who get it. Default: all without `for`."),
    always: flag("Send it also when there is nothing to say."),
    maxEntries: whole(0, 100, 5, "Messages listed of each cause, those nearest to the threshold first."),
  },
  "One mail about what was kept from people since the one before.",
);
