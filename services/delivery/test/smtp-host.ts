/** A real SMTP server on a loopback port, in the place of the human's: it keeps what it takes and refuses what it is told to. */
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

/** One message that the server took. */
export interface Taken {
  /** Reverse-path; `""` is the null reverse-path. */
  readonly from: string;
  /** BODY parameter of MAIL FROM (RFC 6152). */
  readonly bodyType: string | undefined;
  /** RET and ENVID parameters of MAIL FROM (RFC 3461), where the server announces DSN (`hideDSN: false`). */
  readonly dsn: { readonly ret?: string | null; readonly envid?: string | null } | undefined;
  readonly to: readonly string[];
  /** The bytes as latin1. */
  readonly raw: string;
}

export interface SmtpHost {
  readonly port: number;
  readonly taken: readonly Taken[];
  close(): Promise<void>;
}

export interface SmtpHostOptions extends SMTPServerOptions {
  /** Answer to the end of DATA. */
  readonly refuseData?: Error;
  /** Answers to RCPT TO, by address; read for each command, so a test may change it. */
  readonly refuseTo?: Readonly<Record<string, Error>>;
  /** LMTP: answers after DATA, by address (RFC 2033 section 4.2). */
  readonly refuseAfterData?: Readonly<Record<string, Error>>;
  /** Default: any that is free. */
  readonly port?: number;
  /** A Unix socket instead of a port. */
  readonly socket?: string;
}

export function refuse(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

export async function startSmtpHost(given: SmtpHostOptions = {}): Promise<SmtpHost> {
  const { refuseData, refuseTo, refuseAfterData, port = 0, socket, ...options } = given;
  const taken: Taken[] = [];
  const server = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    onRcptTo: ({ address }, _session, callback) => callback(refuseTo?.[address]),
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        if (refuseData !== undefined) return callback(refuseData);
        const { mailFrom, rcptTo, bodyType, dsn } = session.envelope;
        const from = mailFrom === false ? "(none)" : mailFrom.address;
        const raw = Buffer.concat(chunks).toString("latin1");
        const to = rcptTo.map(({ address }) => address);
        taken.push({ from, bodyType, dsn, to, raw });
        // Of LMTP, smtp-server sends one answer for each; its types know of one text only.
        const answers = to.map((address) => refuseAfterData?.[address] ?? `OK: saved for ${address}`);
        callback(null, options.lmtp ? (answers as unknown as string) : "OK: queued as 12345");
      });
    },
    ...options,
  });
  // A client that breaks off is what some tests are about.
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => {
    if (socket === undefined) server.listen(port, "127.0.0.1", resolve);
    else server.server.listen(socket, resolve);
  });
  const address = server.server.address() as AddressInfo | string;
  return {
    port: typeof address === "string" ? 0 : address.port,
    taken,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
