/**
 * Lines of Exim's main log (chapter "Log files" of its specification): `<=` a message came in, `=>`, `->` and `>>` it was
 * delivered, `**` it failed, `==` it is deferred, `Completed`. What log_selector adds (`[pid]`, `Q=`, `F=<..>`, `T="..."`, `for
 * ...`) is passed over. Message ids have 16 characters, since Exim 4.97 23. Pure.
 */
import type { SentLine } from "@triage/contracts";
import { domainOf, type IsOwnDomain, isElsewhere, sentLineOf } from "./log-delivery.ts";
import type { OpenMessages } from "./open-messages.ts";

export interface EximLine {
  readonly timeMs: number;
  readonly host: string;
  /** After the stamp: from the message id, or the process id in brackets, on. */
  readonly text: string;
}

const MESSAGE_ID = /^(?:[0-9A-Za-z]{6}-[0-9A-Za-z]{6}-[0-9A-Za-z]{2}|[0-9A-Za-z]{6}-[0-9A-Za-z]{11}-[0-9A-Za-z]{4}) /;

/** @returns What the line tells that we sent; undefined for nearly all of them. */
export function readEximLine(line: EximLine, open: OpenMessages, isOwn: IsOwnDomain | undefined): SentLine | undefined {
  const text = line.text.startsWith("[") ? line.text.slice(line.text.indexOf("] ") + 2) : line.text;
  const id = MESSAGE_ID.exec(text)?.[0].trimEnd();
  if (id === undefined) return undefined;
  const key = `${line.host} exim ${id}`;
  const flag = text.slice(id.length + 1, id.length + 3);
  const rest = text.slice(id.length + 4);
  switch (flag) {
    case "<=":
      noteArrival(key, rest, open);
      return undefined;
    case "Co":
      if (text.startsWith("Completed", id.length + 1)) open.end(key);
      return undefined;
    case "=>":
    case "->":
    case ">>":
      if (!isElsewhere(hostOf(rest))) return undefined;
      break;
    case "**":
    case "==":
      break;
    default:
      return undefined;
  }
  const left = flag !== "**" && flag !== "==";
  const { timeMs } = line;
  return sentLineOf({ queueId: id, left, timeMs, recipients: recipientsOf(rest), message: open.get(key) }, isOwn);
}

/** `ann@example.com H=... P=esmtps S=1234 id=1@example.com T="subject" for joe@example.net`. The subject is the sender's. */
function noteArrival(key: string, rest: string, open: OpenMessages): void {
  const subject = rest.indexOf(' T="');
  const own = subject < 0 ? rest : rest.slice(0, subject);
  const sender = own.slice(0, endOfWord(own, 0));
  const id = own.indexOf(" id=");
  const messageId = id < 0 ? "" : own.slice(id + 4, endOfWord(own, id + 4));
  const senderDomain = sender === "<>" ? "" : domainOf(sender);
  open.note(key, messageId === "" ? { senderDomain } : { messageId, senderDomain });
}

/** `joe@example.net <joe@example.com> R=...`: the final address (a name, a file or a pipe for a local one) and its parent. */
function recipientsOf(rest: string): readonly string[] {
  const end = endOfWord(rest, 0);
  const final = rest.slice(0, rest.charAt(end - 1) === ":" ? end - 1 : end);
  const parent = rest.startsWith(" <", end) ? rest.slice(end + 2, rest.indexOf(">", end)) : "";
  return [final, parent].filter((address) => address.includes("@"));
}

/** `mx.example.net [192.0.2.1]` of ` H=mx.example.net [192.0.2.1]:25 `; the remote's words, `C="250 ..."`, come later. */
function hostOf(rest: string): string {
  const start = rest.indexOf(" H=");
  if (start < 0) return "";
  const close = rest.indexOf("]", start);
  return close < 0 ? "" : rest.slice(start + 3, close + 1);
}

function endOfWord(text: string, from: number): number {
  const blank = text.indexOf(" ", from);
  return blank < 0 ? text.length : blank;
}
