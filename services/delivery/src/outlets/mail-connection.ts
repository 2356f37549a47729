/**
 * One host of an SMTP or LMTP outlet: a pool of connections, and what the host says to a mail.
 *
 * LMTP (RFC 2033) answers once for each recipient after the data. nodemailer keeps the refusals of these, but not the words of
 * each acceptance, and none at all when the connection breaks in the middle; so each recipient has a transaction of its own there.
 * By SMTP they have when the data is refused: nodemailer then forgets who had been put off or refused before (RFC 5321 section 3.3).
 */
import { connect } from "node:net";
import type { LmtpConfig, MailHost, SmtpConfig } from "@triage/runtime";
import { createTransport } from "nodemailer";
import type { OutboundMail } from "../compose/outbound-mail.ts";
import type { OutletResult } from "./outlet.ts";
import { asEnvelopeAddress, isHostFailure, isRefusalOfData, readAnswer, readError } from "./smtp-answer.ts";

export interface MailConnection {
  /** `mx.example.com:25`, or the path of the socket. */
  readonly name: string;
  /** @returns One result for each recipient; `hostFailed`: the host never came to speak about the mail. */
  send(mail: OutboundMail, recipients: readonly string[]): Promise<HostAnswer>;
  close(): void;
}

export interface HostAnswer {
  readonly results: readonly OutletResult[];
  readonly hostFailed: boolean;
}

/**
 * LIMIT: RFC 5321 section 4.5.3.2 allows minutes for one step; a job slot is worth more, and there is a retry. The total is for all that
 * is done at one host for one mail, whatever it trickles.
 */
const DEFAULT_IDLE_TIMEOUT_MS = 60_000;
const DEFAULT_TOTAL_TIMEOUT_MS = 300_000;

/** LIMIT: RFC 3461 section 4.4. No character of our ids has to be written as xtext. */
const MAX_ENVID_CHARS = 100;

export function openMailConnection(host: MailHost, config: SmtpConfig | LmtpConfig): MailConnection {
  const transport = openTransport(host, config);
  const { totalTimeoutMs = DEFAULT_TOTAL_TIMEOUT_MS } = config;
  const sendTogether = async (
    mail: OutboundMail,
    recipients: readonly string[],
    signal: AbortSignal,
  ): Promise<HostAnswer> => {
    const to = recipients.map(asEnvelopeAddress);
    const envelope = { from: "", to, size: mail.raw.length, use8BitMime: mail.eightBit };
    try {
      const answer = await transport.sendMail({ envelope, raw: mail.raw, dsn: dsnOf(mail), signal });
      return { results: recipients.map((recipient) => readAnswer(recipient, answer)), hostFailed: false };
    } catch (error) {
      if (recipients.length > 1 && isRefusalOfData(error)) return sendApart(mail, recipients, signal);
      return { results: recipients.map((recipient) => readError(recipient, error)), hostFailed: isHostFailure(error) };
    }
  };
  const sendApart: typeof sendTogether = async (mail, recipients, signal) => {
    const answers = await Promise.all(recipients.map((recipient) => sendTogether(mail, [recipient], signal)));
    return {
      results: answers.flatMap(({ results }) => results),
      hostFailed: answers.every(({ hostFailed }) => hostFailed),
    };
  };
  return {
    name: host.kind === "socket" ? host.path : `${host.host}:${host.port}`,
    send: (mail, recipients) =>
      (config.kind === "smtp" ? sendTogether : sendApart)(mail, recipients, AbortSignal.timeout(totalTimeoutMs)),
    close: () => transport.close(),
  };
}

/**
 * What a server that can (RFC 3461) says of our mail in a DSN, should it write one in spite of the null reverse-path: the signed id,
 * and no more of the mail than its header. nodemailer leaves both out where the server does not announce DSN.
 */
function dsnOf({ messageId }: OutboundMail): { readonly return: "headers"; readonly id?: string } {
  const id = messageId.replace(/^<|>$/g, "");
  return id.length <= MAX_ENVID_CHARS ? { return: "headers", id } : { return: "headers" };
}

function openTransport(host: MailHost, config: SmtpConfig | LmtpConfig) {
  const { auth, pool, clientName } = config;
  const idleTimeoutMs = config.idleTimeoutMs ?? DEFAULT_IDLE_TIMEOUT_MS;
  return createTransport({
    pool: true,
    lmtp: config.kind === "lmtp",
    ...(host.kind === "socket" ? overSocket(host.path, idleTimeoutMs) : overTcp(host, config)),
    ...(clientName === undefined ? {} : { name: clientName }),
    ...(auth === undefined ? {} : { auth: { user: auth.user, pass: auth.password } }),
    ...(auth?.method === undefined ? {} : { authMethod: auth.method.toUpperCase() }),
    // A host that offers no login is not handed the mail without one.
    forceAuth: auth !== undefined,
    maxConnections: pool,
    connectionTimeout: idleTimeoutMs,
    greetingTimeout: idleTimeoutMs,
    socketTimeout: idleTimeoutMs,
    dnsTimeout: idleTimeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function overTcp({ host, port, tls }: Extract<MailHost, { kind: "tcp" }>, { certificate }: SmtpConfig | LmtpConfig) {
  const { ca, serverName, verify } = certificate ?? {};
  return {
    host,
    port,
    secure: tls === "implicit",
    requireTLS: tls === "required",
    ignoreTLS: tls === "none",
    tls: {
      // Whoever can forge the certificate of an opportunistic server can as well hide that it has one (RFC 7435 section 3).
      rejectUnauthorized: verify ?? (tls !== "opportunistic" || ca !== undefined || serverName !== undefined),
      ...(ca === undefined ? {} : { ca }),
      ...(serverName === undefined ? {} : { servername: serverName }),
    },
  };
}

type GotSocket = (error: Error | null, options?: { readonly connection: ReturnType<typeof connect> }) => void;

/** nodemailer knows no Unix sockets, but takes a connection that is open already. */
function overSocket(path: string, timeoutMs: number) {
  return {
    ignoreTLS: true,
    getSocket(_options: unknown, got: GotSocket) {
      const socket = connect(path);
      const fail = (error: Error) => got(error);
      socket.once("error", fail);
      socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`${path}: timed out`)));
      socket.once("connect", () => {
        socket.removeListener("error", fail);
        socket.removeAllListeners("timeout");
        socket.setTimeout(0);
        got(null, { connection: socket });
      });
    },
  };
}
