/**
 * Sendmail 5 to 8: src/savemail.c, errbody() (the sections), src/deliver.c and usersmtp.c (the transcript). Also those
 * who copied the sections: Active!Hunter, BIGLOBE, IMSS, PMDF gateways. Sendmail 5 has no list of addresses, its
 * transcript is all there is.
 */
import type { Dialect, DialectFinding, DialectRecipient } from "./dialect.ts";
import { firstAddress, joinLines, loneAddress } from "./grammar/addresses.ts";
import { defineDialect } from "./grammar/define-dialect.ts";
import type { ReportText } from "./grammar/report-text.ts";

export const sendmail: Dialect = defineDialect({
  name: "sendmail",
  source: "sendmail/savemail.c errbody(), deliver.c, usersmtp.c",
  markers: [
    "----- the following addresses had",
    "-----the following addresses had",
    "---the following addresses had",
    "- transcript of session follows -",
    "-transcript of session follows",
    "----- recipients of this delivery -----",
  ],
  parse: readSendmail,
});

/** One section: its heading without dashes in lower case, and its lines. */
interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

const HEADING = /^\s{0,4}-{3,6} ?([^-].{3,70}?) ?-{3,6}$/;

/** Headings of errbody() and of its imitators that list addresses, with the action they stand for. */
const LISTS: readonly (readonly [string, "failed" | "delayed" | "delivered"])[] = [
  ["had transient non-fatal errors", "delayed"],
  ["had successful delivery notifications", "delivered"],
  ["have delivery notifications", "delivered"],
  ["the following addresses had", "failed"],
  ["recipients of this delivery", "failed"],
];

function readSendmail(report: ReportText): DialectFinding | undefined {
  const sections = splitSections(report.lines);
  const talk = readTalk(sections.find(({ title }) => title.startsWith("transcript of session"))?.lines ?? []);
  const aside = sections.find(({ title }) => title.startsWith("non-delivered information"));
  const listed = dedupe(sections.flatMap((section) => readList(section)));
  const told = talk.refused.length > 0 ? talk.refused : readBareTranscript(sections);
  const recipients = listed.length > 0 ? listed.map((one) => withTalk(one, talk, aside)) : told;
  const host = /^Reporting-MTA: dns; ?(\S{1,255})$/im.exec(report.lines.join("\n"))?.[1];
  return {
    recipients,
    ...(host && { reportingMta: host }),
    ...(report.returnedAt !== undefined && { returnedAt: report.returnedAt }),
  };
}

function splitSections(lines: readonly string[]): Section[] {
  const sections: { title: string; lines: string[] }[] = [];
  for (const line of lines) {
    const heading = HEADING.exec(line)?.[1];
    if (heading) sections.push({ title: heading.toLowerCase(), lines: [] });
    else sections.at(-1)?.lines.push(line);
  }
  return sections;
}

interface Listed extends DialectRecipient {
  readonly action: "failed" | "delayed" | "delivered";
}

/**
 * An address at the margin, `(reason: ...)` and `(expanded from: ...)` indented below it. A list that mailed an alias knows
 * only the alias: so that address is named too.
 */
function readList({ title, lines }: Section): Listed[] {
  const action = LISTS.find(([words]) => title.includes(words))?.[1];
  if (action === undefined) return [];
  const entries: { names: string[]; parts: string[] }[] = [];
  for (const line of lines) {
    const expanded = /^\s+\(expanded from: <?([^>)]{1,255})>?\)/.exec(line)?.[1];
    const program = /^"?([|/][^"]{1,255})"?$/.exec(line)?.[1];
    const address = /^\s{2,}\(|^\s{4,}\S/.test(line) ? undefined : addressOf(line);
    if (expanded?.includes("@")) entries.at(-1)?.names.push(expanded);
    else if (program) entries.push({ names: [program], parts: [] });
    else if (address) entries.push({ names: [address], parts: trailingReason(line) });
    else entries.at(-1)?.parts.push(line.replace(/^\s+\(reason: /, "").replace(/\)$/, ""));
  }
  return entries.flatMap(({ names, parts }) => {
    // "(reason: 75)" is the exit status of a local mailer (sysexits.h).
    const diagnostic = joinLines(parts).replace(/^(\d{1,3})$/, "exit status $1");
    // A program or file is told by the address that led to it.
    const told = names.length > 1 && !names[0]?.includes("@") ? names.slice(1) : names;
    return told.map((addressText) => ({ addressText, action, ...(diagnostic && { diagnostic }) }));
  });
}

/** `kijitora@example.org [User unknown]` (X1) and `<joe@example.net>  (unrecoverable error)` (Sendmail 8.6). */
function trailingReason(line: string): string[] {
  const reason = /[[(]([^\])]{4,300})[\])]\s*$/.exec(line)?.[1];
  return reason && reason !== "unrecoverable error" ? [reason] : [];
}

function addressOf(line: string): string | undefined {
  const quoted = /^\s{0,3}"?<?([^<>\s"|@]{1,255}@[^<>\s"@]{1,255})>?"?/.exec(line)?.[1];
  return quoted ?? (line.includes("@") ? firstAddress(line) : undefined);
}

interface Talk {
  /** Recipients that the transcript names beside an error. */
  readonly refused: readonly DialectRecipient[];
  /** All of it in one line, for a reason that the list does not give. */
  readonly words: string;
  /** The command that each line of a reply answered. */
  readonly commands: ReadonlyMap<string, string>;
  /** First line of a reply to all of it. */
  readonly replies: ReadonlyMap<string, string>;
  /** The last command that was refused. */
  readonly last?: string;
}

