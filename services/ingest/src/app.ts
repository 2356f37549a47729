/**
 * The HTTP interface of ingest: builds the application; server.ts listens. See docs/flow.md for where it stands.
 *
 * What it needs comes in as narrow ports, so that tests use `app.inject` with the real store and any queue.
 */
import { redactValue, type WriteLocalPart } from "@triage/message";
import { type FastifyInstance, fastify } from "fastify";
import { BackPressure } from "./back-pressure.ts";
import { type EventLoopWatch, watchEventLoop } from "./event-loop-watch.ts";
import { DEFAULT_LIMITS, type IngestContext, type IngestLimits, type IngestOptions } from "./ingest-context.ts";
import { JobFeed } from "./job-feed.ts";
import type { KeyRing } from "./key-ring.ts";
import { describeApi } from "./openapi.ts";
import { ProblemError } from "./problem.ts";
import { answerMalformedRequest, answerWithProblems, sendProblem, toProblemError } from "./problem-answers.ts";
import { acknowledgementRoutes } from "./routes/acknowledgements.ts";
import { correctionRoutes } from "./routes/corrections.ts";
import { deadLetterRoutes } from "./routes/dead-letters.ts";
import { digestRoutes } from "./routes/digests.ts";
import { incidentRoutes } from "./routes/incidents.ts";
import { linkRoutes } from "./routes/links.ts";
import { messageIntake } from "./routes/message-intake.ts";
import { messageRoutes } from "./routes/messages.ts";
import { modelRoutes } from "./routes/models.ts";
import { operationRoutes } from "./routes/operations.ts";
import { sentRoutes } from "./routes/sent.ts";
import { compileValidator } from "./schema-validation.ts";

/** LIMIT: header of a request. Node's 16 kB are too few for a message to a few hundred recipients. */
const MAX_HEADER_BYTES = 65_536;
/** LIMIT: time for a whole request to arrive: 25 MB at 85 kB/s. */
const REQUEST_TIMEOUT_MS = 300_000;

const ROUTES = [
  messageIntake,
  messageRoutes,
  correctionRoutes,
  acknowledgementRoutes,
  sentRoutes,
  deadLetterRoutes,
  incidentRoutes,
  digestRoutes,
  modelRoutes,
];

export async function buildIngest(options: IngestOptions): Promise<FastifyInstance> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const eventLoop = watchEventLoop();
  const { queueDepth, log } = options;
  const pressure = new BackPressure({ limits, queueDepth, eventLoopDelayMs: eventLoop.meanDelayMs, log });
  const app = createApp(limits, options.writeAddress);
  const closing = signalClosing(app);
  const context: IngestContext = { ...options, limits, pressure, closing, jobs: new JobFeed(options) };
  answerWithProblems(app, log);
  await describeApi(app, options.version);
  closeInOrder(app, context, eventLoop);
  operationRoutes(app, context);
  await app.register(async (scope) => linkRoutes(scope, context));
  await app.register(async (scope) => {
    requireKey(scope, options.keys);
    // Each in a scope of its own: what one route can parse is not what another one gets to see.
    for (const routes of ROUTES) {
      await scope.register(async (own) => routes(own, context));
    }
  });
  return app;
}

function createApp(limits: IngestLimits, writeAddress: WriteLocalPart | undefined): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: limits.maxMessageBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: "idle",
    http: { maxHeaderSize: MAX_HEADER_BYTES },
    clientErrorHandler: answerMalformedRequest,
    frameworkErrors: (error, _request, reply) => void sendProblem(reply, toProblemError(error)),
  });
  app.setValidatorCompiler(compileValidator);
  // The handlers' types are those of the schemas, so there is nothing to filter: plain JSON.
  app.setSerializerCompiler(() =>
    writeAddress === undefined ? JSON.stringify : (data) => JSON.stringify(redactValue(data, writeAddress)),
  );
  app.removeAllContentTypeParsers();
  app.decorateRequest("clientName", "");
  return app;
}

function signalClosing(app: FastifyInstance): AbortSignal {
  const controller = new AbortController();
  app.addHook("preClose", async () => controller.abort());
  return controller.signal;
}

/** Before the body is read: who has no key does not get to send 25 MB. */
function requireKey(scope: FastifyInstance, keys: KeyRing): void {
  scope.addHook("onRequest", async (request) => {
    const name = await keys.identify(request.headers.authorization);
    if (name === undefined) {
      const detail = "Authorization: Bearer KEY is missing, or the key is not known.";
      const headers = { "www-authenticate": 'Bearer realm="postmaster-triage"' };
      throw new ProblemError(401, { code: "unauthorized", detail, headers });
    }
    request.clientName = name;
  });
}

/**
 * Requests in progress are finished first (Fastify sees to it), then the jobs of what they stored are added. Their
 * connections end with them: a client that keeps its connection open must not keep the service running.
 */
function closeInOrder(app: FastifyInstance, context: IngestContext, eventLoop: EventLoopWatch): void {
  app.addHook("onSend", async (_request, reply) => {
    if (context.closing.aborted) reply.header("connection", "close");
  });
  app.addHook("onClose", async () => {
    eventLoop.stop();
    await context.jobs.drain();
  });
}
