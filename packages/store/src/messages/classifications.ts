/** The verdict of a message, and taking a message out of the archive. */
import type { Classification } from "@triage/contracts";
import type { Database, Session, Statement } from "../database.ts";
import { toJsonText, toStorableText } from "../json-text.ts";
import { isUuid } from "../uuid-v7.ts";

export type SaveOutcome = "saved" | "already-saved" | "unknown-message";
/** `expired`: there are no bytes to release any more. */
export type ReleaseOutcome = "released" | "not-archived" | "expired" | "unknown-message";

export const SAVE: Statement = {
  name: "save-classification",
  text: `
WITH known AS (
  SELECT id, envelope->'reversePath'->>'domain' AS domain FROM message WHERE id = $1
), saved AS (
  INSERT INTO verdict (message_id, verdict, route, score, kind, fingerprint, classification, sender, storm_keys)
  SELECT id, $2, $3, $4, $5, $6, $7::json, lower(coalesce(domain, $9)), $10::uuid[] FROM known
  ON CONFLICT (message_id) DO NOTHING
  RETURNING message_id
), advanced AS (
  UPDATE message SET state = $8, state_at = now() FROM saved WHERE id = message_id AND state = 'received'
)
SELECT EXISTS (SELECT FROM known) AS known, EXISTS (SELECT FROM saved) AS saved`,
};

const RELEASE = `
WITH released AS (
  UPDATE message SET state = 'classified', state_at = now()
   WHERE id = $1 AND EXISTS (SELECT FROM message_raw r WHERE r.id = $1) RETURNING id
), marked AS (
  UPDATE verdict SET route = 'human', released_at = now() FROM released WHERE message_id = id
)
SELECT id FROM released`;

/**
 * Keeps the verdict and moves the state on, in one transaction: route `human` -> `classified`, else `archived`. The
 * first verdict stays; a second worker with the same job changes nothing.
 *
 * @param stormKeys  Under which it was counted (StormFindings): a digest tells of a storm's reports in one line.
 */
export async function saveClassification(
  database: Database,
  id: string,
  classification: Classification,
  stormKeys: readonly string[] = [],
): Promise<SaveOutcome> {
  if (!isUuid(id)) return "unknown-message";
  const state = classification.route === "human" ? "classified" : "archived";
  const [row] = await database.run(SAVE, saveParameters(id, classification, state, stormKeys));
  if (row?.saved === true) return "saved";
  return row?.known === true ? "already-saved" : "unknown-message";
}

/** What SAVE takes. @param state  Where the message goes when this is its first verdict. */
export function saveParameters(
  id: string,
  classification: Classification,
  state: "classified" | "grouped" | "archived",
  stormKeys: readonly string[] = [],
): readonly unknown[] {
  const { verdict, route, score, report, fingerprint } = classification;
  return [
    id,
    verdict,
    route,
    score,
    report.kind,
    fingerprint === undefined ? null : toStorableText(fingerprint),
    toJsonText(classification),
    state,
    // Of a message with a null reverse-path: who reports.
    report.kind === "dsn" ? toStorableText(report.reportingMta ?? "") : "",
    stormKeys.length === 0 ? null : stormKeys,
  ];
}

/**
 * Archived, grouped or held back by a limit -> to the human after all. The caller adds the `deliver` job; else the sweeper does.
 *
 * The lock on the message comes first and the look for its bytes in a statement of its own: so retention, which may be
 * dropping them at this moment, is either waited for or sees the release (thin-day.ts).
 */
export async function releaseMessage(database: Database, id: string): Promise<ReleaseOutcome> {
  if (!isUuid(id)) return "unknown-message";
  return database.transaction(async (session) => {
    const [row] = await session.query("SELECT state FROM message WHERE id = $1 FOR UPDATE", [id]);
    if (row === undefined) return "unknown-message";
    if (row.state === "delivered" || row.state === "classified") return releaseToOthers(session, id);
    if (row.state !== "archived" && row.state !== "grouped") return "not-archived";
    const [released] = await session.query(RELEASE, [id]);
    return released === undefined ? "expired" : "released";
  });
}

/** Somebody has it or it is on its way; others wait for room in their hour, or were only told of it by a summary: they get it now. */
async function releaseToOthers(session: Session, id: string): Promise<ReleaseOutcome> {
  const reopened = await session.query(
    `UPDATE assignment SET state = 'pending', state_at = now(), apart = false, notice_id = NULL
      WHERE message_id = $1 AND state IN ('held', 'grouped') AND EXISTS (SELECT FROM message_raw WHERE id = $1) RETURNING human`,
    [id],
  );
  if (reopened.length === 0) return "not-archived";
  await session.query("UPDATE verdict SET released_at = now() WHERE message_id = $1", [id]);
  return "released";
}
