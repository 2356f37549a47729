/**
 * What a message looks like beside its words: links, HTML tricks, header. Each is a token of the text model, `f:` first,
 * with a trained weight like any word. Only what spammers and people do in any year and language is here. Pure.
 */
import { type Address, type HeaderList, type Message, parseAddressList, parseMailboxList } from "@triage/message";
import { elementFeatures } from "./html-features.ts";
import { linkTokens, showsAnotherSite } from "./link-features.ts";
import type { MessageText } from "./message-text.ts";
import { recipientFeatures } from "./recipient-features.ts";

const MANY_LINKS = 6;
const MANY_EXCLAMATION_MARKS = 3;
const SHORT_TEXT_CHARS = 200;
const MIN_SHOUTED_LETTERS = 8;

const ADDRESS_LINK = /https?:\/\/\d{1,3}\.\d{1,3}\./i;
const MONEY = /[$€£¥₽]\s?\d|\d\s?[$€£¥₽]/;
const HIDDEN_STYLE = /display:\s?none|font-size:\s?[01](?:px|pt)?\s?[;"']|visibility:\s?hidden/i;
const REPLY_SUBJECT = /^re:/i;
/** Mass mailers hide a serial number at the far end of the subject. */
const GAP_IN_SUBJECT = /\s{5}\S{1,30}$/;
/** Letters of two scripts in one word, or characters that do not show: so that no filter knows the word again. */
const MIXED_SCRIPTS = /[a-z][\u0370-\u03ff\u0400-\u04ff]|[\u0370-\u03ff\u0400-\u04ff][a-z]/i;
const UNSEEN_INSIDE = /[a-z](?:\u00ad|\u200b|\u200c|\u200d|\u2060|\ufeff)[a-z]/i;
const ARCHIVE_NAME = /\.(?:zip|rar|7z|gz|tgz|tar|ace|arj|cab|xz)$/;
const EXECUTABLE_NAME = /\.(?:exe|scr|pif|bat|com|js|vbs|iso|img|lnk|hta)$/;

function countOf(text: string, needle: string, most: number): number {
  let count = 0;
  for (let at = text.indexOf(needle); at >= 0 && count < most; at = text.indexOf(needle, at + needle.length)) count++;
  return count;
}

function* linkFeatures({ body, html, htmlOnly }: MessageText): Iterable<string> {
  const links = countOf(htmlOnly ? html : body, "://", MANY_LINKS);
  yield links === 0 ? "f:no-link" : links < MANY_LINKS ? "f:links" : "f:many-links";
  if (links > 0 && (ADDRESS_LINK.test(body) || ADDRESS_LINK.test(html))) yield "f:link-to-ip";
}

function* htmlFeatures({ html, htmlOnly }: MessageText): Iterable<string> {
  if (html === "") return;
  yield htmlOnly ? "f:html-only" : "f:html";
  if (html.includes("<img") || html.includes("<IMG")) yield "f:image";
  if (html.includes("<form") || html.includes("<FORM")) yield "f:form";
  if (HIDDEN_STYLE.test(html)) yield "f:hidden-text";
  if (showsAnotherSite(html)) yield "f:link-shows-another";
}

function isShouted(text: string): boolean {
  const letters = text.replace(/[^\p{L}]/gu, "");
  return (
    letters.length >= MIN_SHOUTED_LETTERS && letters === letters.toUpperCase() && letters !== letters.toLowerCase()
  );
}

function* textFeatures({ subject, body }: MessageText): Iterable<string> {
  if (subject.trim() === "") yield "f:no-subject";
  if (subject.includes("!")) yield "f:subject-exclaims";
  if (isShouted(subject)) yield "f:subject-shouts";
  if (body.length < SHORT_TEXT_CHARS) yield "f:short";
  if (countOf(body, "!", MANY_EXCLAMATION_MARKS) >= MANY_EXCLAMATION_MARKS) yield "f:exclaims";
  if (MONEY.test(body)) yield "f:money";
  if (body.includes("\n>") || body.startsWith(">")) yield "f:quotes";
  if (body.includes("\n-- \n")) yield "f:signature";
  if (MIXED_SCRIPTS.test(subject) || MIXED_SCRIPTS.test(body)) yield "f:mixed-scripts";
  if (UNSEEN_INSIDE.test(subject) || UNSEEN_INSIDE.test(body)) yield "f:unseen-inside-word";
}

function* attachmentFeatures({ attachments }: MessageText): Iterable<string> {
  if (attachments.some((name) => ARCHIVE_NAME.test(name))) yield "f:attached-archive";
  if (attachments.some((name) => EXECUTABLE_NAME.test(name))) yield "f:attached-program";
  if (attachments.some((name) => name.endsWith(".html") || name.endsWith(".htm"))) yield "f:attached-html";
}

function* headerFeatures(headers: HeaderList, text: MessageText): Iterable<string> {
  const [sender] = parseMailboxList(headers.value("from") ?? "");
  const from = sender?.address;
  const [replyTo] = parseAddressList(headers.value("reply-to") ?? "");
  const [to] = parseAddressList(headers.value("to") ?? "");
  if (from !== undefined && replyTo !== undefined && from.domain !== replyTo.domain) yield "f:reply-elsewhere";
  if (from !== undefined && to !== undefined && from.domain === to.domain && from.localPart === to.localPart) {
    yield "f:from-is-to";
  }
  if (to === undefined) yield "f:no-to";
  if (from !== undefined && /\d/.test(from.localPart)) yield "f:from-digits";
  yield messageIdFeature(headers.value("message-id"), from);
  if (!headers.has("date")) yield "f:no-date";
  if (headers.has("list-unsubscribe")) yield "f:list-unsubscribe";
  if (to !== undefined) yield* recipientFeatures(sender, to, text);
}

/** Most programs take the domain of the sender; mass mailers and web forms another, or none. */
function messageIdFeature(messageId: string | undefined, from: Address | undefined): string {
  if (messageId === undefined) return "f:no-message-id";
  const at = messageId.lastIndexOf("@");
  const domain = messageId.slice(at + 1).toLowerCase();
  if (!domain.includes(".")) return "f:message-id-without-domain";
  const organisation = from?.domain.split(".").slice(-2).join(".") ?? "";
  return organisation !== "" && domain.includes(organisation) ? "f:message-id-of-sender" : "f:message-id-elsewhere";
}

function* replyFeatures(headers: HeaderList, subject: string): Iterable<string> {
  const answers = headers.has("in-reply-to") || headers.has("references");
  if (answers) yield "f:answers";
  if (REPLY_SUBJECT.test(subject)) yield answers ? "f:reply" : "f:reply-to-nothing";
  if (GAP_IN_SUBJECT.test(subject)) yield "f:subject-gap";
}

/** Each token at most once. */
export function shapeFeatures({ root }: Message, text: MessageText): string[] {
  return [
    ...linkFeatures(text),
    ...htmlFeatures(text),
    ...textFeatures(text),
    ...attachmentFeatures(text),
    ...headerFeatures(root.headers, text),
    ...replyFeatures(root.headers, text.subject),
    ...elementFeatures(text.html),
    ...linkTokens([text.body, text.html]),
  ];
}
