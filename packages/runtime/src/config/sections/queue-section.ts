/** `queue` and `redis`: how often and how long jobs are tried, and where they wait. */
import { Type } from "typebox";
import { section, text, whole } from "./schema-parts.ts";

export const Redis = section(
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

export const Queue = section(
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
