/** `/v1/dead-letters`: what was given up on, and what a person does about it: once more, to another human, away. */
import {
  type DeadLetters,
  type DeadLettersQuery,
  DeadLettersQuerySchema,
  DeadLettersSchema,
  type DeadLetterView,
  DeadLetterViewSchema,
  DiscardRequestSchema,
  MAX_RETRIED,
  MessageParamsSchema,
  type MessageView,
  MessageViewSchema,
  type RedirectRequest,
  RedirectRequestSchema,
  type Retried,
  type RetriedMany,
  RetriedManySchema,
  RetriedSchema,
  type RetryManyRequest,
  RetryManyRequestSchema,
  RetryRequestSchema,
} from "@triage/contracts";
import type { DeadLetterOutcome } from "@triage/store";
import type { FastifyInstance } from "fastify";
import { findMessage } from "../find-message.ts";
import type { IngestContext } from "../ingest-context.ts";
import { takeJson } from "../json-body.ts";
import { viewMessage } from "../message-view.ts";
import { ProblemError } from "../problem.ts";
import type { TypeBoxTypeProvider } from "../schema-validation.ts";
import { problemResponses } from "./problem-responses.ts";

const DEFAULT_LIMIT = 100;
const tags = ["dead letters"];
const params = MessageParamsSchema;

/** Who does it, and why. */
interface Who {
  readonly by: string;
  readonly note?: string;
}

export function deadLetterRoutes(scope: FastifyInstance, context: IngestContext): void {
  takeJson(scope);
  readingRoutes(scope, context);
  retryRoutes(scope, context);
  settlingRoutes(scope, context);
}

function readingRoutes(scope: FastifyInstance, context: IngestContext): void {
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
  app.get(
    "/v1/dead-letters/:id",
    {
      schema: {
        tags,
        summary: "One of them: what was given up and why, and what people did with it before",
        params,
        response: { 200: DeadLetterViewSchema, ...problemResponses(400, 401, 404, 503) },
      },
    },
    async (request) => viewDeadLetter(context, request.params.id),
  );
}

function retryRoutes(scope: FastifyInstance, context: IngestContext): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  app.post(
    "/v1/dead-letters/:id/retry",
    {
      schema: {
        tags,
        summary: "Try again what was given up on",
        params,
        body: RetryRequestSchema,
        response: { 202: RetriedSchema, ...problemResponses(400, 401, 404, 410, 415, 503) },
      },
      preValidation: async (request) => {
        request.body ??= {};
      },
    },
    async (request, reply) => {
      reply.code(202);
      return retry(context, request.params.id, { by: request.clientName, ...request.body });
    },
  );
  app.post(
    "/v1/dead-letters/retry",
    {
      schema: {
        tags,
        summary: "Try many again: by stage, age and error; all of them when nothing is said",
        body: RetryManyRequestSchema,
        response: { 202: RetriedManySchema, ...problemResponses(400, 401, 415, 503) },
      },
    },
    async (request, reply) => {
      reply.code(202);
      return retryMany(context, request.clientName, request.body);
    },
  );
}

function settlingRoutes(scope: FastifyInstance, context: IngestContext): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  const response = { 200: MessageViewSchema, ...problemResponses(400, 401, 404, 409, 410, 415, 503) };
  app.post(
    "/v1/dead-letters/:id/redirect",
    {
      schema: {
        tags,
        summary: "Deliver it to another human of the configuration instead",
        params,
        body: RedirectRequestSchema,
        response,
      },
    },
    async (request) => redirect(context, request.params.id, { by: request.clientName, ...request.body }),
  );
  app.post(
    "/v1/dead-letters/:id/discard",
    {
      schema: {
        tags,
        summary: "Put it away: nobody needs to get it. The message stays in the archive, and can be released",
        params,
        body: DiscardRequestSchema,
        response,
      },
    },
    async (request) => discard(context, request.params.id, { by: request.clientName, ...request.body }),
  );
}

