/** For those who run the service: is it alive, can it work, how is it doing, what is it. */
import { HealthSchema, type Readiness, ReadinessSchema } from "@triage/contracts";
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { contentSecurityPolicy, renderHomePage } from "../home-page.ts";
import type { IngestContext } from "../ingest-context.ts";
import { ProblemError } from "../problem.ts";
import { problemResponses } from "./problem-responses.ts";

const tags = ["operations"];

export function operationRoutes(app: FastifyInstance, context: IngestContext): void {
  homePage(app, context);
  healthRoutes(app, context);
  metricsRoute(app, context);
}

function homePage(app: FastifyInstance, { version }: IngestContext): void {
  app.get("/", { schema: { hide: true } }, async (request, reply) => {
    reply
      .type("text/html; charset=utf-8")
      .header("content-security-policy", contentSecurityPolicy)
      .header("x-content-type-options", "nosniff")
      .header("referrer-policy", "no-referrer");
    return renderHomePage({ version, baseUrl: `${request.protocol}://${request.host}` });
  });
}

function healthRoutes(app: FastifyInstance, context: IngestContext): void {
  const alive = { tags, summary: "The process answers", response: { 200: HealthSchema } };
  app.get("/healthz", { schema: alive }, async () => ({ status: "ok" }));

  const able = {
    tags,
    summary: "The service can take messages; `degraded`: it keeps them, and they are judged later",
    response: { 200: ReadinessSchema, ...problemResponses(503) },
  };
  app.get("/readyz", { schema: able }, async () => readiness(context));
}

/**
 * Whoever sends mail elsewhere because of a 503 must have a reason: without the queues messages are taken and kept, and without the
 * database none is.
 */
async function readiness({ store, closing, pingQueues, log }: IngestContext): Promise<Readiness> {
  if (closing.aborted) throw notReady("It is shutting down.");
  await store.ping();
  try {
    await pingQueues?.();
    return { status: "ready" };
  } catch (error) {
    log.debug({ err: error }, "the queues do not answer");
    const detail = "The queues cannot be reached. What is posted is kept, and judged once they are back.";
    return { status: "degraded", detail };
  }
}

function metricsRoute(app: FastifyInstance, { metrics }: IngestContext): void {
  const schema = { tags, summary: "Prometheus metrics", produces: ["text/plain"], response: { 200: Type.String() } };
  app.get("/metrics", { schema }, async (_request, reply) => {
    const { contentType, body } = await metrics.render();
    return reply.type(contentType).send(body);
  });
}

function notReady(detail: string): ProblemError {
  return new ProblemError(503, { code: "not-ready", detail, headers: { "retry-after": "5" } });
}
