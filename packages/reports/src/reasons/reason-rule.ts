import type { ReportFormat } from "../report.ts";
import type { DsnReason } from "./reason.ts";

/** Where in the SMTP session the remote refused (RFC 5321 section 3). `connect` stands for the greeting and HELO/EHLO. */
export type SmtpStage = "connect" | "starttls" | "auth" | "mail" | "rcpt" | "data";

/**
 * One way in which a remote server says why. Rows are data: the first row of the list that fits wins, so a row that says
 * more stands above a row that says less, and each row's `example` must be won by that very row (a test holds them to it).
 */
export interface ReasonRule {
  /** Kebab-case and unique: the verdict names it. */
  readonly id: string;
  readonly reason: DsnReason;
  /**
   * Any of these fits. Lower case, single spaces. `*` stands for at most MAX_GAP characters, so that
   * `mailbox*full` finds "mailbox <joe@example.net> is full".
   */
  readonly phrases: readonly string[];
  /** The row holds only for an enhanced status code that begins with one of these. */
  readonly status?: readonly string[];
  /** The row holds only when the refusal is known to have come at one of these stages. */
  readonly stage?: readonly SmtpStage[];
  /** The row holds only in reports of one of these forms: where the writer of the words is known by it. */
  readonly formats?: readonly ReportFormat[];
  /**
   * What the same words mean when they did not come in answer to RCPT: a server that has already read the message knows
   * the user, and hides a filter behind "user unknown" (docomo, KDDI, mail.ru).
   */
  readonly unlessRcpt?: DsnReason;
  /** `unlessRcpt` holds also where no stage is known: the receiver never refuses an address at RCPT. */
  readonly excuse?: true;
  /** A diagnostic that this row wins. */
  readonly example: string;
  /** What the human can do here, where that is more than the advice for the reason. */
  readonly advice?: string;
}
