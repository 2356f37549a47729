/**
 * The log: JSON lines for machines, short lines for a person at a terminal.
 *
 * One line per change of state, written once, at the edge. Never a body, a subject or a key; an address only as its
 * domain (`redactAddress`), a connection only without its password (`redactUrl`).
 */
import { redactValue, type WriteLocalPart } from "@triage/message";
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from "pino";

export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type Log = Logger;

/** LIMIT: of lines that wait for a standard output which takes none, as on a full disk; what is beyond is left out. */
const MAX_WAITING_BYTES = 1_000_000;

export interface LogOptions {
  /** Default `info`. */
  readonly level?: LogLevel;
  /** Field `service` of every line: the role that writes. */
  readonly service?: string;
  /** Default: stdout. A test may collect the lines. */
  readonly destination?: DestinationStream;
  /** How the local parts of addresses are written, wherever they are in a line; default: as they are. */
  readonly writeAddress?: WriteLocalPart | undefined;
  /** Short lines for a person instead of JSON; default: whether stdout is a terminal. */
  readonly pretty?: boolean;
}

export function createLog(options: LogOptions = {}): Log {
  const pretty = options.pretty ?? (options.destination === undefined && process.stdout.isTTY === true);
  const target = options.destination ?? openStdout();
  const write = lineWriter(target, pretty, options.writeAddress);
  const base = options.service === undefined ? {} : { service: options.service };
  return pino(
    {
      level: options.level ?? "info",
      base,
      messageKey: "message",
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: ["authorization", "password", "secret", "apiKey", "*.authorization", "*.password"] },
    },
    write,
  );
}

/** A log that cannot be written is no reason to end: pino looks after a reader who went away, nobody after a full disk. */
function openStdout(): DestinationStream {
  const stdout = pino.destination({ dest: 1, sync: true, maxLength: MAX_WAITING_BYTES });
  stdout.on("error", () => {});
  return stdout;
}

/** Addresses come in with errors: what a server said, what a file is called. Few lines have one, so the others are not read. */
function lineWriter(
  target: DestinationStream,
  pretty: boolean,
  writeAddress: WriteLocalPart | undefined,
): DestinationStream {
  if (!pretty && writeAddress === undefined) return target;
  const finish = pretty ? formatForPerson : (line: string) => line;
  const redact = (line: string) =>
    writeAddress !== undefined && (line.includes("@") || line.includes("%40"))
      ? `${JSON.stringify(redactValue(JSON.parse(line), writeAddress))}\n`
      : line;
  return { write: (line: string) => void target.write(finish(redact(line))) };
}

/** `ann@example.com` -> `*@example.com`; the null reverse-path stays `<>`; what has no domain shows nothing at all. */
export function redactAddress(address: string): string {
  if (address === "" || address === "<>") return "<>";
  const at = address.lastIndexOf("@");
  if (at < 0) return "*";
  return `*@${address
    .slice(at + 1)
    .replace(/>$/, "")
    .toLowerCase()}`;
}

/** A connection URL without user and password: `postgresql://db.example.com:5432/triage`. */
export function redactUrl(url: string): string {
  const scheme = url.indexOf("://");
  if (scheme < 0) return "***";
  const rest = url.slice(scheme + 3);
  const authorityEnd = rest.search(/[/?#]/);
  const authority = authorityEnd < 0 ? rest : rest.slice(0, authorityEnd);
  const path = authorityEnd < 0 ? "" : (rest.slice(authorityEnd).split(/[?#]/, 1)[0] ?? "");
  return `${url.slice(0, scheme)}://${authority.slice(authority.lastIndexOf("@") + 1)}${path}`;
}

/** Fields that every JSON line has and a person does not need to read again. */
const HIDDEN_FIELDS: ReadonlySet<string> = new Set(["level", "time", "message", "service"]);

/** `12:30:05 warn  classifier: gave the message up messageId=... error="..."` */
function formatForPerson(line: string): string {
  const entry: unknown = JSON.parse(line);
  if (typeof entry !== "object" || entry === null) return line;
  const fields = new Map<string, unknown>(Object.entries(entry));
  const time = String(fields.get("time")).slice(11, 19);
  const service = fields.has("service") ? `${String(fields.get("service"))}: ` : "";
  const details = [...fields]
    .filter(([name]) => !HIDDEN_FIELDS.has(name))
    .map(([name, value]) => ` ${name}=${show(value)}`);
  return `${time} ${String(fields.get("level")).padEnd(5)} ${service}${String(fields.get("message") ?? "")}${details.join("")}\n`;
}

function show(value: unknown): string {
  if (typeof value === "object" && value !== null && "message" in value) return JSON.stringify(value.message);
  if (typeof value === "string" && /^[\w.:/@*<>-]+$/.test(value)) return value;
  return JSON.stringify(value);
}
