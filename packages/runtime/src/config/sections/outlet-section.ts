/** The outlets in `triage.yaml`: where mail for a human is handed over. */
import { Type } from "typebox";
import { flag, KEBAB_CASE, list, section, text, whole } from "./schema-parts.ts";

const Maildir = section(
  { path: text("The folder; default: human in the data folder.") },
  "Put messages into a Maildir.",
);

const Mbox = section(
  {
    path: Type.String({ minLength: 1, description: "The file; made if missing. Its folder must be writable (locks)." }),
    lockTimeoutSeconds: whole(1, 600, 30, "Another program may hold the lock for so long; then there is a retry."),
  },
  "Append messages to an mbox file.",
);

const certificate = section(
  {
    caFile: text("PEM file of the authorities that may have signed it; default: those that Node trusts."),
    serverName: text("The name that must stand in it; default: the host."),
    verify: Type.Optional(
      Type.Boolean({ description: "Whether a certificate that proves nothing ends the delivery; see operations.md." }),
    ),
  },
  "The certificate of the server.",
);

/** Of SMTP and LMTP. */
const mailServer = (port: number, portNote: string) => ({
  host: text("The server."),
  hosts: list("Instead of host: several, as name, name:port or [2001:db8::1]:port; the next is for when one fails."),
  port: whole(1, 65_535, port, portNote),
  tls: Type.Optional(
    Type.Enum(["none", "opportunistic", "required", "implicit"], {
      description:
        "STARTTLS never, when offered, or always; implicit: TLS from the start. " +
        "Default: implicit on port 465, required with auth, else opportunistic.",
    }),
  ),
  certificate,
  auth: section(
    {
      user: Type.String({ minLength: 1, description: "User name." }),
      password: text("Password."),
      passwordFile: text("A file with the password."),
      method: Type.Optional(
        Type.Enum(["plain", "login", "cram-md5"], { description: "Default: the first that the server offers." }),
      ),
    },
    "Log in with these.",
  ),
  clientName: text("What is said in EHLO or LHLO; default: the name of this host."),
  pool: whole(1, 100, 2, "Connections kept open to each host."),
  idleTimeoutSeconds: whole(1, 3_600, 60, "A server that is silent for so long has failed."),
  totalTimeoutSeconds: whole(1, 3_600, 300, "One mail takes no longer than that at one host."),
});

const Smtp = section(mailServer(25, "465 means TLS from the start."), "Hand messages to an SMTP relay.");

const Lmtp = section(
  { socket: text("Unix socket, instead of host."), ...mailServer(24, "Of host, and of hosts that name none.") },
  "Hand messages to a mailbox server, such as Dovecot or Cyrus, by LMTP.",
);

const Webhook = section(
  {
    url: text("Where to POST; https:// or http://."),
    urlFile: text("A file with the URL."),
    template: Type.Optional(
      Type.Enum(["generic", "slack", "teams", "zammad"], { default: "generic", description: "Form of the JSON." }),
    ),
    secrets: list(
      "Each whsec_ and Base64 of 24 to 64 bytes; requests are signed with all of them (Standard Webhooks). Default: not signed.",
    ),
    secretsFile: text("A file with one secret a line, instead of secrets."),
    authorization: text("Value of the Authorization field, such as `Bearer ...` or `Token token=...`."),
    authorizationFile: text("A file with that value."),
    zammad: section(
      {
        group: text("Group that the ticket belongs to; default Users."),
        customer: text("Address of its customer; default: human.from."),
      },
      "For the template zammad.",
    ),
    attachMail: flag("Put the whole mail into the JSON, as Base64; generic and zammad only."),
    maxBodyBytes: whole(4_096, 50_000_000, 1_000_000, "The mail is left out, then the text cut, to stay below it."),
    timeoutSeconds: whole(1, 600, 15, "For the whole request."),
    concurrency: whole(1, 100, 4, "Requests at the same time."),
    certificate,
  },
  "POST messages as JSON.",
);

const Command = section(
  {
    argv: Type.Array(Type.String(), {
      minItems: 1,
      description: "The program, by its absolute path, and its arguments, as a list; there is no shell.",
    }),
    folder: text("Where it runs; default: the data folder."),
    timeoutSeconds: whole(1, 3_600, 60, "Then it and all that it started is killed, and there is a retry."),
    concurrency: whole(1, 100, 2, "How many run at the same time."),
  },
  "Give messages to a program on standard input; its exit code says what became of them (sysexits.h).",
);

/** Exactly one of them is given. */
export const OutletKinds = {
  maildir: Maildir,
  smtp: Smtp,
  lmtp: Lmtp,
  mbox: Mbox,
  webhook: Webhook,
  command: Command,
};

export const OutletSections = Type.Optional(
  Type.Array(
    Type.Object(
      {
        id: Type.String({
          pattern: KEBAB_CASE,
          description: "Kebab-case; humans name it, metrics and deliveries show it.",
        }),
        ...OutletKinds,
      },
      { additionalProperties: false },
    ),
    { description: "Where messages for humans go, by id; the first one is used where a human names none." },
  ),
);
