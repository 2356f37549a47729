/**
 * The alert that nobody took a notice: whoever gets it is not among those who refused. One for all notices that fail within a
 * day; without a further one it ends by itself. An alert that nobody takes raises none: it would fail in the same way.
 */
import type { NoticeFailureFacts } from "@triage/contracts";
import type { Database } from "../database.ts";
import { stepOf, unreachable } from "../own-mail/own-bounces.ts";
import { raiseIncident } from "./incident-writes.ts";
import type { Notice } from "./incidents.ts";

/** Of which one is open at most. */
export const NOTICE_ALERT_SCOPE = "notices";
const DAY_MS = 86_400_000;
/** LIMIT: of the other side's words in a mail to a human. */
const MAX_WORDS_CHARS = 500;

/**
 * To be called before the notice is marked: it can be repeated, and the mark cannot.
 *
 * @returns Ids of the notices that the caller has to see delivered.
 */
export async function noteNoticeFailure(
  database: Database,
  notice: Notice,
  at: Date,
  newId: () => string,
): Promise<readonly string[]> {
  const { kind: about } = notice;
  if (about === "alert") return [];
  const facts = await readFacts(database, { id: notice.id, incidentId: notice.incidentId, about }, at);
  const { notices } = facts;
  const raised = await raiseIncident(
    database,
    { kind: "alert", scope: NOTICE_ALERT_SCOPE, facts, messages: notices, at, step: stepOf(notices) },
    newId,
  );
  return raised.noticeId === undefined ? [] : [raised.noticeId];
}

async function readFacts(
  database: Database,
  { id, incidentId, about }: Pick<Notice, "id" | "incidentId"> & Pick<NoticeFailureFacts, "about">,
  at: Date,
): Promise<NoticeFailureFacts> {
  const [row] = await database.query(
    `SELECT count(*) AS notices FROM incident_notice n JOIN incident i ON i.id = n.incident_id
      WHERE i.kind <> 'alert' AND (n.id = $1 OR (n.state = 'failed' AND n.at > $2))`,
    [id, new Date(at.getTime() - DAY_MS)],
  );
  const answers = await database.query(
    `SELECT DISTINCT ON (outlet, recipient) outlet, recipient, outcome, detail
       FROM notice_delivery WHERE notice_id = $1 ORDER BY outlet, recipient, id DESC`,
    [id],
  );
  const refused = answers.filter(({ outcome }) => outcome !== "delivered");
  const addresses = refused.map(({ recipient }) => String(recipient));
  const words = refused[0]?.detail;
  return {
    trouble: "notice-failed",
    incidentId,
    about,
    notices: Math.max(1, Number(row?.notices ?? 1)),
    ...(typeof words === "string" && { words: words.slice(0, MAX_WORDS_CHARS) }),
    avoided: {
      addresses: [...new Set([...addresses, ...(await unreachable(database))])],
      outlets: [...new Set(refused.map(({ outlet }) => String(outlet)))],
    },
  };
}
