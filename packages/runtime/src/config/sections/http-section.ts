/** `http`: where the API listens, who may use it, and the links in mails. */
import { Type } from "typebox";
import { list, section, text, whole } from "./schema-parts.ts";

export const Http = section(
  {
    host: text("Address to listen on; default 127.0.0.1."),
    port: whole(0, 65_535, 8025, "0: any free port."),
    maxMessageBytes: whole(1_024, 1_000_000_000, 25_000_000, "Larger messages are refused with 413."),
    keys: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: Type.String({ minLength: 1, description: "For the log." }),
            key: text("The bearer key."),
            keyFile: text("A file with the key."),
          },
          { additionalProperties: false },
        ),
        { description: "Who may use the API." },
      ),
    ),
    keysFile: text(
      "A file with one `name key` a line; read again when it changes, so that keys rotate without a restart.",
    ),
    publicUrl: text(
      "How people reach ingest from their mail program, such as https://triage.example.com: then mails carry links that " +
        "release or acknowledge a message. Without it they name the call of the API instead.",
    ),
    linkDays: whole(1, 366, 14, "How long such a link works."),
    linkSecrets: list(
      "Keys of the links, 16 characters or more each: the newest first signs, all are accepted. Default: the database " +
        "makes one and keeps it.",
    ),
    linkSecretsFile: text("A file with one secret a line, instead of linkSecrets."),
  },
  "The HTTP interface of ingest, and the health interface of the other roles.",
);
