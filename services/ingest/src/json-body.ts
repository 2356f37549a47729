/** Small JSON bodies. The routes' schemas say what may be in them; here they only become a value, or a problem document. */
import type { FastifyInstance } from "fastify";
import { ProblemError } from "./problem.ts";

/** LIMIT: bytes of a request that holds a few short fields. */
const MAX_JSON_BYTES = 16_384;

/** Lets the routes of this scope take `application/json`. An empty body is an empty object. */
export function takeJson(scope: FastifyInstance): void {
  scope.addContentTypeParser(
    "application/json",
    { parseAs: "string", bodyLimit: MAX_JSON_BYTES },
    (_request, body, done) => {
      try {
        done(null, body === "" ? {} : JSON.parse(String(body)));
      } catch (error) {
        const detail = "The body is not JSON.";
        done(new ProblemError(400, { code: "invalid-json", detail }, { cause: error }));
      }
    },
  );
}
