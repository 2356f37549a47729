/** How long things are kept, in `triage.yaml`. The ledger's days are those of site.ledger. */
import { section, whole } from "./schema-parts.ts";

export const Retention = section(
  {
    human: whole(
      1,
      3_650,
      90,
      "Days that the bytes of mail for a human are kept; as long as it takes until a human has it.",
    ),
    digest: whole(1, 3_650, 30, "Days that the bytes of mail for the digest are kept."),
    archive: whole(1, 3_650, 30, "Days that the bytes of archived mail are kept, and that it can be released."),
    facts: whole(
      1,
      3_650,
      400,
      "Days that is kept what is known of a message (verdict, reasons, deliveries, corrections), and incidents that are over.",
    ),
  },
  "How long things are kept, counted from the end of the day (UTC) on which a message came in. What is unfinished, a dead letter, or " +
    "was released or corrected lately stays longer.",
);
