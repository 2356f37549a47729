/** Incidents and their notices: listing, closing, and what became of a notice on its way to the human. */
import type {
  IncidentKind,
  IncidentState,
  IncidentView,
  NoticeState,
  NoticeStep,
  OfIncidentKind,
  StormFacts,
} from "@triage/contracts";
import { countsOf, decodeSketch, mergeSketch, type StormCounts } from "@triage/provenance";
import type { Database, Row, Session, Statement } from "../database.ts";
import { finishFloodNotice } from "../humans/floods.ts";
import { hasWork, noticeOutcome, staleParts } from "../humans/notice-assignments.ts";
import { toJsonText, toStorableText } from "../json-text.ts";
import type { Delivery, NoticeDelivery } from "../messages/stored-message.ts";
import { isUuid } from "../uuid-v7.ts";
import { insertNotice } from "./incident-writes.ts";
import { countGrouped } from "./storm-reports.ts";
import { HOUR_MS } from "./storm-sketches.ts";

interface NoticeBase {
  readonly id: string;
  readonly incidentId: string;
  readonly step: NoticeStep;
  readonly state: NoticeState;
  readonly at: Date;
  readonly firstSeen: Date;
  readonly deliveries: readonly Delivery[];
}

/** What the human has to be told, as it was when the step was reached. */
export type Notice = OfIncidentKind<NoticeBase>;

export interface IncidentPage {
  readonly state?: IncidentState;
  readonly kind?: IncidentKind;
  readonly limit: number;
}

const NOTICE: Statement = {
  name: "notice",
  text: `
SELECT n.incident_id, i.kind, n.step, n.state, n.at, i.first_seen, n.facts,
       (SELECT json_agg(json_build_object('outlet', outlet, 'recipient', recipient, 'outcome', outcome,
                                          'detail', detail, 'at', at) ORDER BY id)
          FROM notice_delivery WHERE notice_id = n.id) AS deliveries
  FROM incident_notice n JOIN incident i ON i.id = n.incident_id WHERE n.id = $1`,
};

const SELECT = `
SELECT i.id, i.kind, i.state, i.first_seen, i.last_seen, i.closed_at, i.messages, i.facts,
       (SELECT json_agg(json_build_object('id', n.id, 'step', n.step, 'state', n.state, 'at', n.at) ORDER BY n.id)
          FROM incident_notice n WHERE n.incident_id = i.id) AS notices
  FROM incident i`;

const LIST: Statement = {
  name: "incidents",
  text: `${SELECT} WHERE ($1::text IS NULL OR i.state = $1) AND ($2::text IS NULL OR i.kind = $2)
 ORDER BY i.id DESC LIMIT $3`,
};

export async function readNotice(database: Database, id: string): Promise<Notice | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await database.run(NOTICE, [id]);
  if (row === undefined) return undefined;
  const deliveries = (row.deliveries ?? []) as readonly (Omit<Delivery, "at"> & { readonly at: string })[];
  return {
    id: id.toLowerCase(),
    incidentId: String(row.incident_id),
    step: row.step as NoticeStep,
    state: row.state as NoticeState,
    at: row.at as Date,
    firstSeen: row.first_seen as Date,
    ...kindAndFacts(row),
    deliveries: deliveries.map((delivery) => ({ ...delivery, at: new Date(delivery.at) })),
  };
}

/** Adds one attempt; nothing is ever overwritten. */
export async function recordNoticeDelivery(database: Database, id: string, delivery: NoticeDelivery): Promise<void> {
  const { human, outlet, recipient, outcome, detail } = delivery;
  await database.query(
    "INSERT INTO notice_delivery (notice_id, human, outlet, recipient, outcome, detail) VALUES ($1, $2, $3, $4, $5, $6)",
    [id, human ?? null, outlet, toStorableText(recipient), outcome, toStorableText(detail)],
  );
}

/**
 * Closes it as its humans were told or not; it stays `pending` while one is still to be told, or waits for the next human's time. The
 * messages that a notice of a flood lists follow in the same transaction: a bounce of it comes before, or after.
 *
 * @param given.otherwise  Where nobody was to be told.
 * @returns                Its state now.
 */
export function closeNotice(
  database: Database,
  id: string,
  { at, otherwise }: { readonly at: Date; readonly otherwise: "delivered" | "failed" },
): Promise<NoticeState> {
  return database.transaction(async (session) => {
    const [notice] = await session.query(
      "SELECT n.state, i.kind FROM incident_notice n JOIN incident i ON i.id = n.incident_id WHERE n.id = $1 FOR UPDATE OF n",
      [id],
    );
    if (notice?.state !== "pending") return (notice?.state ?? otherwise) as NoticeState;
    const outcome = await noticeOutcome(session, id, at);
    if (outcome === "pending") return outcome;
    const state = outcome === "nobody" ? otherwise : outcome;
    if (notice.kind === "flood") await finishFloodNotice(session, id, state, at);
    await session.query("UPDATE incident_notice SET state = $2, state_at = now() WHERE id = $1", [id, state]);
    return state;
  });
}

