/**
 * What a person writes into `triage.yaml`: the one source of its keys, types, limits, defaults and descriptions.
 * Every key is optional: a missing one means its default. What code uses is ResolvedConfig.
 *
 * A section of more than a few keys has its file in `sections`, and what the schema cannot say of it in `resolve`.
 */
import { type Static, Type } from "typebox";
import { Alerts, OwnMail } from "./sections/alert-section.ts";
import { Digest } from "./sections/digest-section.ts";
import { Http } from "./sections/http-section.ts";
import { Human, HumanSections } from "./sections/human-section.ts";
import { Incidents } from "./sections/incidents-section.ts";
import { Learning } from "./sections/learning-section.ts";
import { OutletKinds, OutletSections } from "./sections/outlet-section.ts";
import { OverrideSections } from "./sections/override-section.ts";
import { PolicySections } from "./sections/policy-section.ts";
import { Privacy } from "./sections/privacy-section.ts";
import { Queue, Redis } from "./sections/queue-section.ts";
import { Retention } from "./sections/retention-section.ts";
import { list, probability, section, text, whole } from "./sections/schema-parts.ts";
import { Site } from "./sections/site-section.ts";
import { Storms } from "./sections/storms-section.ts";

const Thresholds = section(
  {
    "genuine-dsn": probability(0.75, "Smallest probability at which the class is believed."),
    "user-report": probability(0.5, "Smallest probability at which the class is believed."),
    backscatter: probability(0.95, "Smallest probability at which the class is believed."),
    automated: probability(0.9, "Smallest probability at which the class is believed."),
    spam: probability(0.92, "Smallest probability at which the class is believed."),
  },
  "Below its threshold a class is not believed: the verdict is undecided and goes to the human. Backscatter, automated " +
    "and spam keep a message from the human alike, so their probabilities are added up before they are compared.",
);

const Database = section(
  {
    url: text("postgresql://user:password@host:port/database; none: standalone runs its own."),
    urlFile: text("A file with the URL."),
    poolSize: whole(2, 500, 10, "Connections of one role."),
  },
  "PostgreSQL, the system of record.",
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
