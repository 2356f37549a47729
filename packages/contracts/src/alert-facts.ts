/** What is known of a trouble of this service, as another human than the one in trouble is told of it. */
import type { DsnReason } from "@triage/reports";
import { type Static, Type } from "typebox";
import type { Immutable } from "./immutable.ts";
import { DEAD_LETTER_STAGES } from "./message-state.ts";

const Count = Type.Integer({ minimum: 0 });

/** Who cannot be told, because the trouble is about them. */
const AvoidedSchema = Type.Object({
  addresses: Type.Array(Type.String(), { description: "Of humans." }),
  outlets: Type.Array(Type.String(), { description: "Ids of outlets that failed; used when there is no other." }),
});

const BounceSchema = Type.Object({
  trouble: Type.Literal("own-mail-bounced"),
  address: Type.Optional(Type.String({ description: "Of the human; left out when the reports name none of ours." })),
  named: Type.Optional(Type.String({ description: "Whom the report names." })),
  reason: Type.Unsafe<DsnReason>(Type.String({ description: "DSN reason." })),
  words: Type.Optional(Type.String({ description: "What the other side said, of the latest." })),
  bounces: Count,
  messageIds: Type.Array(Type.String(), {
    description: "Messages here that the human does not have, latest first; some.",
  }),
  avoided: AvoidedSchema,
});

const DeadLetterTroubleSchema = Type.Object({
  trouble: Type.Literal("dead-letters"),
  waiting: Type.Integer({ minimum: 0, description: "Dead letters that wait for a person." }),
  latest: Type.Array(
    Type.Object({ messageId: Type.String(), stage: Type.Enum([...DEAD_LETTER_STAGES]), error: Type.String() }),
    { description: "The latest, newest first; some." },
  ),
  avoided: AvoidedSchema,
});

const DigestTroubleSchema = Type.Object({
  trouble: Type.Literal("digest-failed"),
  digestId: Type.String({ description: "Of the latest that nobody took." }),
  since: Type.String({ format: "date-time" }),
  until: Type.String({ format: "date-time" }),
  kept: Type.Integer({ minimum: 0, description: "Messages that it would have told of." }),
  digests: Type.Integer({ minimum: 1, description: "Digests in a row that nobody took." }),
  words: Type.Optional(Type.String({ description: "What one of those who did not take it said." })),
  avoided: AvoidedSchema,
});

const NoticeTroubleSchema = Type.Object({
  trouble: Type.Literal("notice-failed"),
  incidentId: Type.String({ description: "Whose notice it was, of the latest that nobody took." }),
  about: Type.Enum(["storm", "failure", "flood"], { description: "Kind of that incident." }),
  notices: Type.Integer({ minimum: 1, description: "Notices in the last 24 hours that nobody took." }),
  words: Type.Optional(Type.String({ description: "What one of those who did not take it said." })),
  avoided: AvoidedSchema,
});

export const AlertFactsSchema = Type.Union([
  BounceSchema,
  DeadLetterTroubleSchema,
  DigestTroubleSchema,
  NoticeTroubleSchema,
]);
export type AlertFacts = Immutable<Static<typeof AlertFactsSchema>>;
export type BounceFacts = Extract<AlertFacts, { readonly trouble: "own-mail-bounced" }>;
export type DigestFailureFacts = Extract<AlertFacts, { readonly trouble: "digest-failed" }>;
export type NoticeFailureFacts = Extract<AlertFacts, { readonly trouble: "notice-failed" }>;
export type DeadLetterFacts = Extract<AlertFacts, { readonly trouble: "dead-letters" }>;
