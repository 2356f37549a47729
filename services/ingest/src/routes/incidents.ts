/** `/v1/incidents`: storms of reports, and what the human was told of them. */
import { type Incidents, type IncidentsQuery, IncidentsQuerySchema, IncidentsSchema } from "@triage/contracts";
import type { FastifyInstance } from "fastify";
import type { IngestContext } from "../ingest-context.ts";
import type { TypeBoxTypeProvider } from "../schema-validation.ts";
import { problemResponses } from "./problem-responses.ts";

const DEFAULT_LIMIT = 100;

export function incidentRoutes(scope: FastifyInstance, context: IngestContext): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  app.get(
    "/v1/incidents",
    {
      schema: {
        tags: ["incidents"],
        summary: "Incidents and their notices, newest first",
        querystring: IncidentsQuerySchema,
        response: { 200: IncidentsSchema, ...problemResponses(400, 401, 503) },
      },
    },
    async (request) => listIncidents(context, request.query),
  );
}

async function listIncidents({ store }: IngestContext, { state, kind, limit }: IncidentsQuery): Promise<Incidents> {
  const page = {
    limit: limit === undefined ? DEFAULT_LIMIT : Number(limit),
    ...(state !== undefined && { state }),
    ...(kind !== undefined && { kind }),
  };
  const [incidents, open] = await Promise.all([store.incidents(page), store.countOpenIncidents()]);
  return { open: [...open.values()].reduce((sum, count) => sum + count, 0), incidents };
}