/** Jobs of notices that have waited since before `olderThan`, oldest first; not of those that only wait for the next human's time. */
export async function staleNotices(database: Database, olderThan: Date, limit: number): Promise<readonly string[]> {
  const rows = await database.query(
    `SELECT n.id FROM incident_notice n
      WHERE n.state = 'pending' AND n.state_at < $1 AND ${hasWork("n.id", "$1")} ORDER BY n.state_at LIMIT $2`,
    [olderThan, limit],
  );
  return [...rows.map((row) => String(row.id)), ...(await staleParts(database, "notify", olderThan))];
}

/** Newest first. */
export async function listIncidents(database: Database, page: IncidentPage): Promise<readonly IncidentView[]> {
  const rows = await database.run(LIST, [page.state ?? null, page.kind ?? null, page.limit]);
  return rows.map(toView);
}

/** One of them, of any kind; its facts are those of its last step. */
export async function readIncident(database: Database, id: string): Promise<IncidentView | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await database.query(`${SELECT} WHERE i.id = $1`, [id]);
  return row === undefined ? undefined : toView(row);
}

export async function countOpenIncidents(database: Database): Promise<ReadonlyMap<IncidentKind, number>> {
  const rows = await database.query("SELECT kind, count(*) AS total FROM incident WHERE state = 'open' GROUP BY kind");
  return new Map(rows.map((row) => [row.kind as IncidentKind, Number(row.total)]));
}

/**
 * Closes the storms that nothing has been seen of since `quietSince`, each with its last notice.
 *
 * @returns Ids of the notices, which the caller has to see delivered. Two workers never close the same one.
 */
export async function closeQuietStorms(
  database: Database,
  quietSince: Date,
  at: Date,
  newId: () => string,
): Promise<readonly string[]> {
  return database.transaction(async (session) => {
    const closed = await session.query(
      `UPDATE incident SET state = 'closed', closed_at = $2
        WHERE id IN (SELECT id FROM incident WHERE kind = 'storm' AND state = 'open' AND last_seen < $1
                       ORDER BY id FOR UPDATE SKIP LOCKED)
       RETURNING id, first_seen, facts, sketch`,
      [quietSince, at],
    );
    const noticeIds: string[] = [];
    for (const row of closed) {
      const incidentId = String(row.id);
      const grouped = await countGrouped(session, incidentId);
      const facts = { ...(row.facts as StormFacts), ...(await countOnceMore(session, row)), grouped };
      await session.query("UPDATE incident SET facts = $2, messages = $3 WHERE id = $1", [
        incidentId,
        toJsonText(facts),
        facts.unproven,
      ]);
      const inserted = await insertNotice(session, { id: newId(), incidentId, step: "end", facts, at });
      if (inserted !== undefined) noticeIds.push(inserted);
    }
    return noticeIds;
  });
}

/** Workers do not write every batch into the incident: what the last ones counted is still in the sketches. */
async function countOnceMore(session: Session, incident: Row): Promise<StormCounts> {
  const sketch = decodeSketch(incident.sketch as Buffer);
  const firstHour = Math.floor((incident.first_seen as Date).getTime() / HOUR_MS);
  const rows = await session.query(
    "SELECT sketch FROM storm_sketch JOIN incident_key USING (key) WHERE incident_id = $1 AND hour >= $2",
    [incident.id, firstHour],
  );
  for (const row of rows) mergeSketch(sketch, decodeSketch(row.sketch as Buffer));
  return countsOf(sketch);
}

function toView(row: Row): IncidentView {
  const notices = (row.notices ?? []) as IncidentView["notices"];
  return {
    id: String(row.id),
    state: row.state as IncidentView["state"],
    firstSeen: (row.first_seen as Date).toISOString(),
    lastSeen: (row.last_seen as Date).toISOString(),
    ...(row.closed_at instanceof Date && { closedAt: row.closed_at.toISOString() }),
    messages: Number(row.messages),
    ...kindAndFacts(row),
    notices: notices.map((notice) => ({ ...notice, at: new Date(notice.at).toISOString() })),
  };
}

/** They are written together, by the one who knows the kind. */
function kindAndFacts({ kind, facts }: Row): OfIncidentKind<unknown> {
  return { kind, facts } as OfIncidentKind<unknown>;
}
