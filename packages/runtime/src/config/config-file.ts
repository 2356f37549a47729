/**
 * What a person writes into `triage.yaml`: the one source of its keys, types, limits, defaults and descriptions.
 * What code uses is ResolvedConfig. Every key is optional: a missing one means its default.
 */
import { PROVENANCE_CHECK_IDS } from "@triage/provenance";
import { type Static, Type } from "typebox";
import { Alerts, OwnMail } from "./alert-sections.ts";
import { Digest } from "./digest-section.ts";
import { Human, HumanSections } from "./human-sections.ts";
import { Incidents } from "./incidents-section.ts";
import { OutletKinds, OutletSections } from "./outlet-sections.ts";
import { OverrideSections } from "./override-sections.ts";
import { PolicySections } from "./policy-sections.ts";
import { Privacy } from "./privacy-sections.ts";
import { Retention } from "./retention-sections.ts";
import { flag, list, probability, section, text, whole } from "./schema-parts.ts";

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

const Site = section(
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

const Thresholds = section(
  {
    "genuine-dsn": probability("Smallest probability at which the class is believed."),
    "user-report": probability("Smallest probability at which the class is believed."),
    backscatter: probability("Smallest probability at which the class is believed."),
    automated: probability("Smallest probability at which the class is believed."),
    spam: probability("Smallest probability at which the class is believed."),
  },
  "Below its threshold a class is not believed: the verdict is undecided and goes to the human. Backscatter, automated " +
    "and spam keep a message from the human alike, so their probabilities are added up before they are compared.",
);

const Storms = section(
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

const Learning = section(
  {
    enabled: Type.Optional(
      Type.Boolean({
        description: "Learn from corrections; false: they change the message they are about and nothing else.",
        default: true,
      }),
    ),
    everyHours: whole(
      1,
      8_760,
      24,
      "Train at least so often, also when nothing is new: old corrections are forgotten.",
    ),
    refreshSeconds: whole(
      1,
      3_600,
      5,
      "How soon a correction is learned, and a new version is taken over by all workers.",
    ),
    keepVersions: whole(2, 1_000, 20, "Versions that one can roll back to."),
    limits: section(
      {
        perCorrectorAndDay: whole(
          1,
          10_000,
          50,
          "Corrections of one corrector on one day (UTC); the first ones teach.",
        ),
        perKeyAndDay: whole(
          1,
          10_000,
          200,
          "Of those that come by one API key on one day, whatever names it gives; the first ones teach.",
        ),
        wordsPerCorrector: whole(0, 10_000, 300, "Newest corrections of one corrector that teach words."),
        wordsPerKey: whole(0, 10_000, 600, "Newest corrections by one API key that teach words."),
        words: whole(
          0,
          10_000,
          1_000,
          "Newest corrections that teach words; 0: messages are known again, words are not learned.",
        ),
        nearDuplicates: whole(0, 20_000, 5_000, "Newest corrections whose near-duplicates are known again."),
        nearDuplicatesPerKey: whole(
          0,
          20_000,
          3_000,
          "Newest corrections by one API key whose near-duplicates are known again.",
        ),
        maxAgeDays: whole(1, 3_650, 365, "Older corrections are forgotten."),
      },
      "How much a person who errs, or means harm, can teach.",
    ),
  },
  "Learning from what people correct.",
);

const Http = section(
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

const Database = section(
  {
    url: text("postgresql://user:password@host:port/database; none: standalone runs its own."),
    urlFile: text("A file with the URL."),
    poolSize: whole(2, 500, 10, "Connections of one role."),
  },
  "PostgreSQL, the system of record.",
);

const Redis = section(
  {
    url: text(
      "redis://, rediss://, redis+sentinel://host:26379,host:26379/master or redis+cluster://host:6379,host:6379 " +
        "(rediss+ with TLS); none: the queues are in PostgreSQL.",
    ),
    urlFile: text("A file with the URL."),
    caFile: text("PEM file of the authority that signed the server's certificate."),
  },
  "Redis or Valkey for the queues.",
);

const Queue = section(
  {
    prefix: Type.Optional(
      Type.String({ pattern: "^[A-Za-z0-9_-]{1,40}$", default: "triage", description: "Of all keys in Redis." }),
    ),
    attempts: section(
      {
        classify: whole(1, 1_000, 5, "Then the message goes to the human as undecided."),
        deliver: whole(1, 1_000, 100, "Then the message is a dead letter; about a day. Notices of incidents too."),
      },
      "How often a job is tried.",
    ),
    backoffMs: whole(1, 3_600_000, 1_000, "Wait before the second attempt; doubled each time, with jitter."),
    maxBackoffMs: whole(1, 86_400_000, 900_000, "Longest wait between two attempts."),
    lockDurationMs: whole(
      1_000,
      3_600_000,
      30_000,
      "A job whose worker is silent for so long is given to another one.",
    ),
    sweepAfterSeconds: whole(1, 86_400, 60, "Messages whose state has not advanced for so long get a job again."),
    maxWaiting: whole(1, 100_000_000, 100_000, "Ingest answers 429 while more jobs wait."),
  },
  "The queues.",
);

const Delivery = section(
  {
    concurrency: whole(1, 1_000, 4, "Messages delivered at the same time by one process."),
    hopLimit: whole(1, 1_000, 50, "A message with more Received fields is taken for a loop."),
    outlet: section(
      OutletKinds,
      "Where messages for the human go: one of these; short for outlets with one entry. Default: maildir.",
    ),
  },
  "The role that brings messages to the human.",
);

const Dns = section(
  {
    servers: list("Addresses of name servers, with or without a port; default: the system's."),
    timeoutMs: whole(100, 30_000, 2_000, "For the first try of one question; each further try may take longer."),
    tries: whole(1, 10, 2, "How often a server is asked before it counts as silent."),
  },
  "Name servers, asked only for what the site section allows (dkim.dns, spf.dns, dnsbl).",
);

export const ConfigFileSchema = Type.Object(
  {
    dataDir: text("Data of the standalone service; default ./data beside the working directory."),
    site: Site,
    dns: Dns,
    human: Human,
    humans: HumanSections,
    outlets: OutletSections,
    ...PolicySections,
    thresholds: Thresholds,
    overrides: OverrideSections,
    storms: Storms,
    incidents: Incidents,
    learning: Learning,
    retention: Retention,
    privacy: Privacy,
    http: Http,
    database: Database,
    redis: Redis,
    queue: Queue,
    classifier: section(
      { concurrency: whole(1, 1_000, 8, "Messages classified at the same time by one process.") },
      "The role that decides.",
    ),
    delivery: Delivery,
    digest: Digest,
    ownMail: OwnMail,
    alerts: Alerts,
    log: section(
      {
        level: Type.Optional(
          Type.Enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"], {
            default: "info",
            description: "Smallest level that is written.",
          }),
        ),
      },
      "The log.",
    ),
  },
  { additionalProperties: false },
);

/** What a person writes. */
export type Config = Static<typeof ConfigFileSchema>;
