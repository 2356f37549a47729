/** The outlets in `triage.yaml`: where mail for a human is handed over. */
import { Type } from "typebox";
import { section, text, whole } from "./schema-parts.ts";

const Maildir = section(
  { path: text("The folder; default: human in the data folder.") },
  "Put messages into a Maildir.",
);

const Smtp = section(
  {
    host: Type.String({ minLength: 1, description: "The relay." }),
    port: whole(1, 65_535, 25, "465 means TLS from the start."),
    tls: Type.Optional(
      Type.Enum(["none", "opportunistic", "required", "implicit"], {
        default: "opportunistic",
        description: "STARTTLS never, when offered, or always; implicit: TLS from the start.",
      }),
    ),
    auth: section(
      {
        user: Type.String({ minLength: 1, description: "User name." }),
        password: text("Password."),
        passwordFile: text("A file with the password."),
      },
      "Log in with these.",
    ),
    pool: whole(1, 100, 2, "Connections kept open."),
  },
  "Hand messages to an SMTP relay.",
);

/** Exactly one of them is given. */
export const OutletKinds = { maildir: Maildir, smtp: Smtp };

export const OutletSections = Type.Optional(
  Type.Array(
    Type.Object(
      {
        id: Type.String({
          pattern: "^[a-z0-9]+(-[a-z0-9]+)*$",
          description: "Kebab-case; humans name it, metrics and deliveries show it.",
        }),
        ...OutletKinds,
      },
      { additionalProperties: false },
    ),
    { description: "Where messages for humans go, by id; the first one is used where a human names none." },
  ),
);
