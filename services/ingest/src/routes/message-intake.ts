/** `POST /v1/messages`: takes a message in. The answer comes when PostgreSQL has it on disk, not before. */
import { type Accepted, AcceptedSchema } from "@triage/contracts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";
import type { IngestContext } from "../ingest-context.ts";
import { InsertCoalescer } from "../insert-coalescer.ts";
import { MESSAGE_TYPES, readNewMessage } from "../new-message.ts";
import { ProblemError } from "../problem.ts";
import { problemResponses } from "./problem-responses.ts";

/** LIMIT: an Idempotency-Key is an id, not a document. */
const MAX_KEY_CHARS = 255;

/** Name of the front door in `triage_ingest_messages_total`. */
const METRICS_SOURCE = "http";

const IntakeHeaders = Type.Object({
  "x-envelope-from": Type.Optional(Type.String({ description: "Reverse-path; `<>` is the null reverse-path." })),
  "x-envelope-to": Type.Optional(Type.String({ description: "Forward-paths, separated by commas, or repeated." })),
  "x-client-ip": Type.Optional(Type.String({ description: "The SMTP client's address." })),
  "x-client-helo": Type.Optional(Type.String({ description: "What the SMTP client said at HELO or EHLO." })),
  "x-queue-id": Type.Optional(Type.String({ description: "Queue id of the MTA that took the message." })),
  "idempotency-key": Type.Optional(
    Type.String({ minLength: 1, maxLength: MAX_KEY_CHARS, description: "The same key again is the same message." }),
  ),
});

export function messageIntake(scope: FastifyInstance, context: IngestContext): void {
  const coalescer = openCoalescer(context);
  const { metrics, limits, log } = context;
  scope.addContentTypeParser([...MESSAGE_TYPES], { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  scope.route<{ Reply: Accepted }>({
    method: "POST",
    url: "/v1/messages",
    bodyLimit: limits.maxMessageBytes,
    config: { takes: MESSAGE_TYPES },
    schema: {
      tags: ["messages"],
      summary: "Take a message in; 202 means that it is on disk",
      headers: IntakeHeaders,
      response: { 202: AcceptedSchema, ...problemResponses(400, 401, 413, 415, 429, 503) },
    },
    onRequest: async (request, reply) => admit(context, request, reply),
    onResponse: async (_request, { statusCode, elapsedTime }) => {
      if (statusCode !== 202) metrics.ingestMessages.inc({ source: METRICS_SOURCE, outcome: outcomeOf(statusCode) });
      metrics.ingestDurationSeconds.observe(elapsedTime / 1_000);
    },
    handler: async (request, reply) => {
      const message = readNewMessage(request);
      const { id, duplicate } = await coalescer.insert(message);
      const { source, raw, envelopeKnown } = message;
      metrics.ingestMessages.inc({ source: METRICS_SOURCE, outcome: duplicate ? "duplicate" : "accepted" });
      log.info({ messageId: id, duplicate, source, sizeBytes: raw.length, envelopeKnown }, "message received");
      reply.code(202);
      return { id, duplicate };
    },
  });
}

/** A repeat needs no job: the first one had it, or the sweeper sees to it. */
function openCoalescer({ store, jobs, batching }: IngestContext): InsertCoalescer {
  return new InsertCoalescer({
    batching,
    insert: (batch) => store.insertMessages(batch),
    onStored: (outcomes) => {
      const fresh = outcomes.filter(({ duplicate }) => !duplicate);
      jobs.add(
        "classify",
        fresh.map(({ id }) => id),
      );
    },
  });
}

/** Counts the body's bytes as soon as its header is there, and until the request is over. */
function admit({ pressure, limits }: IngestContext, request: FastifyRequest, reply: FastifyReply): void {
  const announced = request.headers["content-length"];
  const bodyBytes = announced === undefined ? limits.maxMessageBytes : Number(announced);
  if (bodyBytes > limits.maxMessageBytes) {
    const detail = `The message has ${bodyBytes} bytes; at most ${limits.maxMessageBytes} are taken.`;
    throw new ProblemError(413, { code: "too-large", detail });
  }
  const admission = pressure.admit(bodyBytes);
  if (admission.kind === "admitted") {
    reply.raw.once("close", admission.release);
    return;
  }
  const { status, code, detail, retryAfterSeconds } = admission.overload;
  throw new ProblemError(status, { code, detail, headers: { "retry-after": String(retryAfterSeconds) } });
}

const OUTCOMES: Readonly<Record<number, string>> = {
  401: "unauthorized",
  413: "too-large",
  415: "unsupported",
  429: "overloaded",
  503: "overloaded",
};

function outcomeOf(statusCode: number): string {
  return OUTCOMES[statusCode] ?? "error";
}
