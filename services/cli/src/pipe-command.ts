/**
 * `triage pipe`: one message from an MTA's pipe to the ingest service.
 *
 * The exit codes are those of sysexits.h, which Postfix pipe(8), Exim's pipe transport, Sendmail and OpenSMTPD
 * share: the MTA keeps a message in its queue on 75. Everything that an operator can mend (service down, wrong key,
 * back-pressure) is therefore 75; only a message that will never be taken (too large, no message at all) is 65.
 */
import { readFile } from "node:fs/promises";

const EX_OK = 0;
const EX_USAGE = 64;
const EX_DATAERR = 65;
const EX_TEMPFAIL = 75;

/** LIMIT: longer than the service may take to answer under load, shorter than the time limit of MTA pipes (Postfix: 1,000 s). */
const TIMEOUT_MS = 60_000;

export interface PipeOptions {
  readonly url: string;
  readonly keyFile?: string;
  readonly reversePath?: string;
  readonly forwardPath?: readonly string[];
  readonly clientIp?: string;
  readonly clientHelo?: string;
  readonly queueId?: string;
}

export async function pipeCommand(options: PipeOptions): Promise<number> {
  if (!URL.canParse(options.url)) return fail(EX_USAGE, `--url "${options.url}" is not a URL`);
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks);
  if (raw.length === 0) return fail(EX_DATAERR, "there is no message on standard input");
  try {
    const key = options.keyFile ? (await readFile(options.keyFile, "utf8")).trim() : process.env.TRIAGE_API_KEY;
    if (!key) return fail(EX_TEMPFAIL, "no API key: give --key-file or set TRIAGE_API_KEY");
    return await post(raw, key, options);
  } catch (error) {
    return fail(EX_TEMPFAIL, describe(error));
  }
}

async function post(raw: Buffer, key: string, options: PipeOptions): Promise<number> {
  const response = await fetch(new URL("/v1/messages", options.url), {
    method: "POST",
    headers: envelopeHeaders(key, options),
    body: new Uint8Array(raw.buffer, raw.byteOffset, raw.length),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.status === 202) return EX_OK;
  const problem = (await response.text()).slice(0, 500).replace(/\s+/g, " ");
  const permanent = response.status === 400 || response.status === 413 || response.status === 415;
  return fail(permanent ? EX_DATAERR : EX_TEMPFAIL, `${options.url} answered ${response.status}: ${problem}`);
}

function envelopeHeaders(key: string, options: PipeOptions): Headers {
  const headers = new Headers({ Authorization: `Bearer ${key}`, "Content-Type": "message/rfc822" });
  if (options.reversePath !== undefined) headers.set("X-Envelope-From", options.reversePath || "<>");
  for (const address of options.forwardPath ?? []) headers.append("X-Envelope-To", address);
  if (options.clientIp) headers.set("X-Client-Ip", options.clientIp);
  if (options.clientHelo) headers.set("X-Client-Helo", options.clientHelo);
  if (options.queueId) headers.set("X-Queue-Id", options.queueId);
  return headers;
}

/** MTAs log the last line of stderr and some put it into a bounce: one line, no address. */
function fail(exitCode: number, reason: string): number {
  process.stderr.write(`triage pipe: ${reason}\n`);
  return exitCode;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
