/**
 * What a digest says of a period: one pass over its verdicts, then a look at the few messages that are listed.
 *
 * The pass reads no bytes of messages, and no classification but those that an earlier release stored.
 */
import type { DigestFacts, DigestTotals } from "@triage/contracts";
import type { Row, Session } from "../database.ts";
import { type CauseRow, describeCauses } from "./describe-causes.ts";
import { describeOpenIncidents } from "./describe-incidents.ts";

/** LIMIT: causes and senders that are listed; the rest is counted. */
const MAX_CAUSES = 12;
const MAX_SENDERS = 8;
/** LIMIT: steps of the timeline. */
const MAX_STEPS = 36;
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
  SELECT v.message_id, v.verdict, v.kind, v.route, v.fingerprint, v.score, m.state,
         floor(extract(epoch FROM v.classified_at - $1::timestamptz) / ($3::integer * 60))::integer AS step,
         CASE WHEN m.state = 'archived' THEN nullif(coalesce(v.sender, lower(coalesce(m.envelope->'reversePath'->>'domain',
           CASE WHEN v.kind = 'dsn' THEN v.classification#>>'{report,reportingMta}' END))), '') END AS sender
    FROM verdict v JOIN message m ON m.id = v.message_id
   WHERE v.classified_at >= $1 AND v.classified_at < $2
), kept AS (
  SELECT * FROM judged WHERE state = 'archived'
), causes AS (
  SELECT verdict, kind, route, fingerprint, count(*) AS messages,
         row_number() OVER (ORDER BY verdict <> 'undecided', route <> 'digest', count(*) DESC, verdict, kind, fingerprint) AS place
    FROM kept GROUP BY verdict, kind, route, fingerprint
), ranked AS (
  SELECT k.message_id, c.place, row_number() OVER (PARTITION BY c.place ORDER BY k.score, k.message_id) AS rank
    FROM kept k JOIN causes c ON c.place <= $4 AND c.verdict = k.verdict AND c.kind = k.kind AND c.route = k.route
                             AND c.fingerprint IS NOT DISTINCT FROM k.fingerprint
), listed AS (
  SELECT c.*, (SELECT array_agg(message_id ORDER BY rank) FROM ranked r WHERE r.place = c.place AND rank <= $5) AS ids
    FROM causes c WHERE place <= $4
)
SELECT
  (SELECT coalesce(json_agg(t), '[]') FROM (
     SELECT verdict, route, state, count(*) AS messages FROM judged GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2) t) AS totals,
  (SELECT coalesce(json_agg(l ORDER BY place), '[]') FROM listed l) AS causes,
  (SELECT json_build_object('causes', count(*), 'messages', coalesce(sum(messages), 0)) FROM causes WHERE place > $4) AS others,
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
  ]);
  return {
    totals: toTotals(row.totals as readonly TotalRow[]),
    causes: await describeCauses(session, row.causes as readonly CauseRow[], maxEntries),
    others: row.others as DigestFacts["others"],
    senders: row.senders as DigestFacts["senders"],
    timeline: { stepMinutes, messages: toTimeline(period, stepMinutes, row.steps as readonly StepRow[]) },
    learning: await countLearning(session, period),
    incidents: await describeOpenIncidents(session),
    deadLetters: await countDeadLetters(session),
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
