/**
 * What a mail that bounced had brought is not brought: the human's part of the message fails, as if it had been refused at once, or
 * the notice, or the digest. Done twice, it is done once: what does not stand is not marked again.
 */
import type { Session } from "../database.ts";
import { takeBackFloodNotice } from "../humans/floods.ts";
import { bounceNotice, noticeOutcome } from "../humans/notice-assignments.ts";
import { toStorableText } from "../json-text.ts";
import { type Blamed, type OwnBounce, wordsOf } from "./own-bounce.ts";

export async function markBounced(
  session: Session,
  { reportId, mail, at }: OwnBounce,
  { failure, sent }: Blamed,
): Promise<void> {
  await session.query(
    `INSERT INTO own_bounce (report_id, address, reason, about, at) SELECT id, $2, $3, $4, $5 FROM message WHERE id = $1
       ON CONFLICT DO NOTHING`,
    [reportId, sent?.recipient ?? "", failure.reason, mail.id, at],
  );
  // Who complains about our mail has it.
  if (sent === undefined || !sent.stands || failure.reason === "feedback") return;
  const { human, outlet, recipient } = sent;
  const detail = `bounced after it had been taken: ${wordsOf(failure)}`;
  if (sent.mail.kind === "notice") return failNotice(session, sent.mail.id, { human, outlet, recipient, detail, at });
  if (sent.mail.kind === "digest") return failDigest(session, sent.mail.id, { human, outlet, recipient, detail, at });
  await session.query(
    `INSERT INTO delivery (message_id, human, outlet, recipient, outcome, detail) VALUES ($1, $2, $3, $4, 'failed', $5)`,
    [mail.id, human ?? null, outlet, recipient, detail],
  );
  await failAssignment(session, mail.id, { human, outlet, recipient, detail, at });
  await leaveDeadLetter(session, mail.id, { error: `${recipient}: ${detail}`, at });
}

interface Refusal {
  /** undefined: it was delivered by a release that did not note whose address it was; then nobody comes next. */
  readonly human: string | undefined;
  readonly outlet: string;
  readonly recipient: string;
  readonly detail: string;
  readonly at: Date;
}

const NOTICE_DELIVERIES = { table: "notice_delivery", column: "notice_id" };
const DIGEST_DELIVERIES = { table: "digest_delivery", column: "digest_id" };

/**
 * A digest that nobody has waits for the next human, or is `failed`: what it listed is kept all the same, and can be asked for by
 * its period.
 */
async function failDigest(session: Session, id: string, refusal: Refusal): Promise<void> {
  const [digest] = await session.query("SELECT facts IS NOT NULL AS is_kept FROM digest WHERE id = $1", [id]);
  const escalates = digest?.is_kept === true;
  const { state } = await bounce(session, id, { ...refusal, escalates }, DIGEST_DELIVERIES);
  await session.query(
    "UPDATE digest SET state = $2, state_at = now() WHERE id = $1 AND state = 'delivered' AND $2 <> state",
    [id, state],
  );
}

/** A notice that nobody has waits for the next human, or is `failed`, as if it had been refused. */
async function failNotice(session: Session, id: string, refusal: Refusal): Promise<void> {
  const { state, stands } = await bounce(session, id, { ...refusal, escalates: true }, NOTICE_DELIVERIES);
  await session.query(
    "UPDATE incident_notice SET state = $2, state_at = now() WHERE id = $1 AND state = 'delivered' AND $2 <> state",
    [id, state],
  );
  if (!stands) await takeBackFloodNotice(session, id, state === "pending");
}

/** @returns What it is now, and whether anybody has it. */
async function bounce(
  session: Session,
  id: string,
  { human, outlet, recipient, detail, at, escalates }: Refusal & { readonly escalates: boolean },
  { table, column }: typeof NOTICE_DELIVERIES,
): Promise<{ readonly state: "pending" | "delivered" | "failed"; readonly stands: boolean }> {
  await session.query(
    `INSERT INTO ${table} (${column}, human, outlet, recipient, outcome, detail) VALUES ($1, $2, $3, $4, 'failed', $5)`,
    [id, human ?? null, outlet, recipient, detail],
  );
  if (human !== undefined) await bounceNotice(session, { id, human, at, escalates }, { table, column });
  const outcome = await noticeOutcome(session, id, at);
  const [last] = await session.query(
    `SELECT coalesce(bool_or(outcome = 'delivered'), false) AS stands
       FROM (SELECT DISTINCT ON (outlet, recipient) outcome FROM ${table} WHERE ${column} = $1 ORDER BY outlet, recipient, id DESC) AS last`,
    [id],
  );
  const stands = last?.stands === true;
  return { state: outcome === "pending" ? outcome : stands ? "delivered" : "failed", stands };
}

/**
 * The human has it no more, unless another address of theirs took it. The next human gets it in time, or now, where that time is
 * over: it was looked at when the human was thought to have it.
 */
async function failAssignment(
  session: Session,
  id: string,
  { human, outlet, recipient, detail, at }: Refusal,
): Promise<void> {
  if (human === undefined) return;
  await session.query(
    `WITH lost AS (
       SELECT NOT EXISTS (
         SELECT FROM (SELECT DISTINCT ON (recipient) outcome FROM delivery
                       WHERE message_id = $1 AND human = $2 ORDER BY recipient, id DESC) AS last
          WHERE last.outcome = 'delivered') AS it
     )
     UPDATE assignment a SET refused = refused || $3::text, error = $4,
            state = CASE WHEN a.state = 'delivered' AND lost.it THEN 'failed' ELSE a.state END,
            escalate_at = CASE WHEN a.state = 'delivered' AND lost.it AND escalated_to IS NULL AND next_at IS NOT NULL
                               THEN greatest(next_at, $5) ELSE escalate_at END
       FROM lost WHERE message_id = $1 AND human = $2`,
    [id, human, recipient, `${recipient} by ${outlet}: ${detail}`, at],
  );
}

/** State `failed` only when nobody has it and nobody waits for it. */
async function leaveDeadLetter(
  session: Session,
  id: string,
  { error, at }: { readonly error: string; readonly at: Date },
): Promise<void> {
  await session.query(
    `INSERT INTO dead_letter (message_id, stage, error, at) SELECT id, 'deliver', $2, $3 FROM message WHERE id = $1
       ON CONFLICT (message_id) DO UPDATE SET error = dead_letter.error || '; ' || excluded.error, at = excluded.at`,
    [id, toStorableText(error), at],
  );
  await session.query(
    `UPDATE message SET state = 'failed', state_at = now()
      WHERE id = $1 AND state = 'delivered'
        AND NOT EXISTS (SELECT FROM assignment WHERE message_id = $1 AND state IN ('pending', 'held', 'delivered', 'grouped'))
        AND NOT EXISTS (
          SELECT FROM (SELECT DISTINCT ON (outlet, recipient) outcome FROM delivery
                        WHERE message_id = $1 ORDER BY outlet, recipient, id DESC) AS last
           WHERE last.outcome = 'delivered')`,
    [id],
  );
}
