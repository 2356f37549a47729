/**
 * What a digest says of a period: one pass over its verdicts, then a look at the few messages that are listed.
 *
 * The pass reads no bytes of messages, and no classification but those that an earlier release stored.
 */
import type { DigestFacts, DigestStorm, DigestTotals } from "@triage/contracts";
import type { Row, Session } from "../database.ts";
import { type CauseRow, describeCauses } from "./describe-causes.ts";
import { describeOpenIncidents } from "./describe-incidents.ts";

/** LIMIT: causes and senders that are listed; the rest is counted. */
const MAX_CAUSES = 12;
const MAX_SENDERS = 8;
/** LIMIT: storms that are told of by themselves; the rest is counted. */
const MAX_STORMS = 5;
/** Hours before a storm is seen in which its reports count as its own: they are what it is seen by. */
const STORM_LEAD_HOURS = 24;
/** LIMIT: steps of the timeline. */
const MAX_STEPS = 36;
/** LIMIT: UTF-16 units; the subject of a mailing is a stranger's. */
const MAX_SCOPE_CHARS = 300;
const STEPS_MINUTES = [60, 180, 360, 720, 1_440, 10_080];

export interface DigestPeriod {
  readonly since: Date;
  readonly until: Date;
}

/**
 * Each verdict of the period once. What a person released, or what a correction sent on, is not kept any more.
 *
 * The sender of a message with a null reverse-path is who reports: a DSN's reporting MTA.
 */
const PASS = `
WITH judged AS MATERIALIZED (
  SELECT v.message_id, v.verdict, v.kind, v.route, v.fingerprint, v.score, v.storm_keys, m.state, m.received_at,
         floor(extract(epoch FROM v.classified_at - $1::timestamptz) / ($3::integer * 60))::integer AS step,
         CASE WHEN m.state = 'archived' THEN nullif(coalesce(v.sender, lower(coalesce(m.envelope->'reversePath'->>'domain',
           CASE WHEN v.kind = 'dsn' THEN v.classification#>>'{report,reportingMta}' END))), '') END AS sender
    FROM verdict v JOIN message m ON m.id = v.message_id
   WHERE v.classified_at >= $1 AND v.classified_at < $2
), storm AS (
  SELECT k.key, i.id, i.first_seen, i.first_seen - make_interval(hours => $7) AS since, coalesce(i.closed_at, 'infinity') AS until
    FROM incident i JOIN incident_key k ON k.incident_id = i.id
   WHERE i.kind = 'storm' AND i.first_seen - make_interval(hours => $7) < $2
), stormy AS (
  SELECT DISTINCT ON (j.message_id) j.message_id, s.id AS storm
    FROM judged j CROSS JOIN unnest(j.storm_keys) AS own (key)
    JOIN storm s ON s.key = own.key AND j.received_at >= s.since AND j.received_at <= s.until
   WHERE j.state = 'archived' AND j.verdict = 'backscatter'
   ORDER BY j.message_id, j.received_at < s.first_seen, s.id
), kept AS (
  SELECT j.*, y.storm FROM judged j LEFT JOIN stormy y USING (message_id) WHERE j.state = 'archived'
), storms AS (
  SELECT storm, count(*) AS messages, row_number() OVER (ORDER BY count(*) DESC, storm) AS place
    FROM kept WHERE storm IS NOT NULL GROUP BY storm
), causes AS (
  SELECT verdict, kind, route, fingerprint, count(*) AS messages,
         row_number() OVER (ORDER BY verdict <> 'undecided', route <> 'digest', count(*) DESC, verdict, kind, fingerprint) AS place
    FROM kept WHERE storm IS NULL GROUP BY verdict, kind, route, fingerprint
), ranked AS (
  SELECT k.message_id, c.place, row_number() OVER (PARTITION BY c.place ORDER BY k.score, k.message_id) AS rank
    FROM kept k JOIN causes c ON c.place <= $4 AND c.verdict = k.verdict AND c.kind = k.kind AND c.route = k.route
                             AND c.fingerprint IS NOT DISTINCT FROM k.fingerprint
   WHERE k.storm IS NULL
), listed AS (
  SELECT c.*, (SELECT array_agg(message_id ORDER BY rank) FROM ranked r WHERE r.place = c.place AND rank <= $5) AS ids
    FROM causes c WHERE place <= $4
)
SELECT
  (SELECT coalesce(json_agg(t), '[]') FROM (
     SELECT verdict, route, state, count(*) AS messages FROM judged GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2) t) AS totals,
  (SELECT coalesce(json_agg(l ORDER BY place), '[]') FROM listed l) AS causes,
  (SELECT coalesce(json_agg(json_build_object('id', i.id, 'scope', i.facts->>'scope', 'messages', s.messages, 'reporters', i.facts->'reporters',
     'since', i.first_seen, 'over', i.closed_at) ORDER BY s.place), '[]')
     FROM storms s JOIN incident i ON i.id = s.storm WHERE s.place <= $8) AS storms,
  (SELECT json_build_object('causes', count(*), 'messages', coalesce(sum(messages), 0)) FROM (
     SELECT messages FROM causes WHERE place > $4 UNION ALL SELECT messages FROM storms WHERE place > $8) AS rest) AS others,
  (SELECT coalesce(json_agg(s), '[]') FROM (
     SELECT sender AS name, count(*) AS messages FROM kept WHERE sender IS NOT NULL
      GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT $6) s) AS senders,
  (SELECT coalesce(json_agg(t), '[]') FROM (SELECT step, count(*) AS messages FROM kept GROUP BY 1) t) AS steps`;