async function listDeadLetters({ store }: IngestContext, query: DeadLettersQuery): Promise<DeadLetters> {
  const { limit, before, since, ...filter } = query;
  const page = { limit: limit === undefined ? DEFAULT_LIMIT : Number(limit), ...filter };
  const times = { ...(before && { before: new Date(before) }), ...(since && { since: new Date(since) }) };
  const [letters, total] = await Promise.all([store.deadLetters({ ...page, ...times }), store.countDeadLetters()]);
  return { total, deadLetters: letters.map((letter) => ({ ...letter, at: letter.at.toISOString() })) };
}

async function viewDeadLetter({ store, humans = [] }: IngestContext, id: string): Promise<DeadLetterView> {
  const [letter, actions, message] = await Promise.all([
    store.deadLetter(id),
    store.deadLetterActions(id),
    store.message(id),
  ]);
  if (letter === undefined) throw unknownDeadLetter();
  const missed = (message?.assignments ?? [])
    .filter(({ state, refused }) => state === "failed" || refused.length > 0)
    .map(({ human }) => human);
  const humansInOrder = [
    ...humans.filter((human) => !missed.includes(human)),
    ...humans.filter((human) => missed.includes(human)),
  ];
  const done = actions.map((action) => ({ ...action, at: action.at.toISOString() }));
  return { ...letter, at: letter.at.toISOString(), humans: humansInOrder, missed, actions: done };
}

async function retry({ store, jobs, log }: IngestContext, id: string, who: Who): Promise<Retried> {
  const queue = await store.retryDeadLetter(id, who);
  if (queue === undefined) {
    throw (await store.deadLetter(id)) === undefined ? unknownDeadLetter() : expired();
  }
  jobs.add(queue, [id]);
  log.info({ messageId: id, queue }, "dead letter tried again");
  return { id, queue };
}

async function retryMany(
  { store, jobs, log }: IngestContext,
  client: string,
  { by = client, note, since, ...filter }: RetryManyRequest,
): Promise<RetriedMany> {
  const who = { by, ...(note !== undefined && { note }), limit: MAX_RETRIED };
  const retried = await store.retryDeadLetters({ ...filter, ...(since && { since: new Date(since) }) }, who);
  for (const [id, queue] of retried) jobs.add(queue, [id]);
  log.info({ retried: retried.size, source: client }, "dead letters tried again");
  return { retried: retried.size, left: await store.countDeadLetters() };
}

async function redirect(context: IngestContext, id: string, request: Who & RedirectRequest): Promise<MessageView> {
  const { store, jobs, log, humans = [] } = context;
  const { human } = request;
  if (!humans.includes(human)) {
    const detail = `There is no such human in the configuration; it has ${humans.join(", ") || "none"}.`;
    throw new ProblemError(400, { code: "unknown-human", detail });
  }
  expectDone(await store.redirectDeadLetter(id, request));
  const stored = await findMessage(context, id);
  jobs.add("deliver", [stored.id]);
  log.info({ messageId: stored.id, human }, "dead letter redirected");
  return viewMessage(stored);
}

async function discard(context: IngestContext, id: string, who: Who): Promise<MessageView> {
  expectDone(await context.store.discardDeadLetter(id, who));
  const stored = await findMessage(context, id);
  context.log.info({ messageId: stored.id }, "dead letter discarded");
  return viewMessage(stored);
}

function expectDone({ kind }: DeadLetterOutcome): void {
  switch (kind) {
    case "done":
      return;
    case "unknown-dead-letter":
      throw unknownDeadLetter();
    case "raw-gone":
      throw expired();
    case "not-classified": {
      const detail = "The message is not classified yet: retry it.";
      throw new ProblemError(409, { code: "not-classified", detail });
    }
    default:
      kind satisfies never;
  }
}

function unknownDeadLetter(): ProblemError {
  return new ProblemError(404, { code: "unknown-dead-letter", detail: "There is no dead letter with this id." });
}

function expired(): ProblemError {
  const detail = "The bytes of this message are older than the site keeps them: it can only be discarded.";
  return new ProblemError(410, { code: "expired", detail });
}
