/** `site`: what makes a message ours, and how its provenance is proven. */
import { PROVENANCE_CHECK_IDS } from "@triage/provenance";
import { Type } from "typebox";
import { flag, list, section, text, whole } from "./schema-parts.ts";

/** Keys of a token whose form the site chooses; the pattern language is that of provenance/src/tokens/token-pattern.ts. */
const patternKeys = {
  pattern: Type.String({
    minLength: 1,
    description:
      "Text and placeholders: {recipient} (local=domain), {local} and {domain}, {id}, {any}, {date}, {hmac} or {hmac:N} " +
      "(N hexadecimal digits of HMAC-SHA256, default 16), {hmac-sha1:N}. With an HMAC a match is proof, without one a hint.",
  }),
  secrets: list("For {hmac}, the newest first; all are accepted; 16 characters or more each."),
  secretsFile: text("A file with one secret a line, instead of secrets."),
  maxAgeDays: whole(1, 1_000, 30, "With {date}: older ones prove nothing."),
};

export const Site = section(
  {
    domains: list("Ours: reverse-paths and header From of mail that we send. `*.example.org` is any subdomain."),
    relays: list(
      "Our outbound hosts as they show up in Received fields: names, `*.` wildcards, addresses, CIDR blocks. " +
        "List them all: once names are listed, a host of our domains that is not among them counts as foreign.",
    ),
    messageIdDomains: list(
      "Right-hand sides of Message-IDs that we generate; default: domains. Once they are said, another one speaks fully against.",
    ),
    messageIdForms: list(
      "Forms of the Message-IDs that our MTAs make: postfix, exim, sendmail, qmail, or a pattern such as *.crm@example.com. " +
        "Once they are said, another form at our domains counts less.",
    ),
    checks: section(
      {
        off: Type.Optional(
          Type.Array(Type.Enum(PROVENANCE_CHECK_IDS.filter((id) => id !== "own-mail")), {
            description: "Checks of docs/scoring.md that are switched off: they look at nothing and add nothing.",
          }),
        ),
      },
      "The provenance checks.",
    ),
    batv: section(
      {
        keys: Type.Optional(
          Type.Record(Type.String({ pattern: "^[0-9]$" }), Type.String({ minLength: 1 }), {
            additionalProperties: false,
            description: "Key number (one digit) to secret.",
          }),
        ),
        keyFiles: Type.Optional(
          Type.Record(Type.String({ pattern: "^[0-9]$" }), Type.String({ minLength: 1 }), {
            additionalProperties: false,
            description: "Key number (one digit) to a file with the secret.",
          }),
        ),
        signsAllMail: flag("Every outbound message is signed: a report without a token speaks (softly) against."),
        validDays: whole(1, 400, 7, "How long a token lives, as the MTA signs it."),
      },
      "Bounce Address Tag Validation.",
    ),
    srs: section(
      {
        domain: Type.String({ minLength: 1, description: "Domain of the rewritten addresses." }),
        secrets: list("The newest first; all are accepted."),
        secretsFile: text("A file with one secret a line, instead of secrets."),
        maxAgeDays: whole(1, 1_000, 21, "Older addresses prove nothing."),
      },
      "Sender Rewriting Scheme.",
    ),
    verp: Type.Optional(
      Type.Array(Type.Object(patternKeys, { additionalProperties: false }), {
        description: "Addresses that we make for one message or recipient, such as bounces+{id}-{hmac}@example.com.",
      }),
    ),
    envelopeId: section(
      patternKeys,
      "The form of the ENVIDs that we give (RFC 3461), such as {id}.{hmac}@example.com.",
    ),
    headerToken: section(
      {
        field: Type.String({
          pattern: "^[A-Za-z][A-Za-z0-9-]{0,60}$",
          description: "Header field that our MTA adds: keyed hash of From, Date and Message-ID (docs/proving.md).",
        }),
        secrets: list("The newest first; all are accepted; 16 characters or more each."),
        secretsFile: text("A file with one secret a line, instead of secrets."),
        maxAgeDays: whole(1, 1_000, 30, "Older messages prove nothing: their header may have been copied."),
      },
      "A token in a header field of our own.",
    ),
    dkim: section(
      {
        keys: Type.Optional(
          Type.Record(Type.String({ minLength: 1 }), Type.String({ minLength: 1 }), {
            description: "`selector._domainkey.domain` to the TXT record.",
          }),
        ),
        dns: flag("Look keys of our own domains up in DNS when they are not in keys."),
      },
      "Our public keys, to prove returned messages ours.",
    ),
    ledger: section(
      {
        complete: flag("Every outbound message is reported to POST /v1/sent, so absence speaks against."),
        days: whole(1, 366, 14, "How long the ledger remembers."),
        staleAfterMinutes: whole(
          1,
          10_080,
          60,
          "A newest entry that is older says that the feed has stopped: absence then means nothing.",
        ),
        secret: text("Key of the hashes that the ledger keeps; default: the database makes one and keeps it."),
        secretFile: text("A file with the secret, instead of secret."),
      },
      "The sent ledger.",
    ),
    spf: section(
      {
        dns: flag(
          "Look the SPF records of our domains up in DNS, to judge the host that handed a returned message over.",
        ),
      },
      "SPF of our domains.",
    ),
    dnsbl: section(
      {
        zones: list(
          "DNS block lists of hosts that bounce forged mail, such as ips.backscatterer.org; the host that sends us a " +
            "report is looked up. Read the terms of the list; most refuse the questions of public resolvers. Default: none.",
        ),
      },
      "Block lists of backscatterers.",
    ),
  },
  "What makes a message ours.",
);
