/** Problem documents (RFC 9457): the one form in which this service says that something is wrong. */
import { STATUS_CODES } from "node:http";
import type { Problem } from "@triage/contracts";

export const PROBLEM_TYPE = "application/problem+json";

export interface ProblemDetails {
  /** Kebab-case, stable. */
  readonly code: string;
  /** For people: what to change. Never holds what the client sent, beyond the name of a field. */
  readonly detail: string;
  readonly errors?: NonNullable<Problem["errors"]>;
  /** Extra header fields of the answer. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by handlers and hooks; the error handler turns it into the answer. */
export class ProblemError extends Error {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, details: ProblemDetails, options?: ErrorOptions) {
    super(details.detail, options);
    this.name = "ProblemError";
    this.problem = makeProblem(status, details);
    this.headers = details.headers ?? {};
  }
}

export function makeProblem(status: number, details: ProblemDetails): Problem {
  const { code, detail, errors } = details;
  return {
    type: `urn:postmaster-triage:problem:${code}`,
    title: STATUS_CODES[status] ?? "Error",
    status,
    detail,
    code,
    ...(errors === undefined ? {} : { errors }),
  };
}
