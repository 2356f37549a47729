/**
 * `triage pipe`: one message from an MTA's pipe to the ingest service.
 *
 * The exit codes are those of sysexits.h, which Postfix pipe(8), Exim's pipe transport, Sendmail and OpenSMTPD
 * share: the MTA keeps a message in its queue on 75, and on nearly every other code it bounces the message. So everything
 * that an operator can mend (service down, wrong key or option, back-pressure, a proxy that answers instead) is 75; only what
 * the service itself will never take (too large, no message at all) is 65. An address that the service cannot read is
 * no reason to refuse mail for a postmaster (RFC 5321 section 4.5.1): the message goes in without that field.
 */
import { readFile } from "node:fs/promises";

const EX_OK = 0;
const EX_DATAERR = 65;
const EX_TEMPFAIL = 75;

/** Problems that are about the message, and that no waiting mends. */
const NEVER_TAKEN: readonly string[] = ["empty-message", "too-large"];

/** LIMIT: longer than the service may take to answer under load, shorter than the time limit of MTA pipes (Postfix: 1,000 s). */
const TIMEOUT_MS = 60_000;

export interface PipeOptions {
  readonly url: string;
  readonly keyFile?: string;
  readonly reversePath?: string;
  readonly forwardPath?: readonly string[];
  /** Exim's pipe transport refuses addresses as arguments (it calls them tainted), and sets variables; so does Postfix local(8). */
  readonly fromEnvironment?: boolean;
  readonly clientIp?: string;
  readonly clientHelo?: string;
  readonly queueId?: string;
}

export async function pipeCommand(given: PipeOptions): Promise<number> {
  const options = given.fromEnvironment ? { ...readEnvironment(process.env), ...given } : given;
  if (!URL.canParse(options.url)) return fail(EX_TEMPFAIL, `--url "${options.url}" is not a URL`);
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

/** An empty SENDER is the null reverse-path; one that is not there is unknown. */
function readEnvironment({ SENDER, ORIGINAL_RECIPIENT, RECIPIENT }: NodeJS.ProcessEnv): Partial<PipeOptions> {
  const recipient = ORIGINAL_RECIPIENT || RECIPIENT;
  return {
    ...(SENDER === undefined ? {} : { reversePath: SENDER }),
    ...(recipient ? { forwardPath: [recipient] } : {}),
  };
}

async function post(raw: Buffer, key: string, options: PipeOptions): Promise<number> {
  const headers = envelopeHeaders(key, options);
  for (;;) {
    const response = await fetch(new URL("/v1/messages", options.url), {
      method: "POST",
      headers,
      body: new Uint8Array(raw.buffer, raw.byteOffset, raw.length),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.status === 202) return EX_OK;
    const text = await response.text();
    const problem = readProblem(text);
    const unread = problem.code === "bad-envelope" ? problem.errors?.[0]?.field : undefined;
    if (unread === undefined || !headers.has(unread)) {
      const exitCode = NEVER_TAKEN.includes(problem.code ?? "") ? EX_DATAERR : EX_TEMPFAIL;
      const said = problem.detail ?? text.slice(0, 500).replace(/\s+/g, " ");
      return fail(exitCode, `${options.url} answered ${response.status}: ${said}`);
    }
    headers.delete(unread);
    process.stderr.write(`triage pipe: ${problem.detail} The message goes in without that field.\n`);
  }
}

function envelopeHeaders(key: string, options: PipeOptions): Headers {
  const headers = new Headers({ Authorization: `Bearer ${key}`, "Content-Type": "message/rfc822" });
  if (options.reversePath !== undefined) headers.set("X-Envelope-From", fieldValue(options.reversePath || "<>"));
  for (const address of options.forwardPath ?? []) headers.append("X-Envelope-To", fieldValue(address));
  if (options.clientIp) headers.set("X-Client-Ip", fieldValue(options.clientIp));
  if (options.clientHelo) headers.set("X-Client-Helo", fieldValue(options.clientHelo));
  if (options.queueId) headers.set("X-Queue-Id", fieldValue(options.queueId));
  return headers;
}

/** UTF-8 (RFC 6531) as the bytes that an HTTP field carries; a control character would make it no field. */
function fieldValue(text: string): string {
  return Buffer.from(text.replace(/\p{Cc}/gu, "?"), "utf8").toString("latin1");
}

/** What of a problem document (RFC 9457) decides here; nothing, when a proxy answered. */
interface Answer {
  readonly code?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly field?: string }[];
}

function readProblem(text: string): Answer {
  try {
    const problem: unknown = JSON.parse(text);
    return typeof problem === "object" && problem !== null ? problem : {};
  } catch {
    return {};
  }
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
