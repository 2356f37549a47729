/** What every bounce has in common, whichever MTA writes it. */
import type { Host } from "./host.ts";
import { encodedWord, type Field, headerBlock, mailDate } from "./mail-text.ts";
import type { ReturnedMail } from "./returned-mail.ts";
import type { Random } from "./seeded-random.ts";

/** Why and for whom delivery failed, as the refusing server said it. */
export interface Failure {
  readonly action: "failed" | "delayed";
  readonly replyCode: string;
  readonly status: string;
  /** The remote server's words, one line, ASCII. */
  readonly words: string;
  /** Who refused; undefined when the reporting host did itself. */
  readonly remote: Host | undefined;
}

export interface BounceFacts {
  readonly reporter: Host;
  readonly mail: ReturnedMail;
  /** Received lines above `mail.header`, topmost first. */
  readonly path: string;
  readonly failure: Failure;
  readonly returns: "message" | "headers" | "none";
  readonly atMs: number;
  readonly random: Random;
}

/** One MTA's way to write them. */
export interface BounceDialect {
  readonly name: string;
  write(facts: BounceFacts): string;
}

/** The returned message, as far as this report returns it. */
export function returnedText({ mail, path, returns }: BounceFacts): string {
  if (returns === "none") return "";
  const header = `Return-Path: <${mail.sender}>\n${path}${mail.header}`;
  return returns === "headers" ? header : `${header}\n${mail.body}`;
}

export interface Outer {
  readonly from: string;
  readonly subject: string;
  readonly fields?: readonly Field[];
  readonly contentType: string;
  readonly body: string;
}

/** Outer header and body, LF line ends. */
export function outerMail({ reporter, mail, atMs, random }: BounceFacts, outer: Outer): string {
  const { from, subject, fields = [], contentType, body } = outer;
  const header = headerBlock([
    [
      "Received",
      `from ${reporter.name} (${reporter.name} [${reporter.ip}])\n\tby mx.example.com (Postfix) with ESMTPS id ` +
        `${random.word(10).toUpperCase()}\n\tfor <${mail.sender}>; ${mailDate(atMs)}`,
    ],
    ["Date", mailDate(atMs - 2_000)],
    ["From", from],
    ["To", mail.sender],
    ["Subject", encodedWord(subject)],
    ["Message-ID", `<${random.word(14)}@${reporter.name}>`],
    ...fields,
    ["MIME-Version", "1.0"],
    ["Content-Type", contentType],
  ]);
  return `${header}\n${body}`;
}

/** multipart/report (RFC 6522): text, delivery-status (RFC 3464), and what is returned. */
export interface ReportParts {
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly fields?: readonly Field[];
  /** More fields of the per-message group. */
  readonly perMessage?: readonly Field[];
  readonly reportingMta?: string;
}

export function reportMail(facts: BounceFacts, parts: ReportParts): string {
  const boundary = `=_${facts.random.word(16)}`;
  const returned = returnedText(facts);
  const type = facts.returns === "message" ? "message/rfc822" : "text/rfc822-headers";
  const sections = [
    `Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n${parts.text}\n`,
    `Content-Type: message/delivery-status\n\n${deliveryStatus(facts, parts)}`,
    ...(returned === "" ? [] : [`Content-Type: ${type}\n\n${returned}`]),
  ];
  const body = `${sections.map((section) => `--${boundary}\n${section}\n`).join("")}--${boundary}--\n`;
  const contentType = `multipart/report; report-type=delivery-status;\n\tboundary="${boundary}"`;
  return outerMail(facts, { from: parts.from, subject: parts.subject, fields: parts.fields ?? [], contentType, body });
}

function deliveryStatus(
  { reporter, mail, failure }: BounceFacts,
  { perMessage = [], reportingMta }: ReportParts,
): string {
  const { action, status, replyCode, words, remote } = failure;
  const group = headerBlock([
    ["Reporting-MTA", `dns; ${reportingMta ?? reporter.name}`],
    ...perMessage,
    ["Arrival-Date", mailDate(mail.sentAtMs)],
  ]);
  const recipient = headerBlock([
    ["Final-Recipient", `rfc822; ${mail.recipient}`],
    ["Action", action],
    ["Status", status],
    ...(remote === undefined ? [] : [["Remote-MTA", `dns; ${remote.name}`] as const]),
    ["Diagnostic-Code", `smtp; ${replyCode} ${status} ${words}`],
  ]);
  return `${group}\n${recipient}`;
}

/** Plain text with the returned message below a line that announces it. */
export interface PlainParts {
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  /** Stands above what is returned. */
  readonly announces: string;
  readonly fields?: readonly Field[];
}

export function plainMail(facts: BounceFacts, { from, subject, text, announces, fields }: PlainParts): string {
  const returned = returnedText(facts);
  const below = returned === "" ? "" : `\n${announces}\n\n${returned}`;
  return outerMail(facts, {
    ...{ from, subject },
    fields: [...(fields ?? []), ["Content-Transfer-Encoding", "8bit"]],
    contentType: "text/plain; charset=utf-8",
    body: `${text}\n${below}`,
  });
}
