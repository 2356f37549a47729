/** A real SMTP server on a loopback port, in the place of the human's: it keeps what it takes and refuses what it is told to. */
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

/** One message that the server took. */
export interface Taken {
  /** Reverse-path; `""` is the null reverse-path. */
  readonly from: string;
  /** BODY parameter of MAIL FROM (RFC 6152). */
  readonly bodyType: string | undefined;
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
}

export function refuse(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

export async function startSmtpHost({ refuseData, refuseTo, ...options }: SmtpHostOptions = {}): Promise<SmtpHost> {
  const taken: Taken[] = [];
  const server = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    onRcptTo: ({ address }, _session, callback) => callback(refuseTo?.[address]),
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        if (refuseData !== undefined) return callback(refuseData);
        const { mailFrom, rcptTo, bodyType } = session.envelope;
        const from = mailFrom === false ? "(none)" : mailFrom.address;
        const raw = Buffer.concat(chunks).toString("latin1");
        taken.push({ from, bodyType, to: rcptTo.map(({ address }) => address), raw });
        callback(null, "OK: queued as 12345");
      });
    },
    ...options,
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    taken,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
