/**
 * When everything about a message is settled, so that its bytes may go: SQL over the row m of `message`.
 *
 * One place for retention, erasure and trimming, because each of them takes away what somebody could still need.
 */

/**
 * Nobody has to do anything about it any more: no stage, no human who waits for it, no person who was asked to look. What a
 * correction has put into the archive nobody waits for, whoever was to get it before.
 */
export const IS_SETTLED = `(m.state IN ('delivered', 'grouped', 'archived')
  AND NOT EXISTS (SELECT FROM dead_letter d WHERE d.message_id = m.id)
  AND (m.state = 'archived' OR NOT EXISTS (
    SELECT FROM assignment a LEFT JOIN incident_notice n ON n.id = a.notice_id
     WHERE a.message_id = m.id AND (a.state IN ('pending', 'held') OR a.escalate_at IS NOT NULL
        OR a.state = 'grouped' AND n.state <> 'delivered'))))`;

/** Settled, and training has read what people said of it. */
export const IS_SETTLED_AND_LEARNED = `(${IS_SETTLED}
  AND NOT EXISTS (SELECT FROM correction c WHERE c.message_id = m.id AND c.learning = 'pending'))`;
