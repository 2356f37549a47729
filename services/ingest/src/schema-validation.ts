/**
 * TypeBox as Fastify's type provider and validator: the schema in @triage/contracts is the type of the handler's
 * argument, the check of the request and the OpenAPI document. Nothing is coerced and nothing is filled in.
 */
import type { Immutable } from "@triage/contracts";
import type { FastifySchemaCompiler, FastifyTypeProvider } from "fastify";
import type { Static, TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { ProblemError } from "./problem.ts";

export interface TypeBoxTypeProvider extends FastifyTypeProvider {
  readonly validator: this["schema"] extends TSchema ? Static<this["schema"]> : unknown;
  /** What we answer may be read-only; what we were sent is ours to change. */
  readonly serializer: this["schema"] extends TSchema ? Immutable<Static<this["schema"]>> : unknown;
}

/** LIMIT: faults named in one answer. */
const MAX_ERRORS = 10;

export interface Fault {
  /** Name of the field, nested ones joined with dots; "" for the whole value. */
  readonly field: string;
  readonly detail: string;
}

/** What TypeBox says of a field that `additionalProperties: false` refuses. */
const UNLISTED = "schema is false";

interface Checker {
  Check(value: unknown): boolean;
  Errors(value: unknown): readonly { readonly instancePath: string; readonly message: string }[];
}

/** What is wrong with the value; empty when nothing is. */
export function findFaults(checker: Checker, value: unknown): readonly Fault[] {
  if (checker.Check(value)) return [];
  return checker
    .Errors(value)
    .slice(0, MAX_ERRORS)
    .map(({ instancePath, message }) => ({
      field: instancePath.slice(1).replaceAll("/", "."),
      detail: message === UNLISTED ? "is not a known field" : message,
    }));
}

const PARTS: Readonly<Record<string, string>> = {
  body: "The body",
  headers: "A header field",
  params: "The URL",
  querystring: "The query of the URL",
};

export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const checker = Compile(schema);
  return (value: unknown) => {
    const errors = findFaults(checker, value);
    if (errors.length === 0) return { value };
    const detail = `${PARTS[httpPart ?? ""] ?? "The request"} is not valid: ${errors[0]?.field} ${errors[0]?.detail}.`;
    return { error: new ProblemError(400, { code: "invalid-request", detail, errors: [...errors] }) };
  };
};
