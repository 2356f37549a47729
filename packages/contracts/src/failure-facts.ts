/** What is known of failures with one cause, as the human is told of them. */
import type { DsnReason } from "@triage/reports";
import { type Static, Type } from "typebox";
import type { Immutable } from "./immutable.ts";

const Count = Type.Integer({ minimum: 0 });

const PartiesSchema = Type.Object({
  total: Type.Integer({ minimum: 0, description: "Distinct addresses." }),
  addresses: Type.Array(Type.Object({ address: Type.String(), messages: Count }), {
    description: "Those with most messages first, as many as `incidents.addressesShown` allows.",
  }),
  domains: Type.Array(Type.Object({ domain: Type.String(), messages: Count }), {
    description: "Those with most messages first.",
  }),
});
/** Whom it is about: our senders, or the recipients that they did not reach. */
export type FailureParties = Immutable<Static<typeof PartiesSchema>>;

export const FailureFactsSchema = Type.Object({
  fingerprint: Type.String({ description: "Of the cause: the same one for all its messages." }),
  openerId: Type.String({ description: "Id of the first message, which was delivered as itself." }),
  reason: Type.Unsafe<DsnReason>(Type.String({ description: "DSN reason." })),
  severity: Type.Enum(["delayed", "failed"], { description: "The worst that any of them reports." }),
  remote: Type.Optional(Type.String({ description: "Organisation of the remote MTA." })),
  words: Type.Optional(Type.String({ description: "What the remote said of the first of them." })),
  links: Type.Array(Type.String(), { description: "Pages that the remote names." }),
  advice: Type.Optional(Type.String()),
  forwardPathDomains: Type.Array(Type.String(), { description: "Domains whose postmaster they came to." }),
  messages: Count,
  lastSeen: Type.Optional(Type.String({ format: "date-time" })),
  ended: Type.Optional(
    Type.Enum(["quiet", "long", "closed"], {
      description:
        "`quiet`: nothing came any more; `long`: it goes on, and the next message begins a new incident; `closed`: by a person.",
    }),
  ),
  senders: PartiesSchema,
  recipients: PartiesSchema,
});
export type FailureFacts = Immutable<Static<typeof FailureFactsSchema>>;
