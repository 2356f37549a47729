/**
 * Makes a DsnRecipient from the claims about one recipient, whoever made them: the fields of RFC 3464 or a dialect.
 *
 * Here the codes are completed from the diagnostic, and the reason is looked up; so both sources give the same facts.
 */
import { type Address, parseAddress } from "@triage/message";
import type { DialectRecipient } from "../dialects/dialect.ts";
import { codesOf } from "../reasons/codes.ts";
import { explainReason } from "../reasons/explain-reason.ts";
import type { SmtpStage } from "../reasons/reason-rule.ts";
import type { DsnAction, DsnRecipient, ReportFormat } from "../report.ts";
import { chooseStatus } from "./status.ts";

/** LIMIT: characters of a diagnostic that are kept; the longest known (Microsoft's with its trace) has about 1,800. */
export const MAX_DIAGNOSTIC_CHARS = 2_000;

/** What a report says about one recipient, before anything is derived. */
export interface RecipientClaim {
  readonly address: Address | undefined;
  readonly addressText: string;
  readonly originalRecipient: Address | undefined;
  readonly action: DsnAction;
  readonly status: string | undefined;
  readonly replyCode: string | undefined;
  readonly diagnostic: string | undefined;
  readonly remoteMta: string | undefined;
  readonly willRetryUntil: string | undefined;
}

export function completeRecipient(claim: RecipientClaim, format: ReportFormat): DsnRecipient {
  const spoken = codesOf(claim.diagnostic ?? "");
  const action = isGivenUp(claim) ? "failed" : claim.action;
  const succeeded = action !== "failed" && action !== "delayed";
  // A 2xx of an earlier step ("250 Ok, but ...") says nothing about a failure.
  const spokenStatus = spoken.status?.startsWith("2") && !succeeded ? undefined : spoken.status;
  const spokenReply = spoken.replyCode?.startsWith("2") && !succeeded ? undefined : spoken.replyCode;
  const status = chooseStatus(claim.status, spokenStatus);
  const replyCode = claim.replyCode ?? spokenReply;
  const diagnostic = claim.diagnostic?.slice(0, MAX_DIAGNOSTIC_CHARS);
  const { reason, rule } = explainReason({ status, replyCode, diagnostic, action, format, stage: undefined });
  // Field by field: a spread of the claim costs as much as reading its codes.
  return {
    address: claim.address,
    addressText: claim.addressText,
    originalRecipient: claim.originalRecipient,
    action,
    status,
    replyCode,
    diagnostic,
    remoteMta: claim.remoteMta,
    willRetryUntil: claim.willRetryUntil,
    reason,
    reasonRule: rule,
    permanent: isPermanent(action, status, replyCode),
  };
}

/**
 * QUIRK(opensmtpd): queue.c expires an envelope and reports it in the words and with the Action of a delay ("Envelope
 * expired"); nothing follows, because the message is gone.
 */
function isGivenUp({ action, diagnostic }: RecipientClaim): boolean {
  return action === "delayed" && diagnostic === "Envelope expired";
}

/** RFC 3463 section 3.1: the class decides; without one the reply code, without both the action. */
function isPermanent(action: DsnAction, status: string | undefined, replyCode: string | undefined): boolean {
  if (action !== "failed") return false;
  return !(status ?? replyCode ?? "5").startsWith("4");
}

/** Completes what a dialect found. */
export function recipientFromDialect(found: DialectRecipient, format: ReportFormat): DsnRecipient {
  return completeRecipient(
    {
      address: parseAddress(found.addressText),
      addressText: found.addressText,
      originalRecipient: undefined,
      action: found.action ?? "failed",
      status: found.status,
      replyCode: found.replyCode,
      diagnostic: found.diagnostic,
      remoteMta: found.remoteMta,
      willRetryUntil: found.willRetryUntil,
    },
    format,
  );
}

/** Gives a recipient the remote's words that stand elsewhere in the report, and derives from them anew. */
export function addDiagnostic(recipient: DsnRecipient, diagnostic: string): DsnRecipient {
  return completeRecipient({ ...recipient, diagnostic }, "rfc3464");
}

/**
 * Explains a recipient anew once the text for people has said more: at which command the remote refused, and which system
 * writes such a text. "User unknown" after DATA is a filter.
 */
export function addStage(recipient: DsnRecipient, stage: SmtpStage | undefined, format: ReportFormat): DsnRecipient {
  const { status, replyCode, diagnostic, action } = recipient;
  const { reason, rule } = explainReason({ status, replyCode, diagnostic, action, format, stage });
  const isSame = reason === recipient.reason && rule === recipient.reasonRule;
  return isSame ? recipient : { ...recipient, reason, reasonRule: rule };
}
