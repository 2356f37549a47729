/**
 * The time stamp that begins a line of a log:
 *
 * - `Nov 22 12:00:00`, syslog as RFC 3164 section 4.1.2 has it: neither year nor zone
 * - `2026-11-22T12:00:00.123456+01:00`, RFC 3339, and `+0100` as `journalctl -o short-iso` writes it
 * - `2026-11-22 12:00:00`, Exim's own; with `.123` (+millisec) and ` +0100` (log_timezone) as Exim is told to
 *
 * A stamp without a year is the latest that is not after the reference time (and a day, for clocks that differ): so
 * December stays in the old year when it is read in January. A stamp without a zone is in the zone of this process.
 */

export interface LogStamp {
  /** `exim` is followed by Exim's text, the others by the name of a host. */
  readonly kind: "syslog" | "rfc3339" | "exim";
  readonly timeMs: number;
  /** Where the text after the stamp, and one blank, begins. */
  readonly end: number;
}

const DAY_MS = 86_400_000;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** LIMIT: years back until the 29th of February is found again. */
const MAX_YEARS_BACK = 8;

/** Lines of one second share their stamp; asking the time zone's rules again for each costs more than all the rest. */
export class LogStampReader {
  #text = "";
  #referenceMs = 0;
  #stamp: LogStamp | undefined;

  /** @param referenceMs  The stamp is hardly later than this, in milliseconds since 1970: now, or when the file was last written. */
  read(line: string, start: number, referenceMs: number): LogStamp | undefined {
    const known = this.#stamp;
    const length = this.#text.length;
    if (known !== undefined && referenceMs === this.#referenceMs && line.startsWith(this.#text, start)) {
      return start === 0 ? known : { ...known, end: start + length };
    }
    const stamp = isDigit(line.charCodeAt(start)) ? readNumeric(line, start) : readSyslog(line, start, referenceMs);
    if (stamp === undefined) return undefined;
    this.#text = line.slice(start, stamp.end);
    this.#referenceMs = referenceMs;
    this.#stamp = { ...stamp, end: stamp.end - start };
    return stamp;
  }
}

interface WallTime {
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

function readSyslog(line: string, start: number, referenceMs: number): LogStamp | undefined {
  const month = MONTHS.indexOf(line.slice(start, start + 3));
  const day = Number(line.slice(start + 4, start + 6));
  const time = readTime(line, start + 7);
  if (month < 0 || !(day >= 1 && day <= 31) || time === undefined || line.charAt(start + 15) !== " ") return undefined;
  const timeMs = inLatestYear({ month, day, ...time }, referenceMs + DAY_MS);
  return timeMs === undefined ? undefined : { kind: "syslog", timeMs, end: start + 16 };
}

function inLatestYear(wall: WallTime, latestMs: number): number | undefined {
  const thisYear = new Date(latestMs).getFullYear();
  for (let year = thisYear; year > thisYear - MAX_YEARS_BACK; year -= 1) {
    const timeMs = localMs(year, wall);
    if (timeMs !== undefined && timeMs <= latestMs) return timeMs;
  }
  return undefined;
}

/** @returns undefined for a day that the year does not have. */
function localMs(year: number, { month, day, hour, minute, second }: WallTime): number | undefined {
  const date = new Date(year, month, day, hour, minute, second);
  return date.getMonth() === month ? date.getTime() : undefined;
}

function readNumeric(line: string, start: number): LogStamp | undefined {
  const year = Number(line.slice(start, start + 4));
  const month = Number(line.slice(start + 5, start + 7)) - 1;
  const day = Number(line.slice(start + 8, start + 10));
  const between = line.charAt(start + 10);
  const time = readTime(line, start + 11);
  if (line.charAt(start + 4) !== "-" || line.charAt(start + 7) !== "-" || time === undefined) return undefined;
  if (!(year >= 1970 && month >= 0 && month <= 11 && day >= 1 && day <= 31)) return undefined;
  if (between !== "T" && between !== " ") return undefined;
  const fraction = readFraction(line, start + 19);
  const kind = between === "T" ? "rfc3339" : "exim";
  const zone = readZone(line, kind === "exim" && line.charAt(fraction.end) === " " ? fraction.end + 1 : fraction.end);
  const wall = { month, day, ...time };
  const timeMs =
    zone === undefined
      ? localMs(year, wall)
      : Date.UTC(year, month, day, wall.hour, wall.minute, wall.second) - zone.offsetMs;
  const end = zone?.end ?? fraction.end;
  if (timeMs === undefined || line.charAt(end) !== " ") return undefined;
  return { kind, timeMs: timeMs + fraction.ms, end: end + 1 };
}

function readTime(line: string, at: number): Pick<WallTime, "hour" | "minute" | "second"> | undefined {
  if (line.charAt(at + 2) !== ":" || line.charAt(at + 5) !== ":") return undefined;
  const [hour, minute, second] = [0, 3, 6].map((offset) => Number(line.slice(at + offset, at + offset + 2)));
  if (hour === undefined || minute === undefined || second === undefined) return undefined;
  // 60: a leap second
  if (!(hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 60)) return undefined;
  return { hour, minute, second };
}

function readFraction(line: string, at: number): { readonly ms: number; readonly end: number } {
  if (line.charAt(at) !== ".") return { ms: 0, end: at };
  let end = at + 1;
  while (isDigit(line.charCodeAt(end))) end += 1;
  return { ms: Math.floor(Number(`0${line.slice(at, end)}`) * 1_000), end };
}

/** `Z`, `+01:00` or `+0100`. */
function readZone(line: string, at: number): { readonly offsetMs: number; readonly end: number } | undefined {
  const sign = line.charAt(at);
  if (sign === "Z") return { offsetMs: 0, end: at + 1 };
  if (sign !== "+" && sign !== "-") return undefined;
  const colon = line.charAt(at + 3) === ":" ? 1 : 0;
  const minutes = Number(line.slice(at + 1, at + 3)) * 60 + Number(line.slice(at + 3 + colon, at + 5 + colon));
  if (Number.isNaN(minutes)) return undefined;
  return { offsetMs: (sign === "-" ? -minutes : minutes) * 60_000, end: at + 5 + colon };
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
