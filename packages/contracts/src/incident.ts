/**
 * Incidents: many messages with one cause, of which the human hears once a step instead of once a message.
 *
 * To add a kind: the schema of its facts, its line in INCIDENT_FACTS, its text in services/delivery (notices/<kind>-text.ts and a
 * line in notice-text.ts). Everything else (store, API, queue, mail) is the same for all kinds.
 */
import { type Static, type TSchema, Type } from "typebox";
import { AlertFactsSchema } from "./alert-facts.ts";
import { FailureFactsSchema } from "./failure-facts.ts";
import { FloodFactsSchema } from "./flood-facts.ts";
import type { Immutable } from "./immutable.ts";
import { MESSAGE_STATES } from "./message-state.ts";
import { StormFactsSchema } from "./storm-facts.ts";
import { UUID_PATTERN } from "./uuid-pattern.ts";

/** What is known of an incident, by its kind. */
const INCIDENT_FACTS = {
  storm: StormFactsSchema,
  failure: FailureFactsSchema,
  flood: FloodFactsSchema,
  alert: AlertFactsSchema,
};

export type IncidentKind = keyof typeof INCIDENT_FACTS;
export const INCIDENT_KINDS = Object.keys(INCIDENT_FACTS) as readonly IncidentKind[];

/** The facts of one kind. */
export type IncidentFacts<Kind extends IncidentKind> = Immutable<Static<(typeof INCIDENT_FACTS)[Kind]>>;

/** A kind with its facts, beside whatever else is known: a union that `kind` tells apart. */
export type OfIncidentKind<Base> = {
  readonly [Kind in IncidentKind]: Base & { readonly kind: Kind; readonly facts: IncidentFacts<Kind> };
}[IncidentKind];

export const INCIDENT_STATES = ["open", "closed"] as const;
export type IncidentState = (typeof INCIDENT_STATES)[number];

/** Of a message in its incident. `opener`: delivered as itself for it; `grouped`: counted. */
export const INCIDENT_ROLES = ["opener", "grouped"] as const;
export type IncidentRole = (typeof INCIDENT_ROLES)[number];

/** `failed`: given up; the incident stays in the list. */
export const NOTICE_STATES = ["pending", "delivered", "failed"] as const;
export type NoticeState = (typeof NOTICE_STATES)[number];

/** `begin`, `end`, and the numbers of messages in between, in which each is ten times the one before. */
export type NoticeStep = "begin" | "end" | `${number}`;

const Instant = Type.String({ format: "date-time" });

const IncidentBaseSchema = Type.Object({
  id: Type.String({ description: "UUIDv7." }),
  state: Type.Enum([...INCIDENT_STATES]),
  firstSeen: Instant,
  lastSeen: Instant,
  closedAt: Type.Optional(Instant),
  messages: Type.Integer({ minimum: 0, description: "How many belong to it; of a storm about so many." }),
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

export type IncidentView = OfIncidentKind<Immutable<Static<typeof IncidentBaseSchema>>>;
export type IncidentOf<Kind extends IncidentKind> = Extract<IncidentView, { readonly kind: Kind }>;

function viewSchemaOf([kind, facts]: readonly [string, TSchema]) {
  return Type.Object({ ...IncidentBaseSchema.properties, kind: Type.Literal(kind), facts }, { title: kind });
}

/** One schema a kind: `kind` says which. */
export const IncidentViewSchema = Type.Unsafe<IncidentView>(
  Type.Union(Object.entries(INCIDENT_FACTS).map(viewSchemaOf), { description: "`kind` says which of these it is." }),
);

export const IncidentsQuerySchema = Type.Object(
  {
    state: Type.Optional(Type.Enum([...INCIDENT_STATES])),
    kind: Type.Optional(Type.Enum([...INCIDENT_KINDS])),
    limit: Type.Optional(Type.String({ pattern: "^[1-9][0-9]{0,2}$", description: "1 to 999; 100 when left out." })),
  },
  { additionalProperties: false },
);
export type IncidentsQuery = Immutable<Static<typeof IncidentsQuerySchema>>;

export const IncidentParamsSchema = Type.Object({
  id: Type.String({ pattern: UUID_PATTERN, description: "An incident id, as GET /v1/incidents lists them (UUIDv7)." }),
});

export const IncidentMessagesQuerySchema = Type.Object(
  {
    after: Type.Optional(Type.String({ pattern: UUID_PATTERN, description: "The last one of the page before." })),
    limit: Type.Optional(Type.String({ pattern: "^[1-9][0-9]{0,2}$", description: "1 to 999; 100 when left out." })),
  },
  { additionalProperties: false },
);
export type IncidentMessagesQuery = Immutable<Static<typeof IncidentMessagesQuerySchema>>;

export const IncidentMessagesSchema = Type.Object({
  messages: Type.Array(
    Type.Object({
      id: Type.String(),
      role: Type.Enum([...INCIDENT_ROLES]),
      state: Type.Enum([...MESSAGE_STATES]),
      receivedAt: Instant,
      sender: Type.Optional(Type.String({ description: "Of the returned message." })),
      subject: Type.Optional(Type.String({ description: "Of the returned message." })),
    }),
    { description: "Oldest first; the id of the last one is `after` of the next page." },
  ),
});
export type IncidentMessages = Immutable<Static<typeof IncidentMessagesSchema>>;

export const IncidentsSchema = Type.Object({
  open: Type.Integer({ minimum: 0, description: "Incidents that are open now." }),
  incidents: Type.Array(IncidentViewSchema),
});
export type Incidents = Immutable<Static<typeof IncidentsSchema>>;
