/** `/v1/digests`: the periods of the schedule, what was kept in each, and who was told. */
import { type Digests, type DigestsQuery, DigestsQuerySchema, DigestsSchema } from "@triage/contracts";
import type { FastifyInstance } from "fastify";
import type { IngestContext } from "../ingest-context.ts";
import type { TypeBoxTypeProvider } from "../schema-validation.ts";
import { problemResponses } from "./problem-responses.ts";

const DEFAULT_LIMIT = 100;

export function digestRoutes(scope: FastifyInstance, context: IngestContext): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  app.get(
    "/v1/digests",
    {
      schema: {
        tags: ["digests"],
        summary: "Digests and their deliveries, newest first",
        querystring: DigestsQuerySchema,
        response: { 200: DigestsSchema, ...problemResponses(400, 401, 503) },
      },
    },
    async (request) => listDigests(context, request.query),
  );
}

async function listDigests({ store }: IngestContext, { limit }: DigestsQuery): Promise<Digests> {
  return { digests: await store.digests(limit === undefined ? DEFAULT_LIMIT : Number(limit)) };
}
