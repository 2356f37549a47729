/** `/v1/models`: what was learned from corrections, in versions; training on demand, and going back. */
import {
  ModelParamsSchema,
  type Models,
  ModelsSchema,
  ModelVersionSchema,
  type ModelVersionView,
  RollbackRequestSchema,
} from "@triage/contracts";
import type { FastifyInstance } from "fastify";
import type { IngestContext } from "../ingest-context.ts";
import { takeJson } from "../json-body.ts";
import { ProblemError } from "../problem.ts";
import type { TypeBoxTypeProvider } from "../schema-validation.ts";
import { problemResponses } from "./problem-responses.ts";

const tags = ["learning"];

export function modelRoutes(scope: FastifyInstance, context: IngestContext): void {
  takeJson(scope);
  readingRoutes(scope, context);
  changingRoutes(scope, context);
}

function readingRoutes(scope: FastifyInstance, context: IngestContext): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  app.get(
    "/v1/models",
    {
      schema: {
        tags,
        summary: "The active version, those that are kept, and how training is doing",
        response: { 200: ModelsSchema, ...problemResponses(401, 503) },
      },
    },
    async () => listModels(context),
  );
  app.get(
    "/v1/models/:version",
    {
      schema: {
        tags,
        summary: "One version and its comparison with the one before",
        params: ModelParamsSchema,
        response: { 200: ModelVersionSchema, ...problemResponses(400, 401, 404, 503) },
      },
    },
    async (request) => showModel(context, Number(request.params.version)),
  );
}

function changingRoutes(scope: FastifyInstance, context: IngestContext): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  app.post(
    "/v1/models/training",
    {
      schema: {
        tags,
        summary: "Train now, and activate what is not worse, also after a rollback",
        response: { 202: ModelsSchema, ...problemResponses(401, 503) },
      },
    },
    async (request, reply) => {
      await context.store.requestTraining();
      context.log.info({ source: request.clientName }, "training asked for");
      reply.code(202);
      return listModels(context);
    },
  );
  app.post(
    "/v1/models/rollback",
    {
      schema: {
        tags,
        summary: "Go back to an older version and stay there",
        description: "The workers have it within seconds. Training activates nothing until it is asked for.",
        body: RollbackRequestSchema,
        response: { 200: ModelsSchema, ...problemResponses(400, 401, 404, 415, 503) },
      },
    },
    async (request) => rollBack(context, request.body.version, request.clientName),
  );
}

async function listModels({ store }: IngestContext): Promise<Models> {
  const [learning, versions] = await Promise.all([store.learningView(), store.modelVersions()]);
  const { active, held, wanted, trained, trainedAt, outcome, why } = learning;
  return {
    active,
    held,
    training: {
      wanted: wanted > trained,
      ...(trainedAt !== undefined && { lastAt: trainedAt.toISOString() }),
      ...(outcome !== undefined && { lastOutcome: outcome }),
      ...(why !== undefined && { lastWhy: why }),
    },
    versions: versions.map((version) => ({ ...version, madeAt: version.madeAt.toISOString() })),
  };
}

async function showModel({ store }: IngestContext, version: number): Promise<ModelVersionView> {
  const known = await store.modelVersion(version);
  if (known === undefined) throw unknownVersion();
  const { data: _, madeAt, ...view } = known;
  return { ...view, madeAt: madeAt.toISOString() };
}

async function rollBack(context: IngestContext, version: number | undefined, source: string): Promise<Models> {
  const active = await context.store.rollBackModel(version);
  if (active === undefined) throw unknownVersion();
  context.log.warn({ version: active, source }, "model rolled back");
  return listModels(context);
}

function unknownVersion(): ProblemError {
  const detail =
    "There is no such version to use: it is not kept any more, or was refused. GET /v1/models lists them; 0 is always there.";
  return new ProblemError(404, { code: "unknown-version", detail });
}
