/**
 * A small SMTP server that answers what its script says, word for word, and misbehaves where it must. It takes the part
 * of every host beside the MTA of the zoo: the receivers that refuse, and the one that gets the reports.
 */
import { createServer, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { Certificate } from "./certificate.ts";

export interface RemoteScript {
  /** EHLO keywords beside PIPELINING, 8BITMIME and ENHANCEDSTATUSCODES. */
  readonly extensions?: readonly string[];
  /** Answers, with CRLF between the lines of one; what is left out is accepted. */
  readonly starttls?: string;
  /** Begins TLS with the certificate of the world, which nobody trusts and which has another name. */
  readonly selfSigned?: true;
  readonly rcpt?: Readonly<Record<string, string>>;
  readonly message?: string;
  /** Announced with SIZE, and kept. */
  readonly sizeLimit?: number;
  readonly hangsUpAtData?: boolean;
}

export interface ReceivedMail {
  readonly reversePath: string;
  readonly forwardPaths: readonly string[];
  /** As sent, without the dots of RFC 5321 section 4.5.2; CRLF. */
  readonly raw: Buffer;
}

export interface RemoteServer {
  readonly address: string;
  readonly name: string;
  readonly script: RemoteScript;
  readonly certificate?: Certificate;
  readonly onMail?: (mail: ReceivedMail) => void;
}

/** Listens on port 25 of the address; resolves as soon as it does. Ends with the process. */
export function startRemoteServer(server: RemoteServer): Promise<void> {
  const listener = createServer((socket) => new Session(socket, server));
  return new Promise((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(25, server.address, resolve);
  });
}

const END_OF_DATA = "\r\n.\r\n";

/** One connection. Octets are kept as latin1 text, so that nothing is lost and searching is easy. */
class Session {
  #socket: Socket;
  readonly #server: RemoteServer;
  #input = "";
  #inData = false;
  #reversePath = "";
  #forwardPaths: string[] = [];

  constructor(socket: Socket, server: RemoteServer) {
    this.#socket = socket;
    this.#server = server;
    this.#listen();
    this.#say(`220 ${server.name} ESMTP ready`);
  }

  #listen(): void {
    this.#socket.on("error", () => this.#socket.destroy());
    this.#socket.on("data", (chunk) => {
      this.#input += chunk.toString("latin1");
      while (this.#inData ? this.#takeMessage() : this.#takeCommand()) {
        // Each turn takes one command or message off the input.
      }
    });
  }

  #say(reply: string): void {
    if (this.#socket.writable) this.#socket.write(`${reply}\r\n`, "utf8");
  }

  #takeCommand(): boolean {
    const end = this.#input.indexOf("\n");
    if (end < 0) return false;
    const line = Buffer.from(this.#input.slice(0, end), "latin1").toString("utf8").trimEnd();
    this.#input = this.#input.slice(end + 1);
    const reply = this.#replyTo(line);
    if (reply !== undefined) this.#say(reply);
    return true;
  }

  /** @returns Nothing where the script says to hang up. */
  #replyTo(line: string): string | undefined {
    switch (line.slice(0, 4).toUpperCase()) {
      case "EHLO":
        return this.#greeting();
      case "STAR":
        return this.#startTls();
      case "MAIL":
        return this.#startMail(line);
      case "RCPT":
        return this.#addRecipient(pathOf(line));
      case "DATA":
        return this.#startData();
      case "RSET":
        this.#forget();
        return "250 2.0.0 OK";
      case "QUIT":
        // After the reply, which is written before the next turn of the loop.
        setImmediate(() => this.#socket.end());
        return "221 2.0.0 Bye";
      default:
        return "250 2.0.0 OK";
    }
  }

  #greeting(): string {
    const { name, script } = this.#server;
    const size = script.sizeLimit === undefined ? [] : [`SIZE ${script.sizeLimit}`];
    const keywords = [name, "PIPELINING", "8BITMIME", ...size, ...(script.extensions ?? []), "ENHANCEDSTATUSCODES"];
    return keywords.map((word, index) => `250${index < keywords.length - 1 ? "-" : " "}${word}`).join("\r\n");
  }

  /** RFC 3207 section 4: the reply is the last that goes in clear, and what was said before is forgotten. */
  #startTls(): string | undefined {
    const { script, certificate } = this.#server;
    if (script.selfSigned === undefined || certificate === undefined)
      return script.starttls ?? "502 5.5.1 Command not implemented";
    this.#say("220 2.0.0 Ready to start TLS");
    this.#socket.removeAllListeners("data");
    this.#socket = new TLSSocket(this.#socket, { isServer: true, ...certificate });
    this.#forget();
    this.#listen();
    return undefined;
  }

  #startMail(line: string): string {
    const size = Number(/ SIZE=(\d+)/i.exec(line)?.[1] ?? 0);
    if (size > (this.#server.script.sizeLimit ?? Number.POSITIVE_INFINITY)) return TOO_BIG;
    this.#forget();
    this.#reversePath = pathOf(line);
    return "250 2.1.0 Sender OK";
  }

  #addRecipient(path: string): string {
    const refusal = this.#server.script.rcpt?.[path];
    if (refusal === undefined) this.#forwardPaths.push(path);
    return refusal ?? "250 2.1.5 Recipient OK";
  }

  #startData(): string | undefined {
    if (this.#forwardPaths.length === 0) return "554 5.5.1 No valid recipients";
    if (this.#server.script.hangsUpAtData === true) {
      this.#socket.destroy();
      return undefined;
    }
    this.#inData = true;
    this.#input = `\r\n${this.#input}`;
    return "354 End data with <CR><LF>.<CR><LF>";
  }

  #takeMessage(): boolean {
    const end = this.#input.indexOf(END_OF_DATA);
    if (end < 0) return false;
    const text = this.#input.slice(2, end + 2).replaceAll("\r\n..", "\r\n.");
    this.#input = this.#input.slice(end + END_OF_DATA.length);
    this.#inData = false;
    const { script, onMail } = this.#server;
    const tooBig = text.length > (script.sizeLimit ?? Number.POSITIVE_INFINITY);
    const refusal = tooBig ? TOO_BIG : script.message;
    if (refusal === undefined) {
      const raw = Buffer.from(text, "latin1");
      onMail?.({ reversePath: this.#reversePath, forwardPaths: this.#forwardPaths, raw });
    }
    this.#say(refusal ?? "250 2.0.0 Accepted");
    this.#forget();
    return true;
  }

  #forget(): void {
    this.#reversePath = "";
    this.#forwardPaths = [];
  }
}

const TOO_BIG = "552 5.3.4 Message size exceeds fixed maximum message size";

/** What stands in the angle brackets of MAIL or RCPT. */
function pathOf(line: string): string {
  const start = line.indexOf("<");
  return line.slice(start + 1, line.indexOf(">", start));
}
