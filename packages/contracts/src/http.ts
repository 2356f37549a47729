/** Requests, responses and problems of the HTTP interface: type, validation and OpenAPI document from one source. */
import { type Static, Type } from "typebox";
import { ClassificationSchema } from "./classification.ts";
import { CorrectionViewSchema, MAX_CORRECTOR_CHARS } from "./correction.ts";
import { DeadLetterSchema } from "./dead-letter.ts";
import type { Immutable } from "./immutable.ts";
import { INCIDENT_KINDS, INCIDENT_ROLES, INCIDENT_STATES } from "./incident.ts";
import { ASSIGNMENT_STATES, DELIVERY_OUTCOMES, MESSAGE_STATES } from "./message-state.ts";
import { UUID_PATTERN } from "./uuid-pattern.ts";

/** LIMIT: keys of the sent ledger; RFC 5322 lines end at 998 octets, so no honest Message-ID is longer. */
export const MAX_SENT_KEY_CHARS = 998;
/** LIMIT: recipients of one sent message; Postfix hands at most 50 to one delivery, mailing lists far more. */
export const MAX_SENT_RECIPIENTS = 1_000;

const Id = Type.String({
  pattern: UUID_PATTERN,
  description: "A message id, as POST /v1/messages answers it and each mail names it (UUIDv7).",
});
const Instant = Type.String({ format: "date-time" });

export const AcceptedSchema = Type.Object({
  id: Id,
  duplicate: Type.Boolean({ description: "The same message came before; `id` is the first one's." }),
});
export type Accepted = Immutable<Static<typeof AcceptedSchema>>;

export const MessageParamsSchema = Type.Object({ id: Id });

export const EnvelopeViewSchema = Type.Object({
  known: Type.Boolean({ description: "False when the client said nothing about the envelope." }),
  reversePath: Type.Optional(Type.String({ description: "`<>` is the null reverse-path; left out when unknown." })),
  forwardPaths: Type.Array(Type.String()),
  clientIp: Type.Optional(Type.String()),
  clientHelo: Type.Optional(Type.String()),
  queueId: Type.Optional(Type.String()),
});
export type EnvelopeView = Immutable<Static<typeof EnvelopeViewSchema>>;

export const AssignmentSchema = Type.Object({
  human: Type.String({ description: "Id of the human, of the configuration." }),
  state: Type.Enum([...ASSIGNMENT_STATES], {
    description: "`held`: waits, because this human gets too much; `grouped`: told of by a summary.",
  }),
  at: Type.String({ format: "date-time", description: "Since when." }),
  assignedAt: Instant,
  assignedBy: Type.Optional(Type.String({ description: "The human who did not get it, or did not acknowledge it." })),
  escalatedTo: Type.Optional(Type.String({ description: "The human who got it after this one." })),
  refused: Type.Array(Type.String(), { description: "Addresses that are not tried any more." }),
  error: Type.Optional(Type.String({ description: "Who has not got it, and why." })),
});

export const DeliverySchema = Type.Object({
  human: Type.Optional(Type.String({ description: "Id of the human; left out of what is older than it." })),
  outlet: Type.String(),
  recipient: Type.String(),
  outcome: Type.Enum([...DELIVERY_OUTCOMES]),
  detail: Type.String(),
  at: Instant,
});

/** The fields of the classification stand beside the state, and are left out until there is one. */
export const MessageViewSchema = Type.Object({
  id: Id,
  state: Type.Enum([...MESSAGE_STATES]),
  receivedAt: Instant,
  source: Type.String({ description: "Name of the API key, or of the listener, that took the message in." }),
  sizeBytes: Type.Integer({ minimum: 0 }),
  envelope: EnvelopeViewSchema,
  classifiedAt: Type.Optional(Instant),
  releasedAt: Type.Optional(Instant),
  ...Type.Partial(ClassificationSchema).properties,
  corrections: Type.Array(CorrectionViewSchema, { description: "What people said it is; the last one holds." }),
  humans: Type.Array(AssignmentSchema, { description: "Who is to get it, and whether they have it." }),
  deliveries: Type.Array(DeliverySchema),
  acknowledged: Type.Optional(
    Type.Object({ by: Type.String(), at: Instant }, { description: "Somebody sees to it: who said so first." }),
  ),
  deadLetter: Type.Optional(DeadLetterSchema),
  incident: Type.Optional(
    Type.Object(
      {
        id: Type.String(),
        kind: Type.Enum([...INCIDENT_KINDS]),
        state: Type.Enum([...INCIDENT_STATES]),
        role: Type.Enum([...INCIDENT_ROLES], { description: "`opener`: delivered for it; `grouped`: counted." }),
      },
      { description: "The incident that it belongs to." },
    ),
  ),
});
export type MessageView = Immutable<Static<typeof MessageViewSchema>>;

/** Body of `POST /v1/messages/:id/acknowledge`. */
export const AcknowledgeRequestSchema = Type.Object(
  {
    by: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: MAX_CORRECTOR_CHARS,
        pattern: "^[^\\u0000-\\u001f\\u007f]*$",
        description: "Who sees to it, for people; else the name of the key.",
      }),
    ),
  },
  { additionalProperties: false },
);
export type AcknowledgeRequest = Immutable<Static<typeof AcknowledgeRequestSchema>>;

/** The message as it is now, and in a sentence what will be learned. */
export const CorrectedSchema = Type.Object({
  ...MessageViewSchema.properties,
  learning: Type.String({ description: "Whether anything can be learned from it, for people." }),
});
export type Corrected = Immutable<Static<typeof CorrectedSchema>>;

const SentKey = Type.String({ minLength: 1, maxLength: MAX_SENT_KEY_CHARS });

/** One line of `POST /v1/sent`. At least one of the three ids must be there; `at` is when it was sent, else now. */
export const SentLineSchema = Type.Object(
  {
    messageId: Type.Optional(SentKey),
    queueId: Type.Optional(SentKey),
    envelopeId: Type.Optional(SentKey),
    recipients: Type.Optional(Type.Array(SentKey, { maxItems: MAX_SENT_RECIPIENTS })),
    at: Type.Optional(Instant),
  },
  { additionalProperties: false },
);
export type SentLine = Immutable<Static<typeof SentLineSchema>>;

export const SentAcceptedSchema = Type.Object({
  accepted: Type.Integer({ minimum: 0, description: "Lines that are now in the ledger." }),
});

export const HealthSchema = Type.Object({ status: Type.String() });

/** `degraded`: mail is taken and kept, and something else is away. */
export const ReadinessSchema = Type.Object({
  status: Type.Enum(["ready", "degraded"]),
  detail: Type.Optional(Type.String({ description: "What is away, and what that means; where it is degraded." })),
});
export type Readiness = Immutable<Static<typeof ReadinessSchema>>;

/** RFC 9457. `code` is ours and stable; `errors` name the field (or the line) that was wrong. */
export const ProblemSchema = Type.Object({
  type: Type.String({ description: "`urn:postmaster-triage:problem:<code>`." }),
  title: Type.String(),
  status: Type.Integer({ minimum: 400, maximum: 599 }),
  detail: Type.String(),
  code: Type.String(),
  errors: Type.Optional(
    Type.Array(
      Type.Object({
        field: Type.Optional(Type.String()),
        line: Type.Optional(Type.Integer({ minimum: 1 })),
        detail: Type.String(),
      }),
    ),
  ),
});
export type Problem = Immutable<Static<typeof ProblemSchema>>;
