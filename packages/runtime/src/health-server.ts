/** `/healthz`, `/readyz` and `/metrics` for roles that have no HTTP interface of their own. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Metrics } from "./metrics.ts";
import { TriageError } from "./triage-error.ts";

/** LIMIT: a check that hangs is a check that fails. */
const READY_TIMEOUT_MS = 2_000;

export interface HealthServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly metrics: Metrics;
  /** Rejects when the role cannot work now (no database, no queue); the text of the error is shown. */
  readonly ready: () => Promise<void>;
}

export interface HealthServer {
  readonly url: string;
  close(): Promise<void>;
}

/** The port is taken, or the host is none of ours. One sentence for a person. */
export class ListenError extends TriageError {
  readonly code = "HTTP_CANNOT_LISTEN";
  readonly retryable = false;
}

/** @throws {ListenError} */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const server = createServer((request, response) => {
    answer(request, options).then(
      (reply) => send(response, reply),
      (error: unknown) => send(response, { status: 500, type: "text/plain", body: `${textOf(error)}\n` }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(listenError(error, options)));
    server.listen(options.port, options.host, resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : options.port;
  return {
    url: `http://${options.host.includes(":") ? `[${options.host}]` : options.host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Turns what `listen` says into a sentence; other services with HTTP use it, too. */
export function listenError(error: unknown, where: { readonly host: string; readonly port: number }): ListenError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: "another program uses it; stop that program or choose another port with PORT",
    EACCES: "ports below 1024 are for root; choose another one with PORT",
    EADDRNOTAVAIL: "this machine has no such address; choose another one with HOST",
    ENOTFOUND: "there is no host of this name; choose another one with HOST",
  };
  const reason = reasons[code] ?? textOf(error);
  return new ListenError(`Cannot listen on ${where.host} port ${where.port}: ${reason}.`, { cause: error });
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

async function answer(request: IncomingMessage, options: HealthServerOptions): Promise<Reply> {
  switch ((request.url ?? "").split("?", 1)[0]) {
    case "/healthz":
      return { status: 200, type: "text/plain", body: "ok\n" };
    case "/readyz":
      return readiness(options.ready);
    case "/metrics": {
      const { contentType, body } = await options.metrics.render();
      return { status: 200, type: contentType, body };
    }
    default:
      return { status: 404, type: "text/plain", body: "/healthz /readyz /metrics\n" };
  }
}

async function readiness(ready: () => Promise<void>): Promise<Reply> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer in time")), READY_TIMEOUT_MS);
  });
  try {
    await Promise.race([ready(), timeout]);
    return { status: 200, type: "text/plain", body: "ok\n" };
  } catch (error) {
    return { status: 503, type: "text/plain", body: `not ready: ${textOf(error)}\n` };
  } finally {
    clearTimeout(timer);
  }
}

function send(response: ServerResponse, { status, type, body }: Reply): void {
  response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(body);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
