/** What the conditions of overrides look at, read when the first of them asks, and once. */
import { type Address, type Envelope, type Message, parseAddress } from "@triage/message";
import type { Report } from "@triage/reports";
import { readMessageText } from "../text-model/message-text.ts";

/** LIMIT: what a pattern is tried on; a field of a megabyte must not cost its length in every rule. UTF-16 units. */
const MAX_FIELD_CHARS = 4_096;

/** RFC 2919 section 3: the identifier stands in the last angle brackets; some senders write it without any. */
function readListId(value: string): string {
  const open = value.lastIndexOf("<");
  const close = value.indexOf(">", open);
  const id = open >= 0 && close > open ? value.slice(open + 1, close) : value;
  return id.trim().toLowerCase();
}

export class MessageFacts {
  readonly envelope: Envelope;
  readonly report: Report;
  readonly #message: Message;
  #from: Address | undefined | null = null;
  #listId: string | undefined | null = null;
  readonly #fields = new Map<string, string | undefined>();
  #body: string | undefined;

  constructor(message: Message, report: Report, envelope: Envelope) {
    this.#message = message;
    this.report = report;
    this.envelope = envelope;
  }

  /** First address of the header From. */
  get from(): Address | undefined {
    if (this.#from === null) {
      const value = this.#message.root.headers.value("from");
      this.#from = value === undefined ? undefined : parseAddress(value);
    }
    return this.#from;
  }

  /** Lower-cased. */
  get listId(): string | undefined {
    if (this.#listId === null) {
      const value = this.#message.root.headers.value("list-id")?.slice(0, MAX_FIELD_CHARS);
      this.#listId = value === undefined ? undefined : readListId(value);
    }
    return this.#listId;
  }

  /** Topmost field of that lower-case name, decoded. */
  field(name: string): string | undefined {
    if (!this.#fields.has(name)) {
      this.#fields.set(name, this.#message.root.headers.text(name)?.slice(0, MAX_FIELD_CHARS));
    }
    return this.#fields.get(name);
  }

  /** At most MAX_TEXT_CHARS (16,384), quoted lines included. */
  get body(): string {
    this.#body ??= readMessageText(this.#message).body;
    return this.#body;
  }
}
