/** What of people's addresses and words is shown and kept, in `triage.yaml`. */
import { Type } from "typebox";
import { section, text } from "./schema-parts.ts";

function form(fallback: "full" | "domain" | "hash", description: string) {
  return Type.Optional(Type.Enum(["full", "domain", "hash"], { default: fallback, description }));
}

export const Privacy = section(
  {
    addresses: section(
      {
        log: form(
          "domain",
          "In the log. domain: ***@example.net; hash: the same address is the same hash; full: as it is.",
        ),
        api: form(
          "full",
          "In what the API answers, and the commands that ask it. With domain or hash the bytes of messages are not given out either.",
        ),
        archive: form("full", "In what is still known of a message once its bytes have gone (retention)."),
      },
      "How addresses are written, also those inside of diagnostics and sentences.",
    ),
    secret: text("Key of the hashes, 16 characters or more; needed with hash."),
    secretFile: text("A file with the key, instead of secret."),
    returnedBodies: Type.Optional(
      Type.Enum(["keep", "drop"], {
        default: "keep",
        description:
          "drop: once a message is delivered or archived, what is stored of it has the header of the returned message only.",
      }),
    ),
  },
  "People's addresses and words.",
);
