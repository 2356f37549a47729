/** The OpenAPI 3.1 document, made from the schemas of the routes: what is validated is what is described. */
import swagger from "@fastify/swagger";
import type { FastifyContextConfig, FastifyInstance, FastifySchema } from "fastify";
import { type TSchema, Type } from "typebox";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Media types of a body that is not JSON, so that Fastify does not validate it. */
    readonly takes?: readonly string[];
    /** Schema of one line of such a body. */
    readonly line?: TSchema;
  }
}

const TAGS = ["messages", "sent ledger", "dead letters", "incidents", "digests", "learning", "operations"];

/** Registers the document and its route; must come before the routes that it describes. */
export async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "postmaster-triage",
        version,
        description: "Triage for the postmaster mailbox. Every error is a problem document (RFC 9457).",
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      components: { securitySchemes: { key: { type: "http", scheme: "bearer" } } },
      tags: TAGS.map((name) => ({ name })),
    },
    transform: ({ schema, url, route }) => ({ url, schema: describeRoute(schema, url, route.config ?? {}) }),
  });
  app.get("/openapi.json", { schema: { hide: true } }, async () => app.swagger());
}

function describeRoute(schema: FastifySchema | undefined, url: string, config: FastifyContextConfig): FastifySchema {
  const { takes, line } = config;
  const body = line ?? Type.String({ format: "binary" });
  return {
    ...schema,
    ...(url.startsWith("/v1/") ? { security: [{ key: [] }] } : {}),
    ...(takes === undefined ? {} : { consumes: [...takes], body }),
  };
}
