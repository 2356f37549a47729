/** Incidents: many messages with one cause, of which the human hears once a step instead of once a message. */
import { type Static, Type } from "typebox";
import type { Immutable } from "./immutable.ts";

export const INCIDENT_KINDS = ["storm"] as const;
export type IncidentKind = (typeof INCIDENT_KINDS)[number];

export const INCIDENT_STATES = ["open", "closed"] as const;

/** `failed`: given up; the incident stays in the list. */
export const NOTICE_STATES = ["pending", "delivered", "failed"] as const;
export type NoticeState = (typeof NOTICE_STATES)[number];

/** `begin`, `end`, and the numbers of messages in between, in which each is ten times the one before. */
export type NoticeStep = "begin" | "end" | `${number}`;

const Count = Type.Integer({ minimum: 0, description: "Distinct ones, estimated: about 5 % off when they are many." });

/** What is known of a storm: a joe job, as the human is told of it. */
export const StormFactsSchema = Type.Object({
  by: Type.Enum(["address", "domain", "content"], { description: "What the reports share." }),
  scope: Type.String({ description: "The forged address or domain (ours), or the subject of the mailing." }),
  strength: Type.Enum(["full", "soft", "unprovable"], { description: "How sure it is that the mail was not ours." }),
  unproven: Count,
  proven: Count,
  contradicted: Count,
  reporters: Count,
  recipients: Count,
  senders: Count,
  examples: Type.Array(
    Type.Object({
      messageId: Type.String({ description: "Id of a message here." }),
      subject: Type.Optional(Type.String({ description: "Of the returned message." })),
      reporter: Type.Optional(Type.String({ description: "Organisation of the reporting MTA." })),
    }),
  ),
});
export type StormFacts = Immutable<Static<typeof StormFactsSchema>>;

const Instant = Type.String({ format: "date-time" });

export const IncidentViewSchema = Type.Object({
  id: Type.String({ description: "UUIDv7." }),
  kind: Type.Enum([...INCIDENT_KINDS]),
  state: Type.Enum([...INCIDENT_STATES]),
  firstSeen: Instant,
  lastSeen: Instant,
  closedAt: Type.Optional(Instant),
  messages: Count,
  facts: StormFactsSchema,
  notices: Type.Array(
    Type.Object({
      id: Type.String(),
      step: Type.String({ description: "`begin`, `end`, or a number of messages." }),
      state: Type.Enum([...NOTICE_STATES]),
      at: Instant,
    }),
    { description: "What the human was told, in order." },
  ),
});
export type IncidentView = Immutable<Static<typeof IncidentViewSchema>>;

export const IncidentsQuerySchema = Type.Object({
  state: Type.Optional(Type.Enum([...INCIDENT_STATES])),
  limit: Type.Optional(Type.String({ pattern: "^[1-9][0-9]{0,2}$", description: "1 to 999; 100 when left out." })),
});
export type IncidentsQuery = Immutable<Static<typeof IncidentsQuerySchema>>;

export const IncidentsSchema = Type.Object({
  open: Type.Integer({ minimum: 0, description: "Incidents that are open now." }),
  incidents: Type.Array(IncidentViewSchema),
});
export type Incidents = Immutable<Static<typeof IncidentsSchema>>;
