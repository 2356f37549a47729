/** `/v1/messages`: taking messages in, showing them, giving them back, releasing them from the archive. */
import {
  type Accepted,
  AcceptedSchema,
  MessageParamsSchema,
  MessageViewSchema,
  ProblemSchema,
} from "@triage/contracts";
import type { NewMessage, StoredMessage } from "@triage/store";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";
import type { IngestContext } from "../app.ts";
import { readEnvelopeHeaders } from "../envelope-headers.ts";
import { InsertCoalescer } from "../insert-coalescer.ts";
import { viewMessage } from "../message-view.ts";
import { ProblemError } from "../problem.ts";
import type { TypeBoxTypeProvider } from "../schema-validation.ts";

/** RFC 2046 section 5.2.1 and, for mail with UTF-8 headers, RFC 6532 section 3.7. */
const MESSAGE_TYPES = ["message/rfc822", "message/global"];

/** LIMIT: an Idempotency-Key is an id, not a document. */
const MAX_KEY_CHARS = 255;

const NewMessageHeaders = Type.Object({
  "x-envelope-from": Type.Optional(Type.String({ description: "Reverse-path; `<>` is the null reverse-path." })),
  "x-envelope-to": Type.Optional(Type.String({ description: "Forward-paths, separated by commas, or repeated." })),
  "x-client-ip": Type.Optional(Type.String({ description: "The SMTP client's address." })),
  "x-client-helo": Type.Optional(Type.String()),
  "x-queue-id": Type.Optional(Type.String({ description: "Queue id of the MTA that took the message." })),
  "idempotency-key": Type.Optional(Type.String({ minLength: 1, maxLength: MAX_KEY_CHARS })),
});

