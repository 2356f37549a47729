/** What there is to learn of corrections: read once by a classifier, kept while training may use it, then dropped. */
import type { CorrectedVerdict } from "@triage/contracts";
import type { Database } from "../database.ts";
import { toJsonText } from "../json-text.ts";

/** A correction whose words have not been read yet. */
export interface PendingCorrection {
  readonly id: string;
  readonly messageId: string;
}

/** A correction that training learns from. `features` are JSON of @triage/scoring, which the store does not look into. */
export interface KeptCorrection {
  readonly id: string;
  readonly messageId: string;
  readonly verdict: CorrectedVerdict;
  readonly by: string;
  /** Name of the API key that brought it. */
  readonly key: string;
  readonly at: Date;
  readonly features: unknown;
}

/** Corrections whose words have not been read yet, oldest first. */
export async function pendingCorrections(database: Database, limit: number): Promise<readonly PendingCorrection[]> {
  const rows = await database.query(
    "SELECT id, message_id FROM correction WHERE learning = 'pending' ORDER BY id LIMIT $1",
    [limit],
  );
  return rows.map((row) => ({ id: String(row.id), messageId: String(row.message_id) }));
}

/** Keeps what training learns from; undefined: nothing can be learned. Training is wanted then. */
export async function keepFeatures(database: Database, id: string, features: unknown): Promise<void> {
  await database.query(
    `WITH described AS (
       UPDATE correction SET learning = $2, features = $3::json WHERE id = $1 AND learning = 'pending' RETURNING learning
     )
     UPDATE learning_state SET wanted = wanted + 1 FROM described WHERE learning = 'kept'`,
    features === undefined ? [id, "impossible", null] : [id, "kept", toJsonText(features)],
  );
}

/** Drops what was kept of corrections that are older: their words teach nothing any more. */
export async function forgetFeatures(database: Database, before: Date): Promise<void> {
  await database.query(
    "UPDATE correction SET learning = 'forgotten', features = NULL WHERE learning = 'kept' AND at < $1",
    [before],
  );
}

export interface KeptPage {
  readonly since: Date;
  /** The newest so many, */
  readonly limit: number;
  /** and of those that one key brought: it may give any name and say something new of one message for ever. */
  readonly perKey: number;
}

/**
 * What people say now: the last word of each person (a name under a key) on each message, those that can be learned from,
 * oldest first.
 */
export async function keptCorrections(
  database: Database,
  { since, limit, perKey }: KeptPage,
): Promise<readonly KeptCorrection[]> {
  const rows = await database.query(
    `WITH last AS (
       SELECT id, at, row_number() OVER (PARTITION BY api_key ORDER BY at DESC, id DESC) AS place FROM correction c
        WHERE learning = 'kept' AND at >= $1
          AND NOT EXISTS (SELECT FROM correction later
                           WHERE later.message_id = c.message_id AND later.corrector = c.corrector
                             AND later.api_key = c.api_key AND later.id > c.id)
     ), newest AS (
       SELECT id FROM last WHERE place <= $3 ORDER BY at DESC, id DESC LIMIT $2
     )
     SELECT id, message_id, verdict, corrector, api_key, at, features FROM correction
      WHERE id IN (SELECT id FROM newest) ORDER BY id`,
    [since, limit, perKey],
  );
  return rows.map((row) => ({
    id: String(row.id),
    messageId: String(row.message_id),
    verdict: row.verdict as CorrectedVerdict,
    by: String(row.corrector),
    key: String(row.api_key),
    at: row.at as Date,
    features: row.features,
  }));
}
