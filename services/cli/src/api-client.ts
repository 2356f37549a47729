/** The HTTP interface of ingest, for commands that an operator types: an answer, or one sentence on what is wrong. */
import type { Problem } from "@triage/contracts";
import { readApiKey } from "./api-key.ts";

/** LIMIT: a person waits for the answer. */
const TIMEOUT_MS = 30_000;

export interface ApiOptions {
  /** Base of the ingest service. */
  readonly url: string;
  readonly keyFile?: string;
}

export class ApiClient {
  readonly #url: string;
  readonly #key: string;

  /** @throws {Error} There is no key, or the URL is none. */
  static async open({ url, keyFile }: ApiOptions): Promise<ApiClient> {
    if (!URL.canParse(url)) throw new Error(`--url "${url}" is not a URL`);
    return new ApiClient(url, await readApiKey(keyFile));
  }

  private constructor(url: string, key: string) {
    this.#url = url;
    this.#key = key;
  }

  get<Answer>(path: string): Promise<Answer> {
    return this.#send<Answer>(path, { method: "GET" });
  }

  /** @param body  Left out for what takes none. */
  post<Answer>(path: string, body?: object): Promise<Answer> {
    return this.#send<Answer>(path, { method: "POST", ...(body && { body: JSON.stringify(body) }) });
  }

  async #send<Answer>(path: string, request: { readonly method: string; readonly body?: string }): Promise<Answer> {
    const headers = {
      Authorization: `Bearer ${this.#key}`,
      ...(request.body && { "Content-Type": "application/json" }),
    };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(new URL(path, this.#url), { ...request, headers, signal }).catch((error: unknown) => {
      throw new Error(`${this.#url} cannot be reached: ${describe(error)}`, { cause: error });
    });
    const text = await response.text();
    if (!response.ok) throw new Error(problemOf(text) ?? `${this.#url} answered ${response.status}`);
    return JSON.parse(text) as Answer;
  }
}

/** The sentence of a problem document (RFC 9457). */
function problemOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as Partial<Problem>).detail;
  } catch {
    return undefined;
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
