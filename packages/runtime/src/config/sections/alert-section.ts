/** What the service needs to know its own mail again, and who hears of its troubles, in `triage.yaml`. */
import { list, section, text } from "./schema-parts.ts";

export const OwnMail = section(
  {
    secrets: list(
      "Sign the Message-IDs of our mail, the newest first; all are accepted; 16 characters or more each. Give several sites " +
        "the same, and they know each other's mail. Default: the database makes one and keeps it, which is accepted always.",
    ),
    secretsFile: text("A file with one secret a line, instead of secrets."),
  },
  "Our own mail, known again when it comes back as a bounce, an automatic reply or a loop.",
);

export const Alerts = section(
  {
    to: list(
      "Ids of the humans who hear that mail to a human bounces or that messages could not be delivered. Default: all whom " +
        "the trouble is not about. Where it is about all of them, the log and the metrics alone say so.",
    ),
  },
  "Alerts: troubles of this service, told by another way than the one in trouble.",
);