export function messageRoutes(scope: FastifyInstance, context: IngestContext): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  app.addContentTypeParser(MESSAGE_TYPES, { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  takeMessages(scope, context);
  const params = MessageParamsSchema;
  const tags = ["messages"];

  app.get(
    "/v1/messages/:id",
    {
      schema: {
        tags,
        summary: "State, verdict and deliveries of a message",
        params,
        response: { 200: MessageViewSchema, 404: ProblemSchema },
      },
    },
    async (request) => viewMessage(await findMessage(context, request.params.id)),
  );

  app.get(
    "/v1/messages/:id/raw",
    {
      schema: {
        tags,
        summary: "The bytes of a message exactly as received",
        params,
        produces: ["message/rfc822"],
        response: { 200: Type.String({ format: "binary" }), 404: ProblemSchema, 410: ProblemSchema },
      },
    },
    async (request, reply) => sendRaw(context, request.params.id, reply),
  );

  app.post(
    "/v1/messages/:id/release",
    {
      schema: {
        tags,
        summary: "Send an archived message to the human after all",
        params,
        response: { 200: MessageViewSchema, 404: ProblemSchema, 409: ProblemSchema },
      },
    },
    async (request) => release(context, request.params.id),
  );
}

function takeMessages(scope: FastifyInstance, context: IngestContext): void {
  const { store, jobs, metrics, limits } = context;
  const coalescer = new InsertCoalescer({
    insert: (batch) => store.insertMessages(batch),
    onStored: (outcomes) =>
      jobs.add(
        "classify",
        outcomes.filter(({ duplicate }) => !duplicate).map(({ id }) => id),
      ),
  });
  scope.route<{ Reply: Accepted }>({
    method: "POST",
    url: "/v1/messages",
    bodyLimit: limits.maxMessageBytes,
    config: { takes: MESSAGE_TYPES },
    schema: {
      tags: ["messages"],
      summary: "Take a message in; 202 means that it is on disk",
      headers: NewMessageHeaders,
      response: {
        202: AcceptedSchema,
        ...Object.fromEntries([400, 401, 413, 415, 429, 503].map((status) => [status, ProblemSchema])),
      },
    },
    onRequest: async (request, reply) => admit(context, request, reply),
    onResponse: async (_request, reply) => {
      metrics.ingestMessages.inc({ source: "http", outcome: outcomeOf(reply) });
      metrics.ingestDurationSeconds.observe(reply.elapsedTime / 1_000);
    },
    handler: async (request, reply) => {
      const message = readNewMessage(request);
      const { id, duplicate } = await coalescer.insert(message);
      const { source, raw, envelopeKnown } = message;
      context.log.info({ messageId: id, duplicate, source, sizeBytes: raw.length, envelopeKnown }, "message received");
      reply.code(202).header("x-duplicate", duplicate ? "true" : "false");
      return { id, duplicate };
    },
  });
}

/** Counts the body's bytes as soon as its header is there, and no longer than the connection needs them. */
function admit({ pressure, limits }: IngestContext, request: FastifyRequest, reply: FastifyReply): void {
  const announced = Number(request.headers["content-length"] ?? Number.NaN);
  const bodyBytes = Number.isNaN(announced) ? limits.maxMessageBytes : announced;
  if (bodyBytes > limits.maxMessageBytes) {
    throw new ProblemError(413, {
      code: "too-large",
      detail: `The message has ${bodyBytes} bytes; at most ${limits.maxMessageBytes} are taken.`,
    });
  }
  const admission = pressure.admit(bodyBytes);
  if (admission.kind === "admitted") {
    reply.raw.once("close", admission.release);
    return;
  }
  const { status, code, detail, retryAfterSeconds } = admission.overload;
  throw new ProblemError(status, { code, detail, headers: { "retry-after": String(retryAfterSeconds) } });
}

/** Checks again what Fastify should have seen to: a Content-Type that fools a parser must not get past this point. */
function readNewMessage(request: FastifyRequest): NewMessage {
  const { headers, body, clientName } = request;
  const mediaType = (headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (!Buffer.isBuffer(body) || !MESSAGE_TYPES.includes(mediaType)) {
    throw new ProblemError(415, {
      code: "unsupported-media-type",
      detail: `The Content-Type must be ${MESSAGE_TYPES.join(" or ")}.`,
    });
  }
  if ((headers["content-encoding"] ?? "identity").toLowerCase() !== "identity") {
    const detail = "Send the message as it is, without Content-Encoding.";
    throw new ProblemError(415, { code: "unsupported-content-encoding", detail });
  }
  if (body.length === 0) throw new ProblemError(400, { code: "empty-message", detail: "The message is empty." });
  const reading = readEnvelopeHeaders(headers);
  if (reading.kind === "bad-field") {
    const { field, detail } = reading;
    const errors = [{ field, detail }];
    throw new ProblemError(400, { code: "bad-envelope", detail: `${field} cannot be read. ${detail}`, errors });
  }
  const idempotencyKey = headers["idempotency-key"];
  return {
    raw: body,
    envelope: reading.envelope,
    envelopeKnown: reading.known,
    source: clientName,
    ...(typeof idempotencyKey === "string" ? { idempotencyKey } : {}),
  };
}

function outcomeOf(reply: FastifyReply): string {
  switch (reply.statusCode) {
    case 202:
      return reply.getHeader("x-duplicate") === "true" ? "duplicate" : "accepted";
    case 401:
      return "unauthorized";
    case 413:
      return "too-large";
    case 415:
      return "unsupported";
    case 429:
    case 503:
      return "overloaded";
    default:
      return "error";
  }
}

async function findMessage({ store }: IngestContext, id: string): Promise<StoredMessage> {
  const stored = await store.message(id);
  if (stored !== undefined) return stored;
  throw new ProblemError(404, { code: "unknown-message", detail: "There is no message with this id." });
}

async function sendRaw(context: IngestContext, id: string, reply: FastifyReply): Promise<FastifyReply> {
  const raw = await context.store.raw(id);
  if (raw === undefined) {
    await findMessage(context, id);
    const detail = "The bytes of this message are older than the site keeps them.";
    throw new ProblemError(410, { code: "expired", detail });
  }
  return reply
    .type("message/rfc822")
    .header("x-content-type-options", "nosniff")
    .header("content-disposition", `attachment; filename="${id}.eml"`)
    .send(raw);
}

async function release(context: IngestContext, id: string) {
  const outcome = await context.store.release(id);
  const stored = await findMessage(context, id);
  if (outcome === "not-archived") {
    const detail = `Only an archived message can be released; this one is ${stored.state}.`;
    throw new ProblemError(409, { code: "not-archived", detail });
  }
  context.jobs.add("deliver", [stored.id]);
  context.log.info({ messageId: stored.id }, "message released");
  return viewMessage(stored);
}
