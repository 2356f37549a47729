/** `/v1/messages/:id/acknowledge`: somebody sees to a message, so that it need not go to the next human. */
import { AcknowledgeRequestSchema, MessageParamsSchema, type MessageView, MessageViewSchema } from "@triage/contracts";
import type { FastifyInstance } from "fastify";
import { findMessage } from "../find-message.ts";
import type { IngestContext } from "../ingest-context.ts";
import { takeJson } from "../json-body.ts";
import { viewMessage } from "../message-view.ts";
import type { TypeBoxTypeProvider } from "../schema-validation.ts";
import { problemResponses } from "./problem-responses.ts";

export function acknowledgementRoutes(scope: FastifyInstance, context: IngestContext): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  takeJson(scope);
  scope.addHook("preValidation", async (request) => {
    request.body ??= {}; // nothing to say but that somebody sees to it
  });
  app.post(
    "/v1/messages/:id/acknowledge",
    {
      schema: {
        tags: ["messages"],
        summary: "Say that somebody sees to a message",
        description: "It is then not escalated. Who said so first stays; again changes nothing.",
        params: MessageParamsSchema,
        body: AcknowledgeRequestSchema,
        response: { 200: MessageViewSchema, ...problemResponses(400, 401, 404, 413, 415, 503) },
      },
    },
    async (request) => acknowledge(context, request.params.id, request.body.by ?? `key ${request.clientName}`),
  );
}

async function acknowledge(context: IngestContext, id: string, by: string): Promise<MessageView> {
  const known = await context.store.acknowledge(id, by);
  const stored = await findMessage(context, id);
  if (known) context.log.info({ messageId: stored.id }, "message acknowledged");
  return viewMessage(stored);
}
