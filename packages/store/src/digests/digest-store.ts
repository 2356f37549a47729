/** What the store knows of digests, as its users see it. */
import type { DigestFacts, DigestView } from "@triage/contracts";
import type { Database } from "../database.ts";
import type { NoticeDelivery } from "../messages/stored-message.ts";
import { noteDigestOutcome } from "./digest-alert.ts";
import {
  askForDigest,
  closeDigest,
  type Digest,
  type DigestRequest,
  forgetToldDigests,
  lastDigestUntil,
  listDigests,
  type MadeDigest,
  makeDigest,
  previewDigest,
  readDigest,
  recordDigestDelivery,
  staleDigests,
} from "./digests.ts";
import type { DigestPeriod } from "./gather-facts.ts";

export interface DigestStore {
  /** Makes the digest of the period that is over, once for all workers. */
  makeDigest(request: DigestRequest): Promise<MadeDigest>;
  /** Makes one beside the schedule. @returns Its id. */
  askForDigest(period: DigestPeriod, maxEntries: number): Promise<string>;
  previewDigest(period: DigestPeriod, maxEntries: number): Promise<DigestFacts>;
  digest(id: string): Promise<Digest | undefined>;
  digests(limit: number): Promise<readonly DigestView[]>;
  lastDigestUntil(): Promise<Date | undefined>;
  staleDigests(olderThan: Date): Promise<readonly string[]>;
  recordDigestDelivery(id: string, delivery: NoticeDelivery): Promise<void>;
  /** Raises the alert that nobody took it, or ends that of those before. Ids of the notices that tell it. */
  noteDigestOutcome(digest: Digest, state: "delivered" | "failed"): Promise<readonly string[]>;
  /** Closes it, unless somebody is still to be told; `otherwise`: where nobody was. */
  closeDigest(id: string, given: { readonly at: Date; readonly otherwise: "delivered" | "failed" }): Promise<void>;
  /** What digests said that were told before this. */
  forgetToldDigests(before: Date): Promise<void>;
}

export interface DigestParts {
  readonly database: Database;
  readonly newId: () => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function bindDigests(parts: DigestParts): DigestStore {
  const { database } = parts;
  return {
    makeDigest: (request) => makeDigest(parts, request),
    askForDigest: (period, maxEntries) => askForDigest(parts, period, maxEntries),
    previewDigest: (period, maxEntries) => previewDigest(database, period, maxEntries),
    digest: (id) => readDigest(database, id),
    digests: (limit) => listDigests(database, limit),
    lastDigestUntil: () => lastDigestUntil(database),
    staleDigests: (olderThan) => staleDigests(database, olderThan),
    recordDigestDelivery: (id, delivery) => recordDigestDelivery(database, id, delivery),
    noteDigestOutcome: (digest, state) =>
      noteDigestOutcome(database, digest, { state, at: new Date(parts.now()) }, parts.newId),
    closeDigest: (id, given) => closeDigest(database, id, given),
    forgetToldDigests: (before) => forgetToldDigests(database, before),
  };
}
