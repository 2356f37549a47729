/**
 * Incidents of failures, and storms, of which the human could not be told: one of their messages is delivered as itself, and says
 * where the others are. Where that one cannot be delivered either, it is a dead letter, which somebody hears of.
 */
import type { Database, Row, Session } from "../database.ts";

/** LIMIT: messages that may take the place of a first one that cannot be delivered, without another one coming in. */
const MAX_OPENERS = 3;
/** LIMIT: incidents of one call; the next one goes on. */
const MAX_INCIDENTS = 100;

/** The latest one that is only counted, and still kept. */
const NEXT = `
(SELECT im.message_id FROM incident_message im JOIN message m ON m.id = im.message_id
  WHERE im.incident_id = i.id AND im.role = 'grouped' AND m.state = 'grouped'
    AND EXISTS (SELECT FROM message_raw r WHERE r.id = m.id)
  ORDER BY im.message_id DESC LIMIT 1) AS next`;

/** The message that stands for it cannot be delivered. */
const WITHOUT_OPENER = `
SELECT i.id, ${NEXT} FROM incident i JOIN message o ON o.id = i.opener
 WHERE i.kind = 'failure' AND i.state = 'open' AND o.state = 'failed'
   AND (SELECT count(*) FROM incident_message im WHERE im.incident_id = i.id AND im.role = 'opener') < ${MAX_OPENERS}
 ORDER BY i.id LIMIT ${MAX_INCIDENTS} FOR UPDATE OF i SKIP LOCKED`;

/**
 * Over, and its last notice reached nobody: the end, or the last step where that was to have said it all. None of its messages
 * has been on its way since, and no further step tries again. What a person has closed needs telling no more.
 */
const WITHOUT_END = `
SELECT i.id, ${NEXT} FROM incident_notice n JOIN incident i ON i.id = n.incident_id
 WHERE n.state = 'failed' AND n.state_at > now() - interval '7 days'
   AND i.kind IN ('failure', 'storm') AND i.state = 'closed'
   AND (n.step = 'end' OR i.facts->>'ended' IS NOT NULL)
   AND NOT EXISTS (SELECT FROM incident_notice l WHERE l.incident_id = i.id AND (l.at, l.id) > (n.at, n.id))
   AND NOT EXISTS (
     SELECT FROM incident_message im JOIN message m ON m.id = im.message_id
      WHERE im.incident_id = i.id AND (m.state IN ('classified', 'failed') OR m.state = 'delivered' AND m.state_at > n.state_at))
 ORDER BY i.id LIMIT ${MAX_INCIDENTS} FOR UPDATE OF i SKIP LOCKED`;

/** @returns Ids of messages that need a `deliver` job. */
export async function replaceUnheard(database: Database): Promise<readonly string[]> {
  return database.transaction(async (session) => {
    const messageIds: string[] = [];
    for (const query of [WITHOUT_OPENER, WITHOUT_END]) {
      for (const row of await session.query(query)) messageIds.push(...(await deliverNext(session, row)));
    }
    return messageIds;
  });
}

async function deliverNext(session: Session, { id, next }: Row): Promise<readonly string[]> {
  if (next === null) return [];
  const moved = await session.query(
    "UPDATE message SET state = 'classified', state_at = now() WHERE id = $1 AND state = 'grouped' RETURNING id",
    [next],
  );
  // A person was quicker, who released or corrected it.
  if (moved.length === 0) return [];
  await session.query("UPDATE incident SET opener = $2 WHERE id = $1", [id, next]);
  await session.query("UPDATE incident_message SET role = 'opener' WHERE message_id = $1", [next]);
  return [String(next)];
}
