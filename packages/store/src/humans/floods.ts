/**
 * What waits because a human gets too much is told of by one notice, at most once an hour, and is `grouped` once they have it.
 *
 * A notice that nobody takes gives its messages back: the next one lists them again.
 */
import type { Classification, FloodFacts, NoticeStep } from "@triage/contracts";
import type { Database, Row, Session } from "../database.ts";
import { insertNotice } from "../incidents/incident-writes.ts";
import { toJsonText } from "../json-text.ts";
import { JOB, settleWithin, toJob } from "./assignments.ts";
import { type LetterHeader, readLetterHeaders } from "./letter-headers.ts";

/** LIMIT: reports of one notice; what is beyond waits for the next one. */
const MAX_REPORTS = 10_000;

/**
 * LIMIT: letters of one notice. Each is listed: a letter is not told of by a number, behind which a stranger's thousand would
 * hide somebody's. What is beyond waits for room, or for the next notice.
 */
const MAX_LETTERS = 500;

/** What of a classification the notice may say; of the recipients the first. */
export type ToldOf = Pick<Classification, "verdict" | "urgency" | "why" | "fingerprint"> & {
  readonly returned: Pick<Classification["returned"], "subject">;
  readonly report: Pick<Classification["report"], "kind" | "recipients">;
};

/** A message that waits. */
export interface HeldMessage {
  readonly id: string;
  readonly heldAt: Date;
  readonly receivedAt: Date;
  readonly classification: ToldOf;
  /** Of letters. */
  readonly header?: LetterHeader;
}

export interface FloodQuestion {
  readonly human: string;
  /** Nothing is told before something has waited since then: many come at once, and some may still go. */
  readonly waitingSince: Date;
  /** Nothing is told when the human was told of a flood after this. */
  readonly toldSince: Date;
  readonly at: Date;
  /** What the notice says: of reports, then letters, oldest first; `lettersLater` go on waiting. */
  readonly describe: (waiting: readonly HeldMessage[], lettersLater: number) => FloodFacts;
}

/** @returns Id of the notice, which the caller has to see delivered; undefined when there is nothing to tell. */
export async function summariseHeld(
  database: Database,
  question: FloodQuestion,
  newId: () => string,
): Promise<string | undefined> {
  const { human, waitingSince, toldSince, at, describe } = question;
  return database.transaction(async (session) => {
    await session.query("SELECT pg_advisory_xact_lock(hashtextextended('postmaster-triage:flood:' || $1 || $2, 0))", [
      database.schema,
      human,
    ]);
    const incident = await openFlood(session, human);
    if (isBetween(incident?.toldAt, toldSince, at)) return undefined;
    const waiting = await readHeld(session, human);
    if (!waiting.some(({ heldAt }) => heldAt <= waitingSince)) return undefined;
    const facts = describe(waiting, await countLettersBeyond(session, human, waiting));
    const incidentId = await growFlood(session, newId(), { human, facts, messages: waiting.length, at });
    const step: NoticeStep = incident === undefined ? "begin" : `${incident.notices + 1}`;
    const noticeId = await insertNotice(session, { id: newId(), incidentId, step, facts, at });
    await session.query(
      "UPDATE assignment SET notice_id = $2 WHERE human = $1 AND state = 'held' AND message_id = ANY($3::uuid[])",
      [human, noticeId ?? null, waiting.map(({ id }) => id)],
    );
    return noticeId;
  });
}

/** What is further ahead than behind was written by a clock that was wrong. */
function isBetween(toldAt: Date | undefined, since: Date, at: Date): boolean {
  return toldAt !== undefined && toldAt > since && toldAt.getTime() < 2 * at.getTime() - since.getTime();
}

interface OpenFlood {
  readonly notices: number;
  readonly toldAt: Date | undefined;
}

