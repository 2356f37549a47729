/** `/v1/incidents`: storms, failures with one cause and the like, with their messages and what the human was told of them. */
import {
  type IncidentMessages,
  type IncidentMessagesQuery,
  IncidentMessagesQuerySchema,
  IncidentMessagesSchema,
  IncidentParamsSchema,
  type Incidents,
  type IncidentsQuery,
  IncidentsQuerySchema,
  IncidentsSchema,
  type IncidentView,
  IncidentViewSchema,
} from "@triage/contracts";
import type { FastifyInstance } from "fastify";
import type { IngestContext } from "../ingest-context.ts";
import { ProblemError } from "../problem.ts";
import type { TypeBoxTypeProvider } from "../schema-validation.ts";
import { problemResponses } from "./problem-responses.ts";

const DEFAULT_LIMIT = 100;
const tags = ["incidents"];
const params = IncidentParamsSchema;

export function incidentRoutes(scope: FastifyInstance, context: IngestContext): void {
  readingRoutes(scope, context);
  closingRoute(scope, context);
}

function readingRoutes(scope: FastifyInstance, context: IngestContext): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  app.get(
    "/v1/incidents",
    {
      schema: {
        tags,
        summary: "Incidents and their notices, newest first",
        querystring: IncidentsQuerySchema,
        response: { 200: IncidentsSchema, ...problemResponses(400, 401, 503) },
      },
    },
    async (request) => listIncidents(context, request.query),
  );
  app.get(
    "/v1/incidents/:id",
    {
      schema: {
        tags,
        params,
        summary: "One incident and its notices",
        response: { 200: IncidentViewSchema, ...problemResponses(400, 401, 404, 503) },
      },
    },
    async (request) => findIncident(context, request.params.id),
  );
  app.get(
    "/v1/incidents/:id/messages",
    {
      schema: {
        tags,
        params,
        summary: "The messages of an incident, oldest first",
        querystring: IncidentMessagesQuerySchema,
        response: { 200: IncidentMessagesSchema, ...problemResponses(400, 401, 404, 503) },
      },
    },
    async (request) => listMessages(context, request.params.id, request.query),
  );
}

function closingRoute(scope: FastifyInstance, context: IngestContext): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  app.post(
    "/v1/incidents/:id/close",
    {
      schema: {
        tags,
        params,
        summary: "Close an open incident; the next message of its cause begins a new one",
        response: { 200: IncidentViewSchema, ...problemResponses(400, 401, 404, 409, 503) },
      },
    },
    async (request) => closeIncident(context, request.params.id),
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

async function findIncident({ store }: IngestContext, id: string): Promise<IncidentView> {
  const incident = await store.incident(id);
  if (incident !== undefined) return incident;
  throw new ProblemError(404, { code: "unknown-incident", detail: "There is no incident with this id." });
}

async function listMessages(
  context: IngestContext,
  id: string,
  { after, limit }: IncidentMessagesQuery,
): Promise<IncidentMessages> {
  await findIncident(context, id);
  const messages = await context.store.incidentMessages(id, {
    limit: limit === undefined ? DEFAULT_LIMIT : Number(limit),
    ...(after !== undefined && { after }),
  });
  return {
    messages: messages.map(({ receivedAt, sender, subject, ...rest }) => ({
      ...rest,
      receivedAt: receivedAt.toISOString(),
      ...(sender !== undefined && { sender }),
      ...(subject !== undefined && { subject }),
    })),
  };
}

async function closeIncident(context: IngestContext, id: string): Promise<IncidentView> {
  const outcome = await context.store.dismissIncident(id);
  const incident = await findIncident(context, id);
  if (outcome === "not-open") {
    throw new ProblemError(409, { code: "not-open", detail: "The incident is closed already." });
  }
  context.log.info({ incidentId: id, kind: incident.kind }, "incident closed by a person");
  return incident;
}
