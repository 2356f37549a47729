/** Gives the scenarios' messages to an MTA: over SMTP with the parameters of RFC 3461, or as text for its `sendmail`. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { MTA_ADDRESS } from "./mta.ts";
import { type Scenario, senderOf } from "./scenarios.ts";

/** The host that hands the mail in, in the network of `example.com`. */
export const CLIENT_ADDRESS = "192.0.2.10";
const REPLY_TIMEOUT_MS = 30_000;

/** The message of a scenario, with CRLF line ends. */
export function messageOf(scenario: Scenario, date: Date): string {
  const trace = Array.from(
    { length: scenario.hops ?? 0 },
    (_, hop) => `Received: from hop${hop + 1}.example.com by hop${hop}.example.com with ESMTP; ${utc(date)}`,
  );
  const line = `${"Lorem ipsum dolor sit amet, consectetur adipiscing elit. ".trim()}\r\n`;
  const filling = line.repeat(Math.ceil((scenario.bodyBytes ?? 0) / line.length));
  return [
    ...trace,
    "From: Example News <news@example.com>",
    `To: ${scenario.recipients.filter((address) => /^[!-~]+$/.test(address)).join(", ") || "undisclosed-recipients:;"}`,
    "Subject: Your order 4711 is on its way",
    `Date: ${utc(date)}`,
    `Message-ID: <order-4711.${scenario.id}@example.com>`,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=us-ascii",
    "",
    "Dear customer,",
    "",
    "your order 4711 has left our house today.",
    "",
    `${filling}Example News`,
    "",
  ].join("\r\n");
}

const utc = (date: Date): string => date.toUTCString().replace("GMT", "+0000");

/**
 * Hands the message in over SMTP.
 *
 * @returns The MTA's refusal, or undefined when it took the message for at least one recipient.
 */
export async function submit(
  scenario: Scenario,
  recipients: readonly string[],
  date: Date,
): Promise<string | undefined> {
  const socket = connect({ host: MTA_ADDRESS, port: 25, localAddress: CLIENT_ADDRESS });
  try {
    await readReply(socket);
    const offers = (await command(socket, "EHLO app.example.com")).toUpperCase();
    const dsn = / ?\bDSN\b/.test(offers);
    if (!dsn && scenario.recipientParameters !== undefined) return "does not offer DSN (RFC 3461)";
    if (scenario.mailParameters === "SMTPUTF8" && !offers.includes("SMTPUTF8")) return "does not offer SMTPUTF8";
    const replies = [await command(socket, `MAIL FROM:<${senderOf(scenario)}>${space(scenario.mailParameters)}`)];
    for (const recipient of recipients) {
      replies.push(await command(socket, `RCPT TO:<${recipient}>${space(scenario.recipientParameters)}`));
    }
    replies.push(await command(socket, "DATA"));
    if (replies.at(-1)?.startsWith("354")) replies.push(await command(socket, `${messageOf(scenario, date)}.`));
    socket.write("QUIT\r\n");
    const refusal = replies.find((reply) => /^[45]/.test(reply));
    return replies.at(-1)?.startsWith("250") ? undefined : `refused at submission: ${refusal}`;
  } finally {
    socket.destroySoon();
  }
}

const space = (parameters: string | undefined): string => (parameters === undefined ? "" : ` ${parameters}`);

function command(socket: Socket, line: string): Promise<string> {
  socket.write(`${line}\r\n`);
  return readReply(socket);
}

/** The last line of a reply has a space behind its code (RFC 5321 section 4.2.1). */
async function readReply(socket: Socket): Promise<string> {
  let reply = "";
  while (!/^\d{3} .*\r\n$/m.test(reply)) {
    const [chunk] = await once(socket, "data", { signal: AbortSignal.timeout(REPLY_TIMEOUT_MS) });
    reply += String(chunk);
  }
  return reply.trim();
}