async function openFlood(session: Session, human: string): Promise<OpenFlood | undefined> {
  const [row] = await session.query(
    `SELECT (SELECT count(*) FROM incident_notice n WHERE n.incident_id = i.id) AS notices,
            (SELECT max(n.at) FROM incident_notice n WHERE n.incident_id = i.id) AS told_at
       FROM incident i WHERE i.kind = 'flood' AND i.scope = $1 AND i.state = 'open'`,
    [human],
  );
  if (row === undefined) return undefined;
  return { notices: Number(row.notices), toldAt: (row.told_at ?? undefined) as Date | undefined };
}

/**
 * LIMIT: of a report about many only the first recipient, and no evidence: ten thousand of the largest would be gigabytes.
 */
const TOLD_OF = `
json_build_object('verdict', v.classification->'verdict', 'urgency', v.classification->'urgency', 'why', v.classification->'why',
  'fingerprint', v.classification->'fingerprint', 'returned', json_build_object('subject', v.classification#>'{returned,subject}'),
  'report', json_build_object('kind', v.classification#>'{report,kind}', 'recipients', v.classification#>'{report,recipients,0}'))`;

/** JSON has null where the classification has nothing. */
function toToldOf(json: unknown): ToldOf {
  const { urgency, fingerprint, returned, report, ...rest } = json as ToldOfRow;
  return {
    ...rest,
    ...(urgency !== null && { urgency }),
    ...(fingerprint !== null && { fingerprint }),
    returned: returned.subject === null ? {} : { subject: returned.subject },
    report: { kind: report.kind, ...(report.recipients !== null && { recipients: [report.recipients] }) },
  };
}

interface ToldOfRow extends Pick<Classification, "verdict" | "why"> {
  readonly urgency: NonNullable<Classification["urgency"]> | null;
  readonly fingerprint: string | null;
  readonly returned: { readonly subject: string | null };
  readonly report: {
    readonly kind: Classification["report"]["kind"];
    readonly recipients: NonNullable<Classification["report"]["recipients"]>[number] | null;
  };
}

const HELD = "a.human = $1 AND a.state = 'held' AND a.notice_id IS NULL AND m.state <> 'archived'";
const IS_LETTER = "v.kind = 'person'";

async function readHeld(session: Session, human: string): Promise<readonly HeldMessage[]> {
  const reports = await readHeldWhere(session, human, { condition: `NOT ${IS_LETTER}`, limit: MAX_REPORTS });
  const letters = await readHeldWhere(session, human, { condition: IS_LETTER, limit: MAX_LETTERS });
  const headers = await readLetterHeaders(
    session,
    letters.map(({ id }) => id),
  );
  return [...reports, ...letters.map((letter) => ({ ...letter, header: headers.get(letter.id) ?? {} }))];
}

async function readHeldWhere(
  session: Session,
  human: string,
  { condition, limit }: { readonly condition: string; readonly limit: number },
): Promise<readonly HeldMessage[]> {
  const rows = await session.query(
    `SELECT a.message_id, a.state_at, m.received_at, ${TOLD_OF} AS classification
       FROM assignment a JOIN message m ON m.id = a.message_id JOIN verdict v ON v.message_id = a.message_id
      WHERE ${HELD} AND ${condition} ORDER BY a.message_id LIMIT $2 FOR UPDATE OF a`,
    [human, limit],
  );
  return rows.map((row: Row) => ({
    id: String(row.message_id),
    heldAt: row.state_at as Date,
    receivedAt: row.received_at as Date,
    classification: toToldOf(row.classification),
  }));
}

/** Letters that wait and that this notice does not list. */
async function countLettersBeyond(session: Session, human: string, listed: readonly HeldMessage[]): Promise<number> {
  const letters = listed.filter(({ classification }) => classification.report.kind === "person").length;
  if (letters < MAX_LETTERS) return 0;
  const [row] = await session.query(
    `SELECT count(*) AS letters
       FROM assignment a JOIN message m ON m.id = a.message_id JOIN verdict v ON v.message_id = a.message_id
      WHERE ${HELD} AND ${IS_LETTER}`,
    [human],
  );
  return Math.max(0, Number(row?.letters) - letters);
}

