/**
 * Lines of a mail log, in order, to lines of `POST /v1/sent`. Each line says itself whose it is, so that one log may hold
 * several MTAs, and everything else that syslog brings. Pure: files and clock are the caller's.
 */
import type { SentLine } from "@triage/contracts";
import { readEximLine } from "./exim-log.ts";
import type { IsOwnDomain } from "./log-delivery.ts";
import { LogStampReader } from "./log-stamp.ts";
import { type OpenMessageList, OpenMessages } from "./open-messages.ts";
import { isPostfixDaemon, readPostfixLine } from "./postfix-log.ts";

/** `auto`: each line says itself whose it is. */
export type LogFormat = "auto" | "postfix" | "exim";

export interface MailLogOptions {
  readonly format?: LogFormat;
  /** Undefined: the site's domains are not known. */
  readonly isOwnDomain?: IsOwnDomain | undefined;
  /** Messages that were open when reading stopped last. */
  readonly open?: OpenMessageList;
  /** Messages that are kept open at most. */
  readonly maxOpen?: number;
}

export class MailLog {
  readonly #stamps = new LogStampReader();
  readonly #ownStamps = new LogStampReader();
  readonly #open: OpenMessages;
  readonly #format: LogFormat;
  readonly #isOwn: IsOwnDomain | undefined;

  constructor({ format = "auto", isOwnDomain, open, maxOpen }: MailLogOptions = {}) {
    this.#open = new OpenMessages(open, maxOpen);
    this.#format = format;
    this.#isOwn = isOwnDomain;
  }

  get openMessages(): OpenMessages {
    return this.#open;
  }

  /**
   * @param line         One line without its line break, bytes as latin1.
   * @param referenceMs  A time that no line of the log is later than, in milliseconds since 1970.
   */
  read(line: string, referenceMs: number): SentLine | undefined {
    const start = line.startsWith("<") ? line.indexOf(">") + 1 : 0;
    const stamp = this.#stamps.read(line, start, referenceMs);
    if (stamp === undefined) return undefined;
    const { timeMs, end } = stamp;
    if (stamp.kind === "exim") {
      if (this.#format === "postfix") return undefined;
      return readEximLine({ timeMs, host: "", text: line.slice(end) }, this.#open, this.#isOwn);
    }
    const header = readHeader(line, end);
    if (header === undefined) return undefined;
    const { program, textAt } = header;
    if (this.#format !== "exim" && isPostfixDaemon(program.slice(program.lastIndexOf("/") + 1))) {
      if (!program.includes("/")) return undefined;
      return readPostfixLine({ ...header, timeMs, text: line.slice(textAt) }, this.#open, this.#isOwn);
    }
    if (this.#format === "postfix" || !program.startsWith("exim")) return undefined;
    return this.#readEximInSyslog(line, { ...header, timeMs, referenceMs });
  }

  /** Exim stamps its lines for syslog as well, unless syslog_timestamp is off; its own stamp knows the year. */
  #readEximInSyslog(
    line: string,
    at: { readonly host: string; readonly textAt: number; readonly timeMs: number; readonly referenceMs: number },
  ): SentLine | undefined {
    const own = this.#ownStamps.read(line, at.textAt, at.referenceMs);
    const timeMs = own?.timeMs ?? at.timeMs;
    return readEximLine({ timeMs, host: at.host, text: line.slice(own?.end ?? at.textAt) }, this.#open, this.#isOwn);
  }
}

interface SyslogHeader {
  readonly host: string;
  /** Without the process id. */
  readonly program: string;
  /** Where the text begins. */
  readonly textAt: number;
}

/** `host program[pid]: text`; the message id of Solaris, `[ID 197553 mail.info] `, is passed over. */
function readHeader(line: string, at: number): SyslogHeader | undefined {
  const blank = line.indexOf(" ", at);
  const colon = line.indexOf(": ", blank + 1);
  if (blank < 0 || colon < 0) return undefined;
  const bracket = line.indexOf("[", blank + 1);
  const end = bracket > 0 && bracket < colon ? bracket : colon;
  const idEnd = line.startsWith("[ID ", colon + 2) ? line.indexOf("] ", colon) + 2 : 0;
  return {
    host: line.slice(at, blank),
    program: line.slice(blank + 1, end),
    textAt: Math.max(colon + 2, idEnd),
  };
}
