/** Digests: one mail about what was kept from people since the one before. */
import type { DsnReason, ReportKind } from "@triage/reports";
import type { RouteId } from "@triage/routing";
import type { VerdictId } from "@triage/scoring";
import { type Static, Type } from "typebox";
import type { Immutable } from "./immutable.ts";
import type { IncidentKind } from "./incident.ts";

/** `empty`: there was nothing to say. `failed`: given up; what it would have listed can be asked for by its period. */
export const DIGEST_STATES = ["pending", "delivered", "failed", "empty"] as const;
export type DigestState = (typeof DIGEST_STATES)[number];

/** What a digest says. Kept until it is delivered, so that a repeat says the same. */
export interface DigestFacts {
  readonly totals: DigestTotals;
  /** Undecided first, then what the policy put into the digest, then the archive; within these the largest first. */
  readonly causes: readonly DigestCause[];
  /** Storms whose reports were kept in the period, the largest first; none of these is in `causes`. Left out in facts of before there was this list. */
  readonly storms?: readonly DigestStorm[];
  /** What is not listed in `causes` and `storms`. */
  readonly others: { readonly causes: number; readonly messages: number };
  /** Domains, or reporting MTAs where the reverse-path is null; the largest first. */
  readonly senders: readonly { readonly name: string; readonly messages: number }[];
  /** Kept messages in equal steps from the beginning of the period. */
  readonly timeline: { readonly stepMinutes: number; readonly messages: readonly number[] };
  readonly learning: { readonly corrections: number; readonly modelVersion: number };
  /** Open when the digest was made. */
  readonly incidents: readonly {
    readonly id: string;
    readonly kind: IncidentKind;
    /** Whom or what it is about, in the words of its facts. */
    readonly about: string;
    readonly messages: number;
  }[];
  /** Waiting when the digest was made. */
  readonly deadLetters: number;
}

/** All kept reports of one joe job, whoever reports and in whatever words. */
export interface DigestStorm {
  /** Of its incident. */
  readonly id: string;
  /** The forged address or domain, or the subject of the mailing. */
  readonly scope: string;
  /** Kept in this period. */
  readonly messages: number;
  /** About how many organisations reported, in this period or not. */
  readonly reporters: number;
  readonly since: string;
  /** Left out while it goes on. */
  readonly over?: string;
}

/** Messages with one verdict, kind, route and fingerprint. */
export interface DigestCause {
  readonly verdict: VerdictId;
  readonly kind: ReportKind;
  readonly route: RouteId;
  readonly messages: number;
  /** Of the policy row, as the example has it. */
  readonly rule: string;
  readonly why: string;
  /** DSNs only; the remote organisation's MTA and words as the example has them. */
  readonly reason?: DsnReason;
  readonly remote?: string;
  readonly words?: string;
  /** Nearest to the threshold first. */
  readonly entries: readonly DigestEntry[];
}

export interface DigestEntry {
  /** Of the message. */
  readonly id: string;
  readonly receivedAt: string;
  readonly score: number;
  readonly from?: string;
  readonly subject?: string;
  /** Whom a DSN is about. */
  readonly recipient?: string;
}

const Count = Type.Integer({ minimum: 0 });

export const DigestTotalsSchema = Type.Object({
  judged: Type.Integer({ minimum: 0, description: "Messages that were judged in the period." }),
  human: Type.Integer({ minimum: 0, description: "Of these, for a person at once, or released since." }),
  grouped: Type.Integer({ minimum: 0, description: "Of these, told of by a notice about many." }),
  kept: Type.Array(Type.Object({ verdict: Type.String(), route: Type.String(), messages: Count }), {
    description: "Of these, kept: by verdict and route.",
  }),
});
export type DigestTotals = Immutable<Static<typeof DigestTotalsSchema>>;

const Instant = Type.String({ format: "date-time" });

export const DigestViewSchema = Type.Object({
  id: Type.String({ description: "UUIDv7." }),
  since: Instant,
  until: Type.String({ format: "date-time", description: "The period ends before this point." }),
  at: Type.String({ format: "date-time", description: "When it was made." }),
  state: Type.Enum([...DIGEST_STATES]),
  asked: Type.Boolean({ description: "Somebody asked for it: no period of the schedule." }),
  totals: DigestTotalsSchema,
  deliveries: Type.Array(
    Type.Object({
      outlet: Type.String(),
      recipient: Type.String(),
      outcome: Type.Enum(["delivered", "error", "failed"]),
      detail: Type.String(),
      at: Instant,
    }),
  ),
});
export type DigestView = Immutable<Static<typeof DigestViewSchema>>;

export const DigestsQuerySchema = Type.Object(
  {
    limit: Type.Optional(Type.String({ pattern: "^[1-9][0-9]{0,2}$", description: "1 to 999; 100 when left out." })),
  },
  { additionalProperties: false },
);
export type DigestsQuery = Immutable<Static<typeof DigestsQuerySchema>>;

export const DigestsSchema = Type.Object({ digests: Type.Array(DigestViewSchema) });
export type Digests = Immutable<Static<typeof DigestsSchema>>;
