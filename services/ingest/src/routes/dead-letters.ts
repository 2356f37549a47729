/** `/v1/dead-letters`: what was given up on, and trying it again. */
import {
  type DeadLetters,
  type DeadLettersQuery,
  DeadLettersQuerySchema,
  DeadLettersSchema,
  MessageParamsSchema,
  type Retried,
  RetriedSchema,
} from "@triage/contracts";
import type { FastifyInstance } from "fastify";
import type { IngestContext } from "../ingest-context.ts";
import { ProblemError } from "../problem.ts";
import type { TypeBoxTypeProvider } from "../schema-validation.ts";
import { problemResponses } from "./problem-responses.ts";

const DEFAULT_LIMIT = 100;
const tags = ["dead letters"];

export function deadLetterRoutes(scope: FastifyInstance, context: IngestContext): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();

  app.get(
    "/v1/dead-letters",
    {
      schema: {
        tags,
        summary: "Messages that were given up on, newest first",
        querystring: DeadLettersQuerySchema,
        response: { 200: DeadLettersSchema, ...problemResponses(400, 401, 503) },
      },
    },
    async (request) => listDeadLetters(context, request.query),
  );

  app.post(
    "/v1/dead-letters/:id/retry",
    {
      schema: {
        tags,
        summary: "Try again what was given up on",
        params: MessageParamsSchema,
        response: { 202: RetriedSchema, ...problemResponses(400, 401, 404, 503) },
      },
    },
    async (request, reply) => {
      reply.code(202);
      return retry(context, request.params.id);
    },
  );
}

async function listDeadLetters({ store }: IngestContext, query: DeadLettersQuery): Promise<DeadLetters> {
  const { limit, before } = query;
  const page = { limit: limit === undefined ? DEFAULT_LIMIT : Number(limit) };
  const [letters, total] = await Promise.all([
    store.deadLetters(before === undefined ? page : { ...page, before: new Date(before) }),
    store.countDeadLetters(),
  ]);
  return { total, deadLetters: letters.map((letter) => ({ ...letter, at: letter.at.toISOString() })) };
}

async function retry({ store, jobs, log }: IngestContext, id: string): Promise<Retried> {
  const queue = await store.retryDeadLetter(id);
  if (queue === undefined) {
    throw new ProblemError(404, { code: "unknown-dead-letter", detail: "There is no dead letter with this id." });
  }
  jobs.add(queue, [id]);
  log.info({ messageId: id, queue }, "dead letter tried again");
  return { id, queue };
}
