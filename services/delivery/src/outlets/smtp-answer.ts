/** What a mail server said, as nodemailer tells it -> what became of each recipient. Pure. */
import { domainToASCII } from "node:url";
import { formatAddress, parseAddress } from "@triage/message";
import type { NodemailerError, SMTPSentMessageInfo } from "nodemailer";
import { shortenDetail } from "./cut-text.ts";
import type { OutletResult } from "./outlet.ts";

/** "Service not available, closing transmission channel" (RFC 5321 section 3.8): about the host, whenever it says so. */
const CLOSING = 421;

/**
 * A configured `Ann <ann@Example.COM>` as it goes into the envelope: the address alone, its domain as A-labels in
 * lower case (RFC 5890). nodemailer names recipients by this form.
 */
export function asEnvelopeAddress(recipient: string): string {
  const address = parseAddress(recipient);
  if (address === undefined) return recipient;
  return formatAddress({ ...address, domain: domainToASCII(address.domain) || address.domain });
}

/** The server took the message for at least one recipient; which ones it refused stands in `rejectedErrors`. */
export function readAnswer(recipient: string, answer: SMTPSentMessageInfo): OutletResult {
  const sent = asEnvelopeAddress(recipient);
  if (answer.accepted.some((address) => address === sent)) {
    return { recipient, outcome: "delivered", detail: shortenDetail(answer.response) };
  }
  const refusal = findRefusal(sent, answer.rejectedErrors);
  if (refusal !== undefined) return readRefusal(recipient, refusal);
  return { recipient, outcome: "error", detail: "the server said nothing about this recipient" };
}

/** Nobody got the message: every recipient was refused, or the message was, or the connection broke. */
export function readError(recipient: string, error: unknown): OutletResult {
  if (!isNodemailerError(error)) return { recipient, outcome: "error", detail: shortenDetail(String(error)) };
  return readRefusal(recipient, findRefusal(asEnvelopeAddress(recipient), error.rejectedErrors) ?? error);
}

/** Whether it is about the host, and not about a mail or recipient: no connection, greeting, TLS, login, 421, a time limit. */
export function isHostFailure(error: unknown): boolean {
  return !isNodemailerError(error) || error.responseCode === CLOSING || !isAboutMail(error);
}

/** Whether the server refused the mail after it had answered for each recipient; then nobody has got it. */
export function isRefusalOfData(error: unknown): boolean {
  return isNodemailerError(error) && error.command === "DATA" && error.response !== undefined && !isHostFailure(error);
}

function findRefusal(sent: string, errors: readonly NodemailerError[] | undefined): NodemailerError | undefined {
  return errors?.find((error) => error.recipient === sent);
}

/**
 * A 5yz is permanent when it is about this recipient or this message. A refused login or greeting is about us: somebody
 * will mend the password, and no mail should be given up for it before the retries are.
 */
function readRefusal(recipient: string, error: NodemailerError): OutletResult {
  // Without a reply, EMESSAGE is nodemailer's own: the server announced a SIZE (RFC 1870) that the mail exceeds.
  const permanent = error.permanent ?? error.code === "EMESSAGE";
  const outcome = isAboutMail(error) && permanent ? "failed" : "error";
  // "502 command not implemented" alone does not say that it was STARTTLS; the message does, with the answer behind it.
  const said = error.code === "ETLS" ? error.message : (error.response ?? error.message);
  return { recipient, outcome, detail: shortenDetail(said) };
}

function isAboutMail({ code }: NodemailerError): boolean {
  return code === "EENVELOPE" || code === "EMESSAGE";
}

function isNodemailerError(error: unknown): error is NodemailerError {
  return error instanceof Error;
}
