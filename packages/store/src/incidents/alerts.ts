/**
 * Alerts: incidents about this service itself. What they say is counted anew each time and not added up, so that any
 * worker may ask at any time, and a repeat says nothing new.
 */
import type { DeadLetterFacts, DeadLetterStage } from "@triage/contracts";
import type { Database } from "../database.ts";
import { stepOf, unreachable } from "../own-mail/own-bounces.ts";
import { closeIncident, raiseIncident } from "./incident-writes.ts";
import { NOTICE_ALERT_SCOPE } from "./notice-alert.ts";

const SCOPE = "dead-letters";
/** LIMIT: of an error in a mail to a human. */
const MAX_ERROR_CHARS = 300;
const MAX_LATEST = 5;
/** LIMIT: dead letters whose failed attempts are looked at, newest first. */
const MAX_LOOKED_AT = 100;

/**
 * Raises the alert of the dead letters that wait, lets it grow, or ends it when none is left.
 *
 * @returns Ids of the notices that the caller has to see delivered.
 */
export async function watchDeadLetters(database: Database, at: Date, newId: () => string): Promise<readonly string[]> {
  const facts = await readFacts(database);
  const waiting = facts.waiting;
  const report = { kind: "alert" as const, scope: SCOPE, facts, messages: waiting, at };
  const raised =
    waiting === 0
      ? await closeIncident(database, { ...report, step: "end" }, newId)
      : await raiseIncident(database, { ...report, step: stepOf(waiting) }, newId);
  return raised?.noticeId === undefined ? [] : [raised.noticeId];
}

/** What was not heard of since is told anew when it comes again; that nothing was sent is no news. */
export async function closeQuietAlerts(database: Database, quietSince: Date, at: Date): Promise<void> {
  await database.query(
    `UPDATE incident SET state = 'closed', closed_at = $2
      WHERE kind = 'alert' AND state = 'open' AND (scope LIKE 'bounce:%' OR scope = $3) AND last_seen < $1`,
    [quietSince, at, NOTICE_ALERT_SCOPE],
  );
}

async function readFacts(database: Database): Promise<DeadLetterFacts> {
  const [total] = await database.query("SELECT count(*) AS waiting FROM dead_letter");
  const latest = await database.query(
    "SELECT message_id, stage, error FROM dead_letter ORDER BY at DESC, message_id DESC LIMIT $1",
    [MAX_LATEST],
  );
  // An address that was refused, and an outlet that answers nobody: neither is told of it.
  const failed = await database.query(
    `SELECT DISTINCT ON (d.outlet, d.recipient) d.outlet, d.recipient, d.outcome
       FROM delivery d JOIN (SELECT message_id FROM dead_letter ORDER BY at DESC, message_id DESC LIMIT $1) AS l USING (message_id)
      ORDER BY d.outlet, d.recipient, d.id DESC`,
    [MAX_LOOKED_AT],
  );
  const troubled = failed.filter(({ outcome }) => outcome !== "delivered");
  const addresses = [
    ...new Set([...troubled.map(({ recipient }) => String(recipient)), ...(await unreachable(database))]),
  ];
  return {
    trouble: "dead-letters",
    waiting: Number(total?.waiting ?? 0),
    latest: latest.map((row) => ({
      messageId: String(row.message_id),
      stage: row.stage as DeadLetterStage,
      error: String(row.error).slice(0, MAX_ERROR_CHARS),
    })),
    avoided: { addresses, outlets: [...new Set(troubled.map(({ outlet }) => String(outlet)))] },
  };
}
