/** What goes to a human: the mail, and what it says, for outlets that speak JSON instead of mail. */
import type { Classification, DigestFacts } from "@triage/contracts";
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
  /** The same with the least of the original, for a server that finds this too large; undefined: there is nothing to leave out. */
  readonly smaller?: () => Promise<OutboundMail>;
}

/** What a reader can do about a message with one click, as URLs. */
export interface MessageLinks {
  /** "I see to it." */
  readonly acknowledge?: string;
  /** Sends it whole to the human; of messages that were kept. */
  readonly release?: string;
}

export type MailTopic =
  | {
      readonly kind: "message";
      /** Verdict, route, urgency, why, advice and recipients; never a body. */
      readonly classification: Classification;
      readonly receivedAt: Date;
      readonly links?: MessageLinks;
    }
  | { readonly kind: "notice"; readonly notice: Notice }
  /** An operator asked for it: `triage outlets test`. */
  | { readonly kind: "test"; readonly at: Date }
  /** `facts` is what it says, as the store keeps it until it is delivered. */
  | {
      readonly kind: "digest";
      readonly since: Date;
      readonly until: Date;
      readonly at: Date;
      readonly facts: DigestFacts;
    };
