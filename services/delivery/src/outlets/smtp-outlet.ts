/**
 * Delivery by SMTP to the human's mail server, over a pool of connections.
 *
 * The reverse-path is null (RFC 5321 section 4.5.5): a mail that cannot be delivered must never come back to
 * postmaster@ as a bounce and be triaged again. What the server says decides (RFC 5321 section 4.2.1): 4yz and
 * everything about the connection is retried, 5yz for a recipient or the message is permanent.
 *
 * LIMIT: an 8-bit original goes out as it is even to a server without 8BITMIME (RFC 6152); all current MTAs have it.
 */
import { domainToASCII } from "node:url";
import { createTransport, type NodemailerError, type SMTPSentMessageInfo } from "nodemailer";
import type { OutboundMail } from "../compose/outbound-mail.ts";
import type { Outlet, OutletResult } from "./outlet.ts";

export interface SmtpOutletOptions {
  /** Default `smtp`. */
  readonly id?: string;
  readonly host: string;
  readonly port: number;
  /** `implicit`: TLS from the first byte (port 465); `required`: STARTTLS or nothing; `opportunistic`; `none`. */
  readonly tls: "implicit" | "required" | "opportunistic" | "none";
  readonly auth?: { readonly user: string; readonly password: string } | undefined;
  /** Connections at a time. */
  readonly pool: number;
  /** Silence of the server after which a connection is given up; default one minute. */
  readonly idleTimeoutMs?: number;
  /** One whole transaction, against servers that trickle; default five minutes. */
  readonly totalTimeoutMs?: number;
}

/** LIMIT: RFC 5321 section 4.5.3.2 allows minutes for one step; a job slot is worth more, and there is a retry. */
const DEFAULT_IDLE_TIMEOUT_MS = 60_000;
const DEFAULT_TOTAL_TIMEOUT_MS = 300_000;
const MAX_DETAIL_CHARS = 500;

export function openSmtpOutlet(options: SmtpOutletOptions): Outlet {
  const { host, port, tls, auth, totalTimeoutMs = DEFAULT_TOTAL_TIMEOUT_MS } = options;
  const idleTimeoutMs = options.idleTimeoutMs ?? DEFAULT_IDLE_TIMEOUT_MS;
  const transport = createTransport({
    pool: true,
    host,
    port,
    secure: tls === "implicit",
    requireTLS: tls === "required",
    ignoreTLS: tls === "none",
    ...(auth === undefined ? {} : { auth: { user: auth.user, pass: auth.password } }),
    maxConnections: options.pool,
    connectionTimeout: idleTimeoutMs,
    greetingTimeout: idleTimeoutMs,
    socketTimeout: idleTimeoutMs,
    dnsTimeout: idleTimeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const inProgress = new Set<Promise<unknown>>();
  const send = async (mail: OutboundMail, recipients: readonly string[]): Promise<readonly OutletResult[]> => {
    const envelope = { from: "", to: [...recipients], size: mail.raw.length, use8BitMime: mail.eightBit };
    const signal = AbortSignal.timeout(totalTimeoutMs);
    try {
      const answer = await transport.sendMail({ envelope, raw: mail.raw, signal });
      return recipients.map((recipient) => readAnswer(recipient, answer));
    } catch (error) {
      return recipients.map((recipient) => readError(recipient, error));
    }
  };
  return {
    id: options.id ?? "smtp",
    lineEnd: "crlf",
    deliver(mail, recipients) {
      const sending = send(mail, recipients);
      inProgress.add(sending);
      return sending.finally(() => inProgress.delete(sending));
    },
    async close() {
      await Promise.allSettled(inProgress);
      transport.close();
    },
  };
}

/** The server took the message for at least one recipient; which ones it refused stands in `rejectedErrors`. */
function readAnswer(recipient: string, answer: SMTPSentMessageInfo): OutletResult {
  const sent = asSent(recipient);
  if (answer.accepted.some((address) => address === sent)) {
    return { recipient, outcome: "delivered", detail: shorten(answer.response) };
  }
  const refusal = findRefusal(sent, answer.rejectedErrors);
  if (refusal !== undefined) return readRefusal(recipient, refusal);
  return { recipient, outcome: "error", detail: "the server said nothing about this recipient" };
}

/** Nobody got the message: every recipient was refused, or the message was, or the connection broke. */
function readError(recipient: string, error: unknown): OutletResult {
  if (!isNodemailerError(error)) return { recipient, outcome: "error", detail: shorten(String(error)) };
  return readRefusal(recipient, findRefusal(asSent(recipient), error.rejectedErrors) ?? error);
}

function findRefusal(sent: string, errors: readonly NodemailerError[] | undefined): NodemailerError | undefined {
  return errors?.find((error) => error.recipient === sent);
}

/** nodemailer sends a domain in lower case and as A-labels (RFC 5890), and names recipients as it sent them. */
function asSent(address: string): string {
  const at = address.lastIndexOf("@") + 1;
  const domain = address.slice(at);
  return address.slice(0, at) + (domainToASCII(domain) || domain);
}

/**
 * A 5yz is permanent when it is about this recipient or this message. A refused login or greeting is about us: somebody
 * will mend the password, and no mail should be given up for it before the retries are.
 */
function readRefusal(recipient: string, error: NodemailerError): OutletResult {
  const aboutMail = error.code === "EENVELOPE" || error.code === "EMESSAGE";
  // Without a reply, EMESSAGE is nodemailer's own: the server announced a SIZE (RFC 1870) that the mail exceeds.
  const permanent = error.permanent ?? error.code === "EMESSAGE";
  const outcome = aboutMail && permanent ? "failed" : "error";
  return { recipient, outcome, detail: shorten(error.response ?? error.message) };
}

function isNodemailerError(error: unknown): error is NodemailerError {
  return error instanceof Error;
}

function shorten(text: string): string {
  return text.length <= MAX_DETAIL_CHARS ? text : `${text.slice(0, MAX_DETAIL_CHARS - 1)}…`;
}
