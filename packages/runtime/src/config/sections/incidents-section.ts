/** `incidents`: failures with one cause are told once a step, not once a message. */
import { Type } from "typebox";
import { section, whole } from "./schema-parts.ts";

export const Incidents = section(
  {
    enabled: Type.Optional(
      Type.Boolean({
        description: "Group failures with one cause; false: each one that concerns a human is delivered as itself.",
        default: true,
      }),
    ),
    quietHours: whole(1, 720, 24, "An incident is over when no message of its cause has come in for so long."),
    maxDays: whole(
      1,
      365,
      7,
      "An incident that lasts longer is ended; the next message of its cause begins a new one.",
    ),
    addressesShown: whole(0, 100, 5, "Addresses of senders, and of recipients, that a notice names; 0: domains alone."),
  },
  "Incidents: failures of our own mail that have one cause.",
);
