/**
 * What a message claims to be: the result of the second stage. Facts only; whether the claim is true is decided in
 * provenance, and what it means for the human in scoring and routing.
 */
import type { Address, Defect, HeaderList, ReversePath } from "@triage/message";
import type { DsnReason } from "./reasons/reason.ts";

export type ReportKind =
  | "dsn"
  | "feedback"
  | "mdn"
  | "auto-reply"
  | "challenge"
  | "virus-notice"
  | "dmarc-aggregate"
  | "tls-report"
  | "person"
  | "other";

/** `rfc3464`, or the dialect that spoke: `dialect:<name>`. */
export type ReportFormat = "rfc3464" | `dialect:${string}`;

/** RFC 3464 section 2.3.3. */
export type DsnAction = "failed" | "delayed" | "delivered" | "relayed" | "expanded";

/** One recipient of a DSN (RFC 3464 section 2.3). Codes are as reported, or derived from the diagnostic text where it holds them. */
export interface DsnRecipient {
  /** Final-Recipient (or the address that the dialect names); the Original-Recipient only where there is no other. */
  readonly address: Address | undefined;
  /** The address as the report spells it, where it is not an addr-spec. */
  readonly addressText: string;
  readonly originalRecipient: Address | undefined;
  readonly action: DsnAction;
  /** Enhanced status code (RFC 3463), `class.subject.detail`. */
  readonly status: string | undefined;
  /** SMTP reply code (RFC 5321 section 4.2). */
  readonly replyCode: string | undefined;
  readonly reason: DsnReason;
  /** Id of the rule in reasons/ that chose the reason. */
  readonly reasonRule: string;
  /** Permanent (5.x.x, failed) or transient. */
  readonly permanent: boolean;
  /** Diagnostic-Code or the remote's words: unfolded, at most MAX_DIAGNOSTIC_CHARS. */
  readonly diagnostic: string | undefined;
  readonly remoteMta: string | undefined;
  /** RFC 3464 section 2.3.8, as sent. */
  readonly willRetryUntil: string | undefined;
}

/** The message that came back (RFC 6522): a whole one, its header, or what stands inline in the text. */
export interface Returned {
  readonly form: "message" | "headers" | "inline" | "none";
  /** Header fields exactly as returned; undefined for `none`. */
  readonly headers: HeaderList | undefined;
  /** The bytes of the returned message or header; undefined for `none`. */
  readonly bytes: Buffer | undefined;
  /** Body of the returned message (after the blank line), where the whole message came back. */
  readonly body: Buffer | undefined;
  /** Header From, first address. */
  readonly from: Address | undefined;
  /** Return-Path (or what the dialect names as sender) of the returned message. */
  readonly reversePath: ReversePath | undefined;
  /** With angle brackets. */
  readonly messageId: string | undefined;
  readonly subject: string | undefined;
}

interface ReportBase {
  readonly returned: Returned;
  /**
   * Message-ID that the header of the report says it answers, with angle brackets: In-Reply-To, else the last of
   * References (RFC 5322 section 3.6.4; automatic responses: RFC 3834 section 3.1.5).
   */
  readonly answersMessageId?: string | undefined;
  /** Domain of the header From of the report, lower-cased: who says that he reports. */
  readonly reporterDomain?: string | undefined;
  /** Date of the report, as sent. */
  readonly date?: string | undefined;
  /** Things worth knowing about the outer message, one id each: `null-reverse-path`, `auto-submitted`, `precedence-bulk`, `list-id`, ... */
  readonly traits: readonly Trait[];
  readonly defects: readonly Defect[];
}

/** Closed list: what the outer header and structure show. Inputs of scoring, each named in docs/scoring.md. */
export type Trait =
  | "null-reverse-path"
  | "auto-submitted"
  | "precedence-bulk"
  | "list-mail"
  | "from-daemon"
  | "from-no-reply"
  | "subject-auto-reply"
  | "subject-bounce"
  | "reply-or-forward"
  | "attached-report"
  | "quoted-report"
  | "cron"
  | "ticket-acknowledgement"
  | "calendar-reply"
  | "letter-form"
  | "contact-form"
  | "html-only"
  | "bulk-headers";

export interface DsnReport extends ReportBase {
  readonly kind: "dsn";
  readonly format: ReportFormat;
  readonly reportingMta: string | undefined;
  /** Original-Envelope-Id (RFC 3464 section 2.2.1): the ENVID given at submission. */
  readonly envelopeId: string | undefined;
  /** Received-From-MTA (RFC 3464 section 2.2.4): whom the reporting MTA got the message from, mostly by its HELO. */
  readonly receivedFromMta?: string | undefined;
  readonly arrivalDate: string | undefined;
  /** Queue id of the reporting MTA, where it says one (Postfix: X-Postfix-Queue-ID). */
  readonly queueId: string | undefined;
  /** 1 to MAX_RECIPIENTS entries; empty only with the defect `no-recipient`. */
  readonly recipients: readonly DsnRecipient[];
}

/** RFC 5965 (types: RFC 5965 section 7.3, 6591 auth-failure). */
export interface FeedbackReport extends ReportBase {
  readonly kind: "feedback";
  readonly feedbackType: string;
  readonly userAgent: string | undefined;
  readonly sourceIp: string | undefined;
  readonly originalMailFrom: string | undefined;
  readonly originalRecipients: readonly Address[];
  readonly reportedDomains: readonly string[];
}

/** RFC 8098. */
export interface MdnReport extends ReportBase {
  readonly kind: "mdn";
  readonly disposition: string;
  readonly finalRecipient: Address | undefined;
  readonly originalMessageId: string | undefined;
}

/** Everything whose kind and traits say all that is known of it. */
export interface PlainReport extends ReportBase {
  readonly kind: "auto-reply" | "challenge" | "virus-notice" | "dmarc-aggregate" | "tls-report" | "person" | "other";
}

export type Report = DsnReport | FeedbackReport | MdnReport | PlainReport;
