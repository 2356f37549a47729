/** What the ids are called in a letter to a person. Tables only. */
import type { Classification } from "@triage/contracts";

type VerdictId = Classification["verdict"];
type ReportKind = Classification["report"]["kind"];
export type Recipient = NonNullable<Classification["report"]["recipients"]>[number];

/** Completes the sentence "This is ...". */
export function nameVerdict(verdict: VerdictId, kind: ReportKind): string {
  // A feedback report is a person's word as well, but not one to the postmaster.
  return verdict === "user-report" && kind === "feedback"
    ? "a complaint about mail of this site"
    : VERDICT_MEANING[verdict];
}

const VERDICT_MEANING: Readonly<Record<VerdictId, string>> = {
  "genuine-dsn": "a bounce of mail that this site sent",
  "user-report": "something a person wants to tell the postmaster",
  backscatter: "an answer to mail that this site never sent: somebody forged our address",
  automated: "automatic mail that needs no answer",
  spam: "spam",
  undecided: "undecided: the evidence is too weak to suppress it, so please look at it yourself",
};

/** Begins a subject line. */
export const KIND_LABEL: Readonly<Record<ReportKind, string>> = {
  dsn: "Bounce",
  feedback: "Complaint",
  mdn: "Read receipt",
  "auto-reply": "Automatic reply",
  challenge: "Challenge",
  "virus-notice": "Virus notice",
  "dmarc-aggregate": "DMARC report",
  "tls-report": "TLS report",
  person: "Letter",
  other: "Message",
};

/** Completes "The message that came back: ...". */
export const RETURNED_MEANING: Readonly<Record<Classification["returned"]["form"], string>> = {
  message: "the whole message",
  headers: "only its header",
  inline: "quoted in the text",
  none: "nothing of it",
};

/** `user-unknown` -> `user unknown`; the id stays searchable in the header fields and the console. */
export function nameReason(reason: Recipient["reason"]): string {
  return reason === "undefined" ? "reason not given" : reason.replaceAll("-", " ");
}

/** `failed for good`, `delayed, still being tried`: what the remote did with this recipient. */
export function nameAction(recipient: Recipient): string {
  switch (recipient.action) {
    case "failed":
      return recipient.permanent ? "permanent failure" : "failed after a temporary error";
    case "delayed":
      return "delayed, still being tried";
    case "delivered":
      return "delivered";
    case "relayed":
      return "relayed to a system that sends no further reports";
    case "expanded":
      return "delivered to a list";
    default:
      return recipient.action satisfies never;
  }
}

/** What became of a recipient, the worst first: failed, delayed, and all that is no trouble. */
export function gravityOf({ action }: Recipient): 0 | 1 | 2 {
  if (action === "failed") return 0;
  return action === "delayed" ? 1 : 2;
}

/** `99.8%`. Rounded down, so that nothing short of certainty is shown as 100%. */
export function formatPercent(probability: number): string {
  return `${(Math.floor(probability * 1_000) / 10).toFixed(1)}%`;
}
