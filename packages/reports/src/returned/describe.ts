/** Makes a Returned from the bytes and header of what came back. */
import { type HeaderList, parseAddressList, parseReversePath, type ReversePath } from "@triage/message";
import type { Returned } from "../report.ts";

const LF = 0x0a;
const CR = 0x0d;

export const NOTHING_RETURNED: Returned = {
  form: "none",
  headers: undefined,
  bytes: undefined,
  body: undefined,
  from: undefined,
  reversePath: undefined,
  messageId: undefined,
  subject: undefined,
};

export function describeReturned(
  form: Exclude<Returned["form"], "none">,
  headers: HeaderList,
  bytes: Buffer,
  body: Buffer | undefined,
): Returned {
  return {
    form,
    headers,
    bytes,
    body,
    from: parseAddressList(headers.value("from") ?? "")[0],
    reversePath: reversePathOf(headers.value("return-path")),
    messageId: messageIdOf(headers.value("message-id") ?? ""),
    subject: headers.text("subject"),
  };
}

/** Takes the reverse-path from the report where the returned header has none, as a header that never was delivered. */
export function withReversePath(returned: Returned, text: string | undefined): Returned {
  if (returned.reversePath !== undefined || text === undefined) return returned;
  const reversePath = reversePathOf(text);
  return reversePath === undefined ? returned : { ...returned, reversePath };
}

function reversePathOf(text: string | undefined): ReversePath | undefined {
  return text === undefined ? undefined : parseReversePath(text.trim());
}

/** RFC 5322 section 3.6.4; one without brackets gets them, as the ledger's keys have them. */
export function messageIdOf(value: string): string | undefined {
  const open = value.indexOf("<");
  const close = value.indexOf(">", open);
  if (open !== -1 && close > open) return value.slice(open, close + 1);
  const word = /[^\s<>]+/.exec(value)?.[0];
  return word === undefined ? undefined : `<${word}>`;
}

/** Index behind the blank line that ends a header, or -1: the bytes are a header and nothing else (RFC 5322 section 2.1). */
export function headerEndOf(bytes: Buffer): number {
  for (let at = 0; at < bytes.length; ) {
    const end = lineEndOf(bytes, at);
    if (end.content === at) return end.next;
    at = end.next;
  }
  return -1;
}

/** The end of the line that begins at `at`: LF, CRLF or a bare CR. `next` is where the next line begins. */
export function lineEndOf(bytes: Buffer, at: number): { content: number; next: number } {
  // Byte by byte: a search for the one kind of line end would run through all of a message that only has the other.
  for (let end = at; end < bytes.length; end += 1) {
    if (bytes[end] === LF) return { content: end, next: end + 1 };
    if (bytes[end] === CR) return { content: end, next: bytes[end + 1] === LF ? end + 2 : end + 1 };
  }
  return { content: bytes.length, next: bytes.length };
}