/** What the list leaves out comes from the transcript: the line of this address, else all of it. */
function withTalk(listed: Listed, talk: Talk, aside: Section | undefined): DialectRecipient {
  const words = aside ? joinLines(aside.lines) : talk.words;
  const own = talk.refused.find(
    (one) => one.addressText.toLowerCase() === listed.addressText.toLowerCase(),
  )?.diagnostic;
  const said = own ?? (words && talk.last && !aside ? `${words} ${inReplyTo(talk.last)}` : words);
  if (listed.diagnostic === undefined) return said ? { ...listed, diagnostic: said } : listed;
  // The list has the first line only.
  const reply = talk.replies.get(listed.diagnostic) ?? listed.diagnostic;
  const command = talk.commands.get(listed.diagnostic);
  const stage = command ? inReplyTo(command) : /\(in reply to [A-Za-z ]{4,12} command\)/.exec(own ?? "")?.[0];
  return { ...listed, diagnostic: stage ? `${reply} ${stage}` : reply };
}

/** `550 5.1.1 <joe@example.net>... User unknown`, `<joe@example.net>... Deferred: ...`, `554 <joe@example.net>... 550 Host unknown`. */
const VERDICT = /^(?:[245]\d\d )?(?:[245]\.\d{1,3}\.\d{1,3} )?<?([^<>\s,;"@]{1,255}@[^<>\s,;"@]{1,255}?)>?\.\.\. (.+)$/;

/**
 * The session: `>>>` is us, `<<<` the remote; the line below says what became of the address. In Sendmail 5 and for local
 * mailers the verdict stands alone.
 */
function readTalk(lines: readonly string[]): Talk {
  const refused: DialectRecipient[] = [];
  const commands = new Map<string, string>();
  const replies = new Map<string, string>();
  let command = "";
  let firstLine: string | undefined;
  let reply: string[] = [];
  let local: string[] = [];
  for (const line of lines) {
    const verdict = VERDICT.exec(line);
    if (/^>{3,4} /.test(line)) {
      command = line.slice(line.indexOf(" ") + 1);
      reply = [];
    } else if (line.startsWith("<<< ")) {
      const said = line.slice(4);
      reply.push(said);
      commands.set(said, command);
      firstLine ??= said;
      replies.set(firstLine, joinLines([replies.get(firstLine) ?? "", said]));
      // RFC 5321 section 4.2.1: a hyphen behind the code says that more lines follow.
      if (!/^\d{3}-/.test(said)) firstLine = undefined;
    }
    if (verdict) {
      const [, addressText, said] = verdict as unknown as [string, string, string];
      // "554 <joe@example.net>... 550 Host unknown": the inner code is the cause, the outer one Sendmail's summary.
      const own = /^[245]\d\d /.test(said) ? said : joinLines([...local, line]);
      refused.push({ addressText, diagnostic: diagnosticOf(own, reply, command) });
      reply = [];
      local = [];
      command = "";
    } else if (/^(?:While|\.\.\. while) talking to /i.test(line)) command = GREETING;
    else if (/^[a-z][\w./-]{1,30}: /.test(line)) local.push(line);
  }
  const last = [...commands].findLast(([said, answered]) => /^[45]\d\d/.test(said) && answered !== "")?.[1];
  return {
    refused: dedupe(refused),
    ...(last && { last }),
    words: joinLines(lines.filter((line) => !line.startsWith(">>> "))),
    commands,
    replies,
  };
}

/** QUIRK(msmail): gateways that call their list a transcript: the address alone, what happened below it. */
function readBareTranscript(sections: readonly Section[]): DialectRecipient[] {
  const entries: { addressText: string; parts: string[] }[] = [];
  for (const line of sections.find(({ title }) => title.startsWith("transcript of session"))?.lines ?? []) {
    const addressText = loneAddress(line);
    if (addressText) entries.push({ addressText, parts: [] });
    else entries.at(-1)?.parts.push(line);
  }
  return entries.map(({ addressText, parts }) => ({ addressText, diagnostic: joinLines(parts) }));
}

/** The remote's own words where there are some, its reply to the command above; else Sendmail's verdict. */
function diagnosticOf(verdict: string, reply: readonly string[], command: string): string {
  if (reply.length === 0) return verdict;
  return `${joinLines(reply)} ${inReplyTo(command)}; ${verdict}`;
}

/** Stands for the command that a reply answers when nothing was said yet. */
const GREETING = "(greeting)";

/** In Postfix's words, which the reasons know. */
function inReplyTo(command: string): string {
  if (command === GREETING) return "(refused to talk to me)";
  const name = /^(?:RCPT|MAIL|DATA|EHLO|HELO|STARTTLS|AUTH)/i.exec(command)?.[0].toUpperCase();
  const stage = name === "RCPT" ? "RCPT TO" : name === "MAIL" ? "MAIL FROM" : (name ?? "end of DATA");
  return `(in reply to ${stage} command)`;
}

function dedupe<T extends DialectRecipient>(recipients: readonly T[]): T[] {
  const seen = new Set<string>();
  return recipients.filter(({ addressText }) => {
    const isNew = !seen.has(addressText.toLowerCase());
    seen.add(addressText.toLowerCase());
    return isNew;
  });
}
