/**
 * One POST to a configured URL. A redirect is an answer like any other and never followed: it would take the body, and the
 * authorization, to wherever the other side names.
 */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { CertificateConfig } from "@triage/runtime";

/** LIMIT: of an answer; the connection is closed on whoever says more. */
const MAX_ANSWER_BYTES = 4_096;

export interface WebhookAnswer {
  readonly status: number;
  /** One line, of the body. */
  readonly words: string;
  /** As sent. */
  readonly retryAfter: string | undefined;
}

export interface WebhookClient {
  /** Rejects when there is no answer within the time limit. */
  post(headers: Readonly<Record<string, string>>, body: Buffer): Promise<WebhookAnswer>;
  close(): void;
}

export interface WebhookClientOptions {
  readonly url: string;
  readonly timeoutMs: number;
  readonly connections: number;
  readonly certificate: CertificateConfig | undefined;
}

export function openWebhookClient({ url, timeoutMs, connections, certificate }: WebhookClientOptions): WebhookClient {
  const secure = new URL(url).protocol === "https:";
  const pool = { keepAlive: true, maxSockets: connections };
  const agent = secure ? new HttpsAgent({ ...pool, ...tlsOptions(certificate) }) : new HttpAgent(pool);
  const send = secure ? httpsRequest : httpRequest;
  return {
    post(headers, body) {
      return new Promise((resolve, reject) => {
        const signal = AbortSignal.timeout(timeoutMs);
        const request = send(url, {
          method: "POST",
          agent,
          signal,
          headers: { ...headers, "Content-Type": "application/json", "Content-Length": body.length },
        });
        request.on("response", (response) => readAnswer(response).then(resolve, reject));
        request.on("error", (error) =>
          reject(signal.aborted ? new Error(`no answer in ${timeoutMs / 1_000} s`) : error),
        );
        request.end(body);
      });
    },
    close: () => agent.destroy(),
  };
}

function tlsOptions(certificate: CertificateConfig | undefined) {
  const { ca, serverName, verify } = certificate ?? {};
  return {
    rejectUnauthorized: verify ?? true,
    ...(ca === undefined ? {} : { ca }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
}

async function readAnswer(response: IncomingMessage): Promise<WebhookAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) break;
  }
  const text = Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString("utf8");
  const retryAfter = response.headers["retry-after"];
  return { status: response.statusCode ?? 0, words: text.replace(/[\p{Cc}\s]+/gu, " ").trim(), retryAfter };
}
