/** What a mail program sees of a mailbox: a small IMAP client (RFC 3501), enough to read. The mail stays unread. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface ImapLogin {
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** An answer as IMAP nests it (RFC 3501 section 4); bytes as latin1, NIL as undefined. */
export type ImapValue = string | undefined | readonly ImapValue[];

/** One mail as the server describes it. */
export interface ImapMail {
  /** Byte for byte, with CRLF. */
  readonly raw: Buffer;
  /** RFC 3501 section 7.4.2: date, subject, from, sender, reply-to, to, cc, bcc, in-reply-to, message-id. */
  readonly envelope: readonly ImapValue[];
  readonly bodyStructure: readonly ImapValue[];
}

export interface ImapMailbox {
  /** All mails of the inbox, oldest first. */
  mails(): Promise<readonly ImapMail[]>;
  /** One part of a mail, such as `2` or `2.1`, as it is encoded for transfer. @param number Counted from 1. */
  part(number: number, section: string): Promise<Buffer>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 60_000;

/** Logs in and opens the inbox for reading. Rejects when the server refuses. */
export async function openImapMailbox({ port, user, password }: ImapLogin): Promise<ImapMailbox> {
  const socket = connect(port, "127.0.0.1").setEncoding("latin1");
  const connection = new Connection(socket);
  try {
    await connection.greeted();
    await connection.command(`LOGIN "${user}" "${password}"`);
  } catch (error) {
    socket.destroy();
    throw error;
  }
  const fetchOf = async (number: number | "1:*", items: string) => {
    // EXAMINE anew: only then does the server say what has come since.
    const opened = await connection.command("EXAMINE INBOX");
    if (/^\* 0 EXISTS/m.test(opened)) return [];
    return readFetches(await connection.command(`FETCH ${number} ${items}`));
  };
  return {
    async mails() {
      const fetched = await fetchOf("1:*", "(ENVELOPE BODYSTRUCTURE BODY.PEEK[])");
      return fetched.map((mail) => ({
        raw: Buffer.from(textOf(mail, "BODY[]"), "latin1"),
        envelope: listOf(mail, "ENVELOPE"),
        bodyStructure: listOf(mail, "BODYSTRUCTURE"),
      }));
    },
    async part(number, section) {
      const [mail] = await fetchOf(number, `BODY.PEEK[${section}]`);
      return Buffer.from(textOf(mail ?? [], `BODY[${section}]`), "latin1");
    },
    async close() {
      await connection.command("LOGOUT").finally(() => socket.destroy());
    },
  };
}

class Connection {
  readonly #socket: Socket;
  #tag = 0;
  #received = "";

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  async greeted(): Promise<void> {
    while (!this.#received.includes("\r\n")) await this.#read();
    if (!this.#received.startsWith("* OK")) throw new Error(`the server greets with ${this.#received}`);
  }

  /** @returns Everything that the server says up to its OK, as latin1. */
  async command(line: string): Promise<string> {
    this.#tag += 1;
    this.#received = "";
    this.#socket.write(`a${this.#tag} ${line}\r\n`);
    const end = new RegExp(`(?:^|\\r\\n)a${this.#tag} (OK|NO|BAD)[^\\r\\n]*\\r\\n$`);
    for (;;) {
      const [, outcome] = end.exec(this.#received) ?? [];
      if (outcome === "OK") return this.#received;
      if (outcome !== undefined) throw new Error(`${line.split(" ", 1)}: ${this.#received.trim()}`);
      await this.#read();
    }
  }

  async #read(): Promise<void> {
    const [chunk] = await once(this.#socket, "data", { signal: AbortSignal.timeout(TIMEOUT_MS) });
    this.#received += String(chunk);
  }
}

/** The lists behind `* 1 FETCH`, in order. */
function readFetches(answer: string): readonly (readonly ImapValue[])[] {
  const found: (readonly ImapValue[])[] = [];
  const start = /\* \d+ FETCH \(/y;
  for (let at = 0; ; ) {
    start.lastIndex = at;
    if (!start.test(answer)) return found;
    const [list, end] = readList(answer, start.lastIndex);
    found.push(list);
    at = end + "\r\n".length;
  }
}

/** @param at  Behind the opening parenthesis. @returns The list, and where the text goes on behind its end. */
function readList(text: string, at: number): readonly [list: readonly ImapValue[], end: number] {
  const list: ImapValue[] = [];
  for (let next = at; ; ) {
    if (text[next] === ")") return [list, next + 1];
    if (text[next] === " ") next += 1;
    else {
      const [value, end] = text[next] === "(" ? readList(text, next + 1) : readString(text, next);
      list.push(value);
      next = end;
    }
  }
}

/** A literal `{42}`, a quoted string, or an atom; section names such as `BODY[2.1]` are atoms. */
function readString(text: string, at: number): readonly [value: string | undefined, end: number] {
  const token = /\{(\d+)\}\r\n|"((?:[^"\\]|\\.)*)"|[^ ()]+/y;
  token.lastIndex = at;
  const [whole, length, quoted] = token.exec(text) ?? [];
  if (whole === undefined) throw new Error(`not IMAP: ${text.slice(at, at + 80)}`);
  if (length !== undefined)
    return [text.slice(token.lastIndex, token.lastIndex + Number(length)), token.lastIndex + Number(length)];
  if (quoted !== undefined) return [quoted.replace(/\\(.)/g, "$1"), token.lastIndex];
  return [whole === "NIL" ? undefined : whole, token.lastIndex];
}

function itemOf(mail: readonly ImapValue[], item: string): ImapValue {
  return mail[mail.indexOf(item) + 1];
}

function textOf(mail: readonly ImapValue[], item: string): string {
  const value = itemOf(mail, item);
  if (typeof value !== "string") throw new Error(`the server gave no ${item}`);
  return value;
}

function listOf(mail: readonly ImapValue[], item: string): readonly ImapValue[] {
  const value = itemOf(mail, item);
  if (!Array.isArray(value)) throw new Error(`the server gave no ${item}`);
  return value;
}
