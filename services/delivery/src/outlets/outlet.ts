/**
 * The edge between triage and the mailbox of a human.
 *
 * At least once: an outlet may be asked again for a mail that it has already handed over (the process died before it
 * was recorded). It delivers again only where it cannot know; the Message-ID is the same then.
 */
import type { OutboundMail } from "../compose/outbound-mail.ts";

/** `error` will be retried, `failed` is permanent. `detail` is the other side's answer or our error, for the record. */
export interface OutletResult {
  readonly recipient: string;
  readonly outcome: "delivered" | "error" | "failed";
  readonly detail: string;
}

export interface Outlet {
  /** Of the configuration, kebab-case; also the metric label. */
  readonly id: string;
  /** Line ends that it wants. */
  readonly lineEnd: "crlf" | "lf";
  /**
   * Hands one mail to these recipients.
   *
   * @returns One result for each recipient. Does not reject: whatever goes wrong is an outcome.
   */
  deliver(mail: OutboundMail, recipients: readonly string[]): Promise<readonly OutletResult[]>;
  /** Finishes what is being sent, then closes connections. */
  close(): Promise<void>;
}
