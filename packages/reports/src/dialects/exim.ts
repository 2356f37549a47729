/**
 * Exim: src/deliver.c (bounce and warning texts), src/moan.c ("Mail failure - ..."), transports/smtp.c and
 * appendfile.c (the error lines). One grammar for Exim and for those who copied its words: mail.ru, and hosts that
 * changed `bounce_message_file`.
 */
import type { Dialect, DialectFinding, DialectInput, DialectRecipient } from "./dialect.ts";
import { firstAddress, joinLines } from "./grammar/addresses.ts";
import { defineDialect } from "./grammar/define-dialect.ts";
import type { ReportText } from "./grammar/report-text.ts";

/** deliver.c: what stands directly above the list of addresses. */
const LIST_FOLLOWS: readonly string[] = [
  "address(es) failed:",
  "address failed:",
  "addresses failed:",
  "not yet been delivered is:",
  "not yet been delivered are:",
  "have yet to be delivered:",
  "incorrectly",
  "incorrectly constructed",
  "incorrectly constructed:",
  "не может быть доставлено одному или нескольким получателям:",
];

/** Six, six and two letters of base 62; since Exim 4.97 six, eleven and four. */
const QUEUE_ID = /^(?:The message identifier is: {1,9}|Message )([\dA-Za-z]{6}-[\dA-Za-z]{6,11}-[\dA-Za-z]{2,4})\b/m;

/** deliver.c, the paragraphs below the list. */
const LIST_ENDS =
  /^(?:No action is required|The message identifier|Рекомендуем|\*{8}|This address has been ignored|These addresses have been ignored|The following (?:text|message) was)/;

export const exim: Dialect = defineDialect({
  name: "exim",
  source: "exim/src/src/deliver.c, moan.c; transports/smtp.c",
  markers: [
    "following address(es) failed:",
    "address(es) failed:",
    "addresses to which the message has not yet been delivered are:",
    "address to which the message has not yet been delivered is:",
    "a message that you sent has not yet been delivered",
    "a message that you sent contained one or more recipient addresses",
    "a message that you sent contained no recipient addresses",
    "a message that you sent was rejected by the local scanning code",
    "message created automatically by mail delivery software.",
    "following address(es) have yet to be delivered",
    "сервером mail.ru, отвечать на него не нужно",
  ],
  also: (input) => !input.text.includes("\n--- The header of the original message is following"),
  parse: readExim,
});

function readExim(report: ReportText, input: DialectInput): DialectFinding | undefined {
  const isDelay = report.lines.some((line) => /has not yet been delivered|have yet to be delivered/.test(line));
  const entries = readIndentedList(report.lines);
  const recipients = entries.length > 0 ? entries : fromFailedRecipients(input, report.lines);
  const host = /recipients after more than .{1,40} on the queue on ([^\s]{1,255}?)\.?$/m.exec(input.text)?.[1];
  const queueId = QUEUE_ID.exec(report.lines.slice(0, 12).join("\n"))?.[1];
  return {
    recipients: isDelay ? recipients.map((one) => ({ ...one, action: "delayed" })) : recipients,
    ...(host && { reportingMta: host }),
    ...(queueId && { queueId }),
    ...(report.returnedAt !== undefined && { returnedAt: report.returnedAt }),
  };
}

/**
 * Addresses stand indented by two, what is known of each by four or more. mail.ru prints the list twice (in Russian and in
 * English); the same address is taken once.
 */
function readIndentedList(lines: readonly string[]): DialectRecipient[] {
  const entries = new Map<string, { address: string; parts: string[] }>();
  let entry: { address: string; parts: string[] } | undefined;
  let open = false;
  let closed = false;
  for (const line of lines) {
    if (endsWithAny(line.trimEnd(), LIST_FOLLOWS)) open = true;
    else if (LIST_ENDS.test(line)) open = false;
    else if (open && /^ {1,3}\S/.test(line)) {
      entry = startEntry(line);
      closed = entries.has(entry.address);
      if (!closed) entries.set(entry.address, entry);
    } else if (open && entry && line !== "" && !closed) entry.parts.push(line);
  }
  return [...entries.values()].map(toRecipient).filter((one) => one.addressText !== "");
}

const endsWithAny = (line: string, ends: readonly string[]): boolean => ends.some((end) => line.endsWith(end));

/** `  joe@example.net`, `  joe@example.net: reason`, `  "quoted name" <joe@example.net>: reason`, `  pipe to |/bin/x`. */
function startEntry(line: string): { address: string; parts: string[] } {
  const bare = line.trim();
  // moan.c: `  joe@example.com <ann@example.net>: malformed address: ...` is about what stands in the brackets.
  const bracketed = /<([^<>\s@]{1,255}@[^<>\s@]{1,255})>:/.exec(bare)?.[1];
  const address = bracketed ?? (bare.includes("@") ? firstAddress(bare.split(" ", 1)[0] as string) : undefined);
  if (address === undefined) return { address: bare.split(/[\s:]/, 1)[0] ?? bare, parts: [bare] };
  const after = bare.slice(bare.indexOf(address) + address.length);
  return { address, parts: [after.replace(/^>?:\s*/, "")] };
}

function toRecipient(entry: { address: string; parts: string[] }): DialectRecipient {
  const diagnostic = joinLines(entry.parts);
  // "  save to /var/mail/x\n    generated by joe@example.net", "    (generated from joe@example.net)": who it was for.
  const generated = /generated (?:by|from) ([^\s)@]{1,255}@[^\s)@]{1,255})/.exec(diagnostic)?.[1];
  const named = entry.address.includes("@")
    ? undefined
    : (generated ?? /RCPT TO:<([^<>\s]{1,255})>/.exec(diagnostic)?.[1]);
  const remote = /host ([^\s[]{1,255}) \[/.exec(diagnostic)?.[1];
  return {
    addressText: named ?? entry.address,
    ...(diagnostic && { diagnostic: diagnostic.replace(/^\((?:ultimately )?generated from [^)]{1,255}\) /, "") }),
    ...(remote && { remoteMta: remote }),
  };
}

/** Texts of a site's own (`bounce_message_file`): the header field names the recipients, else a sentence does. */
function fromFailedRecipients(input: DialectInput, lines: readonly string[]): DialectRecipient[] {
  const field = input.message.root.headers.all("x-failed-recipients");
  const words = joinLines(lines);
  const named = field.flatMap((one) => one.rawValue.split(",")).map((addressText) => addressText.trim());
  const told = lines.flatMap((line) =>
    /(?:addressed to|rcpt to:?) ?['<"]/i.test(line) ? (firstAddress(line) ?? []) : [],
  );
  const addresses = named.some((addressText) => addressText.includes("@")) ? named : told;
  return [...new Set(addresses)]
    .filter((addressText) => addressText.includes("@"))
    .map((addressText) => ({ addressText, diagnostic: words }));
}
