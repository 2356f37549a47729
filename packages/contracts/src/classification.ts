/**
 * The result of the five stages as JSON: what `triage classify` prints (there with `path`), what the verdict row keeps
 * and what `GET /v1/messages/:id` shows. One source for the type, the validation and the OpenAPI document.
 *
 * A field that is not known is left out. The null reverse-path is `"<>"`.
 *
 * The lists of ids are written out, checked against the types, and not imported: ingest and delivery would otherwise
 * load the text model and every dialect only to name them.
 */
import type { EvidenceOutcome } from "@triage/provenance";
import type { DsnAction, DsnReason, ReportKind, Returned } from "@triage/reports";
import type { RouteId, Urgency } from "@triage/routing";
import type { VerdictId } from "@triage/scoring";
import { type Static, Type } from "typebox";
import { allIds } from "./all-ids.ts";
import type { Immutable } from "./immutable.ts";

export const VERDICT_IDS = allIds<VerdictId>()([
  "genuine-dsn",
  "user-report",
  "backscatter",
  "automated",
  "spam",
  "undecided",
]);
export const ROUTE_IDS = allIds<RouteId>()(["human", "digest", "archive"]);
export const URGENCIES = allIds<Urgency>()(["high", "normal", "low"]);
export const REPORT_KINDS = allIds<ReportKind>()([
  "dsn",
  "feedback",
  "mdn",
  "auto-reply",
  "challenge",
  "virus-notice",
  "dmarc-aggregate",
  "tls-report",
  "person",
  "other",
]);
export const DSN_ACTIONS = allIds<DsnAction>()(["failed", "delayed", "delivered", "relayed", "expanded"]);
export const DSN_REASON_IDS = allIds<DsnReason>()([
  "auth-failure",
  "bad-reputation",
  "blocked",
  "content-error",
  "delivered",
  "exceed-limit",
  "expired",
  "failed-starttls",
  "feedback",
  "filtered",
  "has-moved",
  "host-unknown",
  "mailbox-full",
  "mailer-error",
  "message-too-big",
  "network-error",
  "no-relaying",
  "not-accept",
  "not-compliant-rfc",
  "on-hold",
  "policy-violation",
  "rate-limited",
  "rejected",
  "require-ptr",
  "security-error",
  "spam-detected",
  "suppressed",
  "suspend",
  "syntax-error",
  "system-error",
  "system-full",
  "too-many-conn",
  "undefined",
  "user-unknown",
  "vacation",
  "virus-detected",
]);
const RETURNED_FORMS = allIds<Returned["form"]>()(["message", "headers", "inline", "none"]);
const EVIDENCE_OUTCOMES = allIds<EvidenceOutcome>()(["pass", "fail", "neutral", "skip", "temperror"]);

const Probability = Type.Number({ minimum: 0, maximum: 1 });

export const RecipientSchema = Type.Object({
  address: Type.String({ description: "As an addr-spec, or as the report spells it where it is not one." }),
  action: Type.Enum(DSN_ACTIONS),
  status: Type.Optional(Type.String({ description: "Enhanced status code (RFC 3463)." })),
  replyCode: Type.Optional(Type.String({ description: "SMTP reply code (RFC 5321 section 4.2)." })),
  reason: Type.Enum(DSN_REASON_IDS),
  reasonRule: Type.Optional(Type.String({ description: "Id of the rule that chose the reason." })),
  permanent: Type.Boolean(),
  diagnostic: Type.Optional(Type.String()),
  remoteMta: Type.Optional(Type.String()),
});

export const ReportSchema = Type.Object({
  kind: Type.Enum(REPORT_KINDS),
  format: Type.Optional(Type.String({ description: "`rfc3464` or `dialect:<name>`; DSNs only." })),
  reportingMta: Type.Optional(Type.String()),
  feedbackType: Type.Optional(Type.String({ description: "Feedback reports only (RFC 5965)." })),
  recipients: Type.Optional(Type.Array(RecipientSchema)),
  defects: Type.Optional(
    Type.Array(Type.Object({ code: Type.String(), detail: Type.String() }), {
      description: "What was wrong with the message, where something was.",
    }),
  ),
});

export const ReturnedSchema = Type.Object({
  form: Type.Enum(RETURNED_FORMS),
  from: Type.Optional(Type.String()),
  reversePath: Type.Optional(Type.String()),
  messageId: Type.Optional(Type.String()),
  subject: Type.Optional(Type.String()),
});

export const EvidenceSchema = Type.Object({
  check: Type.String(),
  outcome: Type.Enum(EVIDENCE_OUTCOMES),
  weight: Type.Number({ description: "Log-odds that this check added to the verdict; together they give the score." }),
  detail: Type.String(),
});

export const ClassificationSchema = Type.Object({
  verdict: Type.Enum(VERDICT_IDS),
  score: Probability,
  scores: Type.Object({
    "genuine-dsn": Probability,
    "user-report": Probability,
    backscatter: Probability,
    automated: Probability,
    spam: Probability,
  }),
  route: Type.Enum(ROUTE_IDS),
  actionable: Type.Boolean({ description: "The route is `human`." }),
  why: Type.String({ description: "One sentence for the human." }),
  advice: Type.Optional(Type.String({ description: "What the human can do about it." })),
  rule: Type.String({ description: "Id of the policy row that chose the route, or `override:<id>`." }),
  urgency: Type.Optional(
    Type.Enum(URGENCIES, {
      description: "How soon a person should look; left out of what was stored before there was one.",
    }),
  ),
  fingerprint: Type.Optional(Type.String({ description: "Same cause, same fingerprint." })),
  report: ReportSchema,
  returned: ReturnedSchema,
  evidence: Type.Array(EvidenceSchema),
});

export type Classification = Immutable<Static<typeof ClassificationSchema>>;
