/** Turns everything that can go wrong with a request into a problem document: our errors, Fastify's, Node's. */
import type { Socket } from "node:net";
import type { Log } from "@triage/runtime";
import { StoreUnavailableError } from "@triage/store";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { makeProblem, PROBLEM_TYPE, type ProblemDetails, ProblemError } from "./problem.ts";

/** Long enough for a database that restarts, short enough for an MTA that waits with a full pipe. */
const UNAVAILABLE_RETRY_SECONDS = 5;

/** What Fastify says, in our codes. What is not listed is answered by its status alone. */
const FRAMEWORK_PROBLEMS: Readonly<Record<string, { readonly code: string; readonly detail: string }>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: "unsupported-media-type",
    detail: "The Content-Type is missing or is not one that this resource takes.",
  },
  FST_ERR_CTP_BODY_TOO_LARGE: { code: "too-large", detail: "The body is larger than this service takes." },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: "incomplete-body",
    detail: "The body is not as long as its Content-Length says.",
  },
  FST_ERR_BAD_URL: { code: "bad-url", detail: "The URL cannot be read." },
  FST_ERR_MAX_PARAM_LENGTH: { code: "bad-url", detail: "A part of the URL is too long." },
};

export function toProblemError(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof StoreUnavailableError) {
    const detail = "The database is not available. The message was not taken; try again.";
    const headers = { "retry-after": String(UNAVAILABLE_RETRY_SECONDS) };
    return new ProblemError(503, { code: "database-unavailable", detail, headers }, { cause: error });
  }
  const { statusCode = 500, code = "" } = error as Partial<FastifyError>;
  const known = FRAMEWORK_PROBLEMS[code];
  if (known !== undefined) return new ProblemError(statusCode, known, { cause: error });
  if (statusCode >= 400 && statusCode < 500) {
    return new ProblemError(
      statusCode,
      { code: "bad-request", detail: "The request cannot be read." },
      { cause: error },
    );
  }
  const detail = "Something is wrong with the service; the log says what.";
  return new ProblemError(500, { code: "internal-error", detail }, { cause: error });
}

export function sendProblem(reply: FastifyReply, error: ProblemError): FastifyReply {
  return reply.code(error.problem.status).headers(error.headers).type(PROBLEM_TYPE).send(error.problem);
}

/** Error handler, 404 and 405 of the whole application. */
export function answerWithProblems(app: FastifyInstance, log: Log): void {
  const routes: { readonly method: string; readonly segments: readonly string[] }[] = [];
  app.addHook("onRoute", ({ method, url }) => {
    for (const name of [method].flat()) routes.push({ method: name, segments: url.split("/") });
  });
  app.setErrorHandler((error, request, reply) => {
    const problem = toProblemError(error);
    logProblem(log, request, problem);
    return sendProblem(reply, problem);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = (request.url.split("?", 1)[0] ?? "").split("/");
    const methods = routes.filter(({ segments }) => matches(segments, path)).map(({ method }) => method);
    return sendProblem(reply, methods.length === 0 ? notFound() : notAllowed(request.method, methods));
  });
}

function matches(route: readonly string[], path: readonly string[]): boolean {
  return route.length === path.length && route.every((part, index) => part.startsWith(":") || part === path[index]);
}

function notFound(): ProblemError {
  return new ProblemError(404, { code: "not-found", detail: "There is nothing at this URL. See /openapi.json." });
}

function notAllowed(method: string, allowed: readonly string[]): ProblemError {
  const allow = [...new Set(allowed)].sort().join(", ");
  const detail = `This URL takes ${allow}, not ${method}.`;
  return new ProblemError(405, { code: "method-not-allowed", detail, headers: { allow } });
}

/** The client's mistakes are counted, not logged; ours are logged once, here. */
function logProblem(log: Log, request: FastifyRequest, error: ProblemError): void {
  const { status, code } = error.problem;
  if (status < 500) return;
  const route = request.routeOptions.url;
  if (code === "internal-error") log.error({ err: error.cause, route }, "request failed");
  else
    log.warn({ code, route, reason: error.cause instanceof Error ? error.cause.message : undefined }, "not available");
}

/** Node's HTTP parser gave up: no request, so no reply object. */
const PARSER_PROBLEMS: Readonly<Record<string, { readonly status: number } & ProblemDetails>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, code: "request-timeout", detail: "The request took too long to arrive." },
  HPE_HEADER_OVERFLOW: { status: 431, code: "header-too-large", detail: "The header of the request is too large." },
};

/** Answers bytes that are not HTTP, and closes the connection. */
export function answerMalformedRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, ...details } = PARSER_PROBLEMS[error.code ?? ""] ?? {
    status: 400,
    code: "malformed-http",
    detail: "This is not an HTTP/1.1 request.",
  };
  const problem = makeProblem(status, details);
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${status} ${problem.title}\r\nContent-Type: ${PROBLEM_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