interface Flood {
  readonly human: string;
  readonly facts: FloodFacts;
  readonly messages: number;
  readonly at: Date;
}

async function growFlood(session: Session, id: string, { human, facts, messages, at }: Flood): Promise<string> {
  const [row] = await session.query(
    `INSERT INTO incident (id, kind, scope, state, first_seen, last_seen, messages, facts)
     VALUES ($1, 'flood', $2, 'open', $3, $3, $4, $5)
         ON CONFLICT (kind, scope) WHERE state = 'open' DO UPDATE
        SET last_seen = $3, messages = incident.messages + $4, facts = $5
     RETURNING id`,
    [id, human, at, messages, toJsonText(facts)],
  );
  return String(row?.id);
}

/** What becomes of the messages of a notice: told of, or waiting again. */
export async function finishFloodNotice(
  session: Session,
  noticeId: string,
  state: "delivered" | "failed",
  at: Date,
): Promise<void> {
  await lockMessages(session, noticeId);
  const rows = await session.query(
    `UPDATE assignment
        SET state = CASE $2 WHEN 'delivered' THEN 'grouped' ELSE 'held' END, state_at = $3,
            notice_id = CASE $2 WHEN 'delivered' THEN notice_id END
      WHERE notice_id = $1 AND state = 'held' RETURNING message_id`,
    [noticeId, state, at],
  );
  const ids = rows.map((row) => String(row.message_id));
  await settleWithin(session, ids, at);
}

/**
 * What waits alone goes to the human in the place of the notice: a summary of one would be as much mail, and say less. The notice
 * stands as told, so that this happens once an hour at most.
 *
 * @returns Jobs of the queue "deliver", which the caller has to add; none where it need not go any more.
 */
export function sendLoneHeld(database: Database, noticeId: string, at: Date): Promise<readonly string[]> {
  return database.transaction(async (session) => {
    const [notice] = await session.query("SELECT state FROM incident_notice WHERE id = $1 FOR UPDATE", [noticeId]);
    if (notice?.state !== "pending") return [];
    await lockMessages(session, noticeId);
    const rows = await session.query(
      `UPDATE assignment a SET state = 'pending', state_at = $2 WHERE notice_id = $1 AND state = 'held' RETURNING ${JOB}`,
      [noticeId, at],
    );
    await session.query("UPDATE incident_notice SET state = 'delivered', state_at = now() WHERE id = $1", [noticeId]);
    return rows.map(toJob);
  });
}

/**
 * A notice that came back after it had been taken: nobody was told of its messages, and they wait again.
 *
 * @param isToBeTold  The next human gets the notice, and is told of them by it.
 */
export async function takeBackFloodNotice(session: Session, noticeId: string, isToBeTold: boolean): Promise<void> {
  await lockMessages(session, noticeId);
  await session.query(
    `WITH back AS (
       UPDATE assignment SET state = 'held', state_at = now(), notice_id = CASE WHEN $2 THEN notice_id END
        WHERE notice_id = $1 AND state = 'grouped' RETURNING message_id
     )
     UPDATE message SET state = 'classified', state_at = now() FROM back WHERE id = message_id AND state = 'grouped'`,
    [noticeId, isToBeTold],
  );
}

/** Before their assignments, as everybody who settles a message does. */
async function lockMessages(session: Session, noticeId: string): Promise<void> {
  await session.query(
    "SELECT FROM message WHERE id IN (SELECT message_id FROM assignment WHERE notice_id = $1) ORDER BY id FOR UPDATE",
    [noticeId],
  );
}

/** Closes the floods of which nothing waits and nothing was told since then. The last notice has said it all. */
export async function closeQuietFloods(database: Database, quietSince: Date, at: Date): Promise<void> {
  await database.query(
    `UPDATE incident i SET state = 'closed', closed_at = $2
      WHERE i.kind = 'flood' AND i.state = 'open' AND i.last_seen < $1
        AND NOT EXISTS (SELECT FROM assignment a WHERE a.human = i.scope AND a.state = 'held')`,
    [quietSince, at],
  );
}
