/** Problem documents as the OpenAPI document shows them. */
import { STATUS_CODES } from "node:http";
import { ProblemSchema } from "@triage/contracts";
import { PROBLEM_TYPE } from "../problem.ts";

/** Response schemas of a route for these statuses. */
export function problemResponses(...statuses: readonly number[]): Readonly<Record<number, unknown>> {
  const content = { [PROBLEM_TYPE]: { schema: ProblemSchema } };
  return Object.fromEntries(statuses.map((status) => [status, { description: STATUS_CODES[status], content }]));
}
