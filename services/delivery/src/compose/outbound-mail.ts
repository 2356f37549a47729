/** What goes to a human: the mail, and what it says, for outlets that speak JSON instead of mail. */
import type { Classification } from "@triage/contracts";
import type { Notice } from "@triage/store";

export interface OutboundMail {
  /** Id of the message or notice that it is about (UUIDv7). */
  readonly id: string;
  /** With angle brackets. */
  readonly messageId: string;
  readonly raw: Buffer;
  /** The outlet must announce it (RFC 6152). */
  readonly eightBit: boolean;
  /** Decoded, one clean line. */
  readonly subject: string;
  /** The text on top, lines joined by LF. */
  readonly text: string;
  readonly topic: MailTopic;
}

export type MailTopic =
  | { readonly kind: "message"; readonly classification: Classification; readonly receivedAt: Date }
  | { readonly kind: "notice"; readonly notice: Notice };
