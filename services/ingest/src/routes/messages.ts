/** `/v1/messages/:id`: showing a message, giving it back, releasing it from the archive. */
import { MessageParamsSchema, type MessageView, MessageViewSchema } from "@triage/contracts";
import type { FastifyInstance, FastifyReply } from "fastify";
import { Type } from "typebox";
import { findMessage } from "../find-message.ts";
import type { IngestContext } from "../ingest-context.ts";
import { viewMessage } from "../message-view.ts";
import { ProblemError } from "../problem.ts";
import type { TypeBoxTypeProvider } from "../schema-validation.ts";
import { problemResponses } from "./problem-responses.ts";

const tags = ["messages"];
const params = MessageParamsSchema;

export function messageRoutes(scope: FastifyInstance, context: IngestContext): void {
  readingRoutes(scope, context);
  releaseRoute(scope, context);
}

function readingRoutes(scope: FastifyInstance, context: IngestContext): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  app.get(
    "/v1/messages/:id",
    {
      schema: {
        tags,
        params,
        summary: "State, verdict and deliveries of a message",
        response: { 200: MessageViewSchema, ...problemResponses(400, 401, 404, 503) },
      },
    },
    async (request) => viewMessage(await findMessage(context, request.params.id)),
  );
  app.get(
    "/v1/messages/:id/raw",
    {
      schema: {
        tags,
        params,
        summary: "The bytes of a message exactly as received",
        produces: ["message/rfc822"],
        response: { 200: Type.String({ format: "binary" }), ...problemResponses(400, 401, 403, 404, 410, 503) },
      },
    },
    async (request, reply) => sendRaw(context, request.params.id, reply),
  );
}

function releaseRoute(scope: FastifyInstance, context: IngestContext): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  app.post(
    "/v1/messages/:id/release",
    {
      schema: {
        tags,
        params,
        summary:
          "Send a message that was kept to the human after all: archived, held back by a limit, or told of by a notice",
        response: { 200: MessageViewSchema, ...problemResponses(400, 401, 404, 409, 410, 503) },
      },
    },
    async (request) => release(context, request.params.id),
  );
}

/** A download: a browser that opens the link must not show mail from strangers as a page of ours. */
async function sendRaw(context: IngestContext, id: string, reply: FastifyReply): Promise<FastifyReply> {
  if (context.writeAddress !== undefined) {
    const detail = "This site shows no addresses (privacy.addresses.api), so the bytes of messages are not given out.";
    throw new ProblemError(403, { code: "private", detail });
  }
  const raw = await context.store.raw(id);
  if (raw === undefined) {
    await findMessage(context, id);
    throw bytesExpired();
  }
  return reply
    .type("message/rfc822")
    .header("x-content-type-options", "nosniff")
    .header("content-disposition", `attachment; filename="${id}.eml"`)
    .send(raw);
}

function bytesExpired(): ProblemError {
  const detail = "The bytes of this message are older than the site keeps them.";
  return new ProblemError(410, { code: "expired", detail });
}

async function release(context: IngestContext, id: string): Promise<MessageView> {
  const outcome = await context.store.release(id);
  const stored = await findMessage(context, id);
  if (outcome === "not-archived") {
    const detail = `Only what was archived, is held back or was told of by a notice can be released; this one is ${stored.state}.`;
    throw new ProblemError(409, { code: "not-archived", detail });
  }
  if (outcome === "expired") throw bytesExpired();
  context.jobs.add("deliver", [stored.id]);
  context.log.info({ messageId: stored.id }, "message released");
  return viewMessage(stored);
}
