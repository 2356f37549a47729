/** Hands a mail to an MTA as a mail program does (RFC 5321 section 3.3), with the envelope that the test wants. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface Submission {
  readonly port: number;
  /** Reverse-path without angle brackets; "" is the null reverse-path. */
  readonly from: string;
  readonly to: string;
  /** CRLF line ends. */
  readonly raw: string;
}

/** Resolves with the answer to the end of data; rejects when the server refuses anything. */
export async function submitMail({ port, from, to, raw }: Submission): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  try {
    await expectReply(socket, 220);
    await command(socket, "EHLO desk.example.com", 250);
    await command(socket, `MAIL FROM:<${from}>`, 250);
    await command(socket, `RCPT TO:<${to}>`, 250);
    await command(socket, "DATA", 354);
    // RFC 5321 section 4.5.2: a dot at the beginning of a line is doubled.
    const answer = await command(socket, `${raw.replace(/^\./gm, "..")}\r\n.`, 250);
    await command(socket, "QUIT", 221);
    return answer;
  } finally {
    socket.destroy();
  }
}

async function command(socket: Socket, line: string, code: number): Promise<string> {
  socket.write(`${line}\r\n`);
  return expectReply(socket, code);
}

/** A reply may have several lines; the last one has a space behind its code (RFC 5321 section 4.2.1). */
async function expectReply(socket: Socket, code: number): Promise<string> {
  let reply = "";
  while (!/^\d{3} .*\r\n$/m.test(reply)) {
    const [chunk] = await once(socket, "data", { signal: AbortSignal.timeout(20_000) });
    reply += String(chunk);
  }
  if (!reply.startsWith(`${code}`)) throw new Error(`expected ${code}, the server said: ${reply.trim()}`);
  return reply.trim();
}
