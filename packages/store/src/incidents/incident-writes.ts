/**
 * What all kinds of incidents do the same: one that is open for each scope, grown by everybody, each step told once.
 *
 * Whoever inserts the row of a step has to see the notice delivered, and nobody else: add its id to the queue "notify". If
 * that fails, the sweeper of delivery does it later.
 */
import type { IncidentFacts, IncidentKind, NoticeStep } from "@triage/contracts";
import type { Database, Session } from "../database.ts";
import { toJsonText, toStorableText } from "../json-text.ts";
import { isUuid } from "../uuid-v7.ts";

/** What an incident is now; facts take the place of those of before. */
export interface IncidentReport<Kind extends IncidentKind> {
  readonly kind: Kind;
  /** What it is about: of one kind and scope at most one incident is open. */
  readonly scope: string;
  readonly facts: IncidentFacts<Kind>;
  /** How many messages belong to it. */
  readonly messages: number;
  readonly at: Date;
  /** Tells the human, unless the incident has had this step. */
  readonly step?: NoticeStep;
}

export interface RaisedIncident {
  readonly id: string;
  /** False: it was open before. */
  readonly opened: boolean;
  /** The notice that this call has to see delivered. */
  readonly noticeId: string | undefined;
}

export interface NewNotice {
  readonly id: string;
  readonly incidentId: string;
  readonly step: NoticeStep;
  /** The incident as it is now: a notice says the same however often it is delivered. */
  readonly facts: IncidentFacts<IncidentKind>;
  readonly at: Date;
}

/** @returns Its id; undefined when the incident has had this step. */
export async function insertNotice(session: Session, notice: NewNotice): Promise<string | undefined> {
  const [row] = await session.query(
    `INSERT INTO incident_notice (id, incident_id, step, facts, at, state_at) VALUES ($1, $2, $3, $4, $5, now())
       ON CONFLICT (incident_id, step) DO NOTHING RETURNING id`,
    [notice.id, notice.incidentId, notice.step, toJsonText(notice.facts), notice.at],
  );
  return row === undefined ? undefined : String(row.id);
}

/** Opens the incident, or grows the one that is open. Two workers never open two. */
export async function raiseIncident<Kind extends IncidentKind>(
  database: Database,
  report: IncidentReport<Kind>,
  newId: () => string,
): Promise<RaisedIncident> {
  const { kind, scope, facts, messages, at, step } = report;
  return database.transaction(async (session) => {
    const wanted = newId();
    const [row] = await session.query(
      `INSERT INTO incident (id, kind, scope, state, first_seen, last_seen, messages, facts)
       VALUES ($1, $2, $3, 'open', $4, $4, $5, $6)
           ON CONFLICT (kind, scope) WHERE state = 'open' DO UPDATE
          SET last_seen = greatest(incident.last_seen, $4), messages = $5, facts = $6
       RETURNING id`,
      [wanted, kind, toStorableText(scope), at, messages, toJsonText(facts)],
    );
    const id = String(row?.id);
    const noticeId =
      step === undefined ? undefined : await insertNotice(session, { id: newId(), incidentId: id, step, facts, at });
    return { id, opened: id === wanted, noticeId };
  });
}

/**
 * Closes the open incident of this kind and scope, with the notice of the step that is given (usually `end`).
 *
 * @returns undefined when none is open, thus also when somebody else has just closed it.
 */
export async function closeIncident<Kind extends IncidentKind>(
  database: Database,
  report: IncidentReport<Kind>,
  newId: () => string,
): Promise<RaisedIncident | undefined> {
  const { kind, scope, facts, messages, at, step } = report;
  return database.transaction(async (session) => {
    const [row] = await session.query(
      `UPDATE incident SET state = 'closed', closed_at = $3, messages = $4, facts = $5
        WHERE kind = $1 AND scope = $2 AND state = 'open' RETURNING id`,
      [kind, toStorableText(scope), at, messages, toJsonText(facts)],
    );
    if (row === undefined) return undefined;
    const id = String(row.id);
    const noticeId =
      step === undefined ? undefined : await insertNotice(session, { id: newId(), incidentId: id, step, facts, at });
    return { id, opened: false, noticeId };
  });
}

/** Closes an incident of any kind at a person's word: they need not be told that it is over. */
export async function dismissIncident(
  database: Database,
  id: string,
  at: Date,
): Promise<"closed" | "not-open" | "unknown-incident"> {
  if (!isUuid(id)) return "unknown-incident";
  const [row] = await database.query(
    `WITH closed AS (
       UPDATE incident SET state = 'closed', closed_at = $2 WHERE id = $1 AND state = 'open' RETURNING id
     )
     SELECT EXISTS (SELECT FROM incident WHERE id = $1) AS known, EXISTS (SELECT FROM closed) AS closed`,
    [id, at],
  );
  if (row?.closed === true) return "closed";
  return row?.known === true ? "not-open" : "unknown-incident";
}
