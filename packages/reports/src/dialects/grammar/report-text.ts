/**
 * Splits the text of a report into what the MTA says and the message that it returns below.
 */

/** LIMIT: lines of the MTA's own words; a bounce for 1,000 recipients stays below it. */
const MAX_LINES = 8000;

/** LIMIT: of a line that announces the returned message; a longer one is a sentence of the report. */
const MAX_ANNOUNCEMENT_CHARS = 160;

export interface ReportText {
  /** Lines above the returned message, without trailing blanks. */
  readonly lines: readonly string[];
  /** Index into the text at which the returned header begins; undefined when none is announced. */
  readonly returnedAt?: number;
}

/**
 * How MTAs announce the returned message. A line is compared without the dashes, stars, blanks and brackets around it,
 * lower case, from its beginning. Sources: the MTAs' own files, cited in the dialects.
 */
const ANNOUNCEMENTS: readonly string[] = [
  // qmail-send.c and its forks
  "below this line is a copy of the message",
  "below the next line is a copy of the message",
  "enclosed is a copy of the message",
  "attachment is a copy of the message",
  // Exim deliver.c
  "this is a copy of the message",
  "this is a copy of your message",
  "this is a copy of the headers",
  "this is the original message",
  "the header of the original message",
  "the header of the original",
  "the body of the message is",
  // Sendmail savemail.c
  "unsent message follows",
  "unsent message below",
  "original message follows",
  "possibly truncated original message",
  "message header follows",
  "message headers follow",
  "message body suppressed",
  "message text follows",
  "returned message follows",
  "returned message",
  "returned mail",
  "no message was collected",
  // Gmail, Exchange, OpenSMTPD, dma, MXLogic, JetMail, Notes, m-FILTER, fml, X.400, XMail and others
  "<05>] here is listed the initial part of the message",
  "original message headers:",
  "original message details:",
  "original message",
  "original headers",
  "original mail info",
  "original mail as follows",
  "below is a copy of the original message",
  "included is a copy of the message header",
  "a copy of the original message below",
  "a copy of the original message",
  "header of the source mail",
  "headers of the original message",
  "start of returned message",
  "start of message",
  "forwarded message",
  "the following is the original message",
  "your original message",
  "your message reads (in part)",
  "old message:",
  "message header:",
  "message headers:",
  "message contents:",
  "here is your returned mail",
  "undelivered message follows",
  "undelivered message",
  "rejected message",
  "the message as received",
  "message details",
  "mensaje original",
  "mensagem original",
  "message d'origine",
  "message original",
  "en-têtes de message d'origine",
  "en-têtes du message d'origine",
  "messaggio originale",
  "originalnachricht",
  "ursprüngliche nachricht",
  "ursprüngliche nachrichtenkopfzeilen",
  "ursprüngliche nachrichtenkopfzeile",
  "encabezados de mensajes originales",
  "encabezados del mensaje original",
  "encabezados de mensaje original",
  "cabeçalhos da mensagem original",
  "cabeçalhos de mensagens originais",
  "cabeçalhos originais da mensagem",
  "intestazioni messaggi originali",
  "intestazioni originali del messaggio",
  "intestazioni del messaggio originale",
  "oorspronkelijke berichtkoppen",
  "oorspronkelijke berichtheaders",
  "исходные заголовки сообщения",
  "заголовки исходного сообщения",
  "oryginalne nagłówki wiadomości",
  "ursprungliga meddelanderubriker",
  "ursprungshuvuden",
  "元のメッセージ ヘッダー",
  "元のメッセージヘッダー",
  "元のメッセージのヘッダー",
  "原始邮件头",
  "原始邮件标头",
  "原始郵件標題",
  "oorspronkelijk bericht",
  "исходное сообщение",
  "元のメッセージ",
  "元のメール",
  "原始邮件",
  "原始郵件",
];

const BY_FIRST_LETTER = groupByFirstLetter(ANNOUNCEMENTS);

/** A phrase of this length is said of nothing else; a shorter one must stand alone or in a frame. */
const SELF_EVIDENT_CHARS = 23;

/** What stands around an announcement: rules made of punctuation, and quote marks. */
const FRAME_START = /^[\s\-=*_#|+[(>~]+/;

/** Fields that begin a returned header where nothing announces it. */
const BARE_HEADER = /^(?:Received: ?from |Return-Path: ?<|From .{3,80} \d\d:\d\d)/i;

/** RFC 3676 section 4.3. What stands below is a gateway's disclaimer, with addresses of its own. */
export const SIGNATURE = "-- ";

/**
 * @param text  The notification, LF line ends.
 * @see dialects/grammar/report-text.ts ANNOUNCEMENTS
 */
export function splitReport(text: string): ReportText {
  const lines: string[] = [];
  let at = 0;
  let isSigned = false;
  while (at < text.length && lines.length < MAX_LINES) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline;
    isSigned ||= end - at === SIGNATURE.length && text.startsWith(SIGNATURE, at);
    const line = text.slice(at, end).trimEnd();
    if (lines.length > 0 && isAnnouncement(line)) return { lines, returnedAt: skipBlankLines(text, end) };
    if (lines.length > 1 && BARE_HEADER.test(line)) return { lines, returnedAt: at };
    if (!isSigned) lines.push(line);
    at = end + 1;
  }
  return { lines };
}

function isAnnouncement(line: string): boolean {
  if (line.length < 8 || line.length > MAX_ANNOUNCEMENT_CHARS) return false;
  const bare = line.replace(FRAME_START, "");
  const lower = bare.toLowerCase();
  const candidates = BY_FIRST_LETTER.get(lower.charCodeAt(0));
  const phrase = candidates?.find((announcement) => lower.startsWith(announcement));
  if (phrase === undefined) return false;
  if (phrase.length >= SELF_EVIDENT_CHARS) return true;
  // "--- Original message adjoined" is a heading; "Original message was too big for joe" is a sentence of the report.
  const rest = lower.slice(phrase.length).replace(/[\s\-=*_#|+\])>~.:：]+$/, "");
  if (rest === "") return true;
  const isFramed = line.slice(0, line.length - bare.length).trim() !== "";
  return (
    isFramed && rest.length <= 48 && !rest.includes("@") && !/ (?:could|was|is|has|had|cannot|not) /.test(` ${rest} `)
  );
}

function skipBlankLines(text: string, from: number): number {
  let at = from;
  while (at < text.length && (text.charCodeAt(at) === 10 || text.charCodeAt(at) === 32)) at++;
  return at;
}

function groupByFirstLetter(phrases: readonly string[]): ReadonlyMap<number, readonly string[]> {
  const groups = new Map<number, string[]>();
  for (const phrase of phrases) {
    const key = phrase.charCodeAt(0);
    const group = groups.get(key);
    if (group) group.push(phrase);
    else groups.set(key, [phrase]);
  }
  return groups;
}
