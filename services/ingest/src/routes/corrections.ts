/**
 * `POST /v1/messages/:id/correction`: a person says what a message is. The message goes where it belongs at once; the
 * classifier reads what there is to learn.
 */
import {
  type Corrected,
  CorrectedSchema,
  type CorrectionRequest,
  CorrectionRequestSchema,
  MessageParamsSchema,
} from "@triage/contracts";
import type { StoredMessage } from "@triage/store";
import type { FastifyInstance } from "fastify";
import { correctClassification } from "../correct-classification.ts";
import { findMessage } from "../find-message.ts";
import type { IngestContext } from "../ingest-context.ts";
import { takeJson } from "../json-body.ts";
import { viewMessage } from "../message-view.ts";
import { ProblemError } from "../problem.ts";
import type { TypeBoxTypeProvider } from "../schema-validation.ts";
import { problemResponses } from "./problem-responses.ts";

export function correctionRoutes(scope: FastifyInstance, context: IngestContext): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  takeJson(scope);
  app.post(
    "/v1/messages/:id/correction",
    {
      schema: {
        tags: ["messages"],
        summary: "Say what a message is",
        description:
          "The verdict and the route change at once, and what the human should see is delivered. The same correction by " +
          "the same person again changes nothing; a later one wins.",
        params: MessageParamsSchema,
        body: CorrectionRequestSchema,
        response: { 200: CorrectedSchema, ...problemResponses(400, 401, 404, 409, 413, 415, 503) },
      },
    },
    async (request) => correct(context, request.params.id, request.clientName, request.body),
  );
}

async function correct(
  context: IngestContext,
  id: string,
  apiKey: string,
  { verdict, by = apiKey, note }: CorrectionRequest,
): Promise<Corrected> {
  const { store, jobs, metrics, log } = context;
  const { routeAgain } = await import("../route-again.ts");
  const { envelope } = await findMessage(context, id);
  const correction = { verdict, by, apiKey, ...(note !== undefined && { note }) };
  const outcome = await store.saveCorrection(id, correction, (uncorrected, at) =>
    correctClassification(uncorrected, { verdict, by, at }, () =>
      routeAgain(uncorrected, verdict, envelope, context.policy ?? {}),
    ),
  );
  const stored = await findMessage(context, id);
  switch (outcome.kind) {
    case "unknown-message":
    case "not-classified":
      throw notClassified();
    case "corrected": {
      const { formerVerdict, learning } = outcome.correction;
      metrics.corrections.inc({ from: formerVerdict, to: verdict });
      log.info(
        { messageId: stored.id, from: formerVerdict, to: verdict, learning, source: apiKey },
        "verdict corrected",
      );
      break;
    }
    case "repeated":
      break;
    default:
      return outcome satisfies never;
  }
  if (outcome.deliver) jobs.add("deliver", [stored.id]);
  return { ...viewMessage(stored), learning: sayLearning(stored, context.learns ?? true) };
}

/** Kinds whose words are the sender's. The others are judged by what proves them (docs/decisions/0010). */
const TEACHING_KINDS: readonly string[] = ["person", "other", "auto-reply"];

function sayLearning({ corrections, classification }: StoredMessage, learns: boolean): string {
  if (!learns) return "This site does not learn from corrections: it holds for this message alone.";
  if (!TEACHING_KINDS.includes(classification?.report.kind ?? "other")) {
    return "It holds for this message alone: reports have the words of programs, and are judged by what proves them.";
  }
  if (corrections.at(-1)?.learning === "impossible") {
    return "The bytes of this message are older than the site keeps them, so nothing can be learned from it.";
  }
  return "Later messages like this one will be judged with this in mind.";
}

function notClassified(): ProblemError {
  const detail = "The message is not classified yet, so there is nothing to correct. Try again in a moment.";
  return new ProblemError(409, { code: "not-classified", detail, headers: { "retry-after": "5" } });
}
