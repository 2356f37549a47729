/** SMTP sessions printed line by line, as Postfix's smtpd, Sendmail, MDaemon, X and others send them to postmasters. */
import type { DialectFinding, DialectRecipient } from "../dialect.ts";
import { firstAddress, joinLines } from "./addresses.ts";

export interface TranscriptMarks {
  /** What begins a line of the client: `>>>`, ` In:`, `-->`. */
  readonly client: string;
  /** What begins a line of the server: `<<<`, ` Out:`. */
  readonly server: string;
}

/** LIMIT: recipients of one session; RFC 5321 section 4.5.3.1.8 asks servers for at least 100. */
const MAX_RECIPIENTS = 1000;

/**
 * The recipients whose RCPT, or whose message after DATA, was refused with 4xx or 5xx.
 *
 * When the refusal came before or after the recipients were named, each named recipient gets it; when none was named
 * (a refused MAIL or HELO), the finding is undefined.
 */
export function readTranscript(lines: readonly string[], marks: TranscriptMarks): DialectFinding | undefined {
  const accepted: string[] = [];
  const refused: DialectRecipient[] = [];
  let command = "";
  let lastError: string | undefined;
  for (const turn of turnsOf(lines, marks)) {
    if (turn.isClient) {
      command = turn.text;
      continue;
    }
    const address = /^rcpt\s+to:/i.test(command) ? firstAddress(command) : undefined;
    const isError = /^[45]\d\d/.test(turn.text);
    if (address && isError)
      refused.push({ addressText: address, diagnostic: `${turn.text} (in reply to RCPT TO command)` });
    else if (address) accepted.push(address);
    if (isError) lastError = `${turn.text} (in reply to ${commandName(command)} command)`;
    if (refused.length + accepted.length >= MAX_RECIPIENTS) break;
  }
  const later = lastError === undefined ? [] : accepted.map((addressText) => ({ addressText, diagnostic: lastError }));
  const recipients = refused.length > 0 ? refused : later;
  return recipients.length > 0 ? { recipients } : undefined;
}

function commandName(command: string): string {
  const word = command.split(/[\s:<]/, 1)[0]?.toUpperCase() ?? "";
  if (word === "MAIL") return "MAIL FROM";
  if (word === "RCPT") return "RCPT TO";
  return /^[A-Z]{3,8}$/.test(word) ? word : "end of DATA";
}

interface Turn {
  readonly isClient: boolean;
  readonly text: string;
}

/** Continued lines (Postfix wraps them, indented) belong to the turn above. */
function* turnsOf(lines: readonly string[], marks: TranscriptMarks): Generator<Turn> {
  let current: { isClient: boolean; parts: string[] } | undefined;
  for (const line of lines) {
    const isClient = line.startsWith(marks.client);
    if (!isClient && !line.startsWith(marks.server)) {
      if (current && /^\s{2,}\S/.test(line)) current.parts.push(line);
      continue;
    }
    if (current) yield { isClient: current.isClient, text: joinLines(current.parts) };
    current = { isClient, parts: [line.slice((isClient ? marks.client : marks.server).length)] };
  }
  if (current) yield { isClient: current.isClient, text: joinLines(current.parts) };
}