/** @param maxEntries  Messages listed of each cause. */
export async function gatherDigestFacts(
  session: Session,
  period: DigestPeriod,
  maxEntries: number,
): Promise<DigestFacts> {
  const stepMinutes = stepOf(period);
  const [row = {}] = await session.query(PASS, [
    period.since,
    period.until,
    stepMinutes,
    MAX_CAUSES,
    // one example says why, also where none is listed
    Math.max(maxEntries, 1),
    MAX_SENDERS,
    STORM_LEAD_HOURS,
    MAX_STORMS,
  ]);
  return {
    totals: toTotals(row.totals as readonly TotalRow[]),
    causes: await describeCauses(session, row.causes as readonly CauseRow[], maxEntries),
    storms: (row.storms as readonly StormRow[]).map(toStorm),
    others: row.others as DigestFacts["others"],
    senders: row.senders as DigestFacts["senders"],
    timeline: { stepMinutes, messages: toTimeline(period, stepMinutes, row.steps as readonly StepRow[]) },
    learning: await countLearning(session, period),
    incidents: await describeOpenIncidents(session),
    deadLetters: await countDeadLetters(session),
  };
}

interface StormRow extends Omit<DigestStorm, "over"> {
  readonly over: string | null;
}

function toStorm({ id, scope, messages, reporters, since, over }: StormRow): DigestStorm {
  const iso = (time: string) => new Date(time).toISOString();
  return {
    id,
    scope: scope.slice(0, MAX_SCOPE_CHARS),
    messages,
    reporters,
    since: iso(since),
    ...(over !== null && { over: iso(over) }),
  };
}

interface TotalRow {
  readonly verdict: string;
  readonly route: string;
  readonly state: string;
  readonly messages: number;
}

function toTotals(rows: readonly TotalRow[]): DigestTotals {
  const sum = (wanted: (row: TotalRow) => boolean) =>
    rows.filter(wanted).reduce((total, { messages }) => total + messages, 0);
  return {
    judged: sum(() => true),
    human: sum(({ state }) => state !== "archived" && state !== "grouped"),
    grouped: sum(({ state }) => state === "grouped"),
    kept: rows
      .filter(({ state }) => state === "archived")
      .map(({ verdict, route, messages }) => ({ verdict, route, messages })),
  };
}

interface StepRow {
  readonly step: number;
  readonly messages: number;
}

function stepOf({ since, until }: DigestPeriod): number {
  const minutes = (until.getTime() - since.getTime()) / 60_000;
  const widest = Math.ceil(minutes / MAX_STEPS);
  return STEPS_MINUTES.find((step) => step >= widest) ?? widest;
}

function toTimeline({ since, until }: DigestPeriod, stepMinutes: number, rows: readonly StepRow[]): number[] {
  const steps = Math.ceil((until.getTime() - since.getTime()) / (stepMinutes * 60_000));
  const messages = new Array<number>(steps).fill(0);
  for (const { step, messages: count } of rows) if (step >= 0 && step < steps) messages[step] = count;
  return messages;
}

async function countLearning(session: Session, { since, until }: DigestPeriod): Promise<DigestFacts["learning"]> {
  const [row] = await session.query(
    `SELECT (SELECT count(*) FROM correction WHERE at >= $1 AND at < $2) AS corrections,
            (SELECT active_version FROM learning_state) AS version`,
    [since, until],
  );
  return { corrections: numberOf(row, "corrections"), modelVersion: numberOf(row, "version") };
}

async function countDeadLetters(session: Session): Promise<number> {
  const [row] = await session.query("SELECT count(*) AS total FROM dead_letter");
  return numberOf(row, "total");
}

function numberOf(row: Row | undefined, name: string): number {
  return Number(row?.[name] ?? 0);
}
