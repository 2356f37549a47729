/**
 * Mail of ours to a human that bounced after their server had taken it: 250 was said, and the human never had it.
 *
 * The message is marked (the human's assignment fails, a dead letter says why, as if it had been refused at once), or the
 * notice, or the digest, and an alert is raised, one for each address and reason. All of it can be repeated: a report counts once.
 */
import type { BounceFacts, NoticeStep } from "@triage/contracts";
import type { Database, Row, Session } from "../database.ts";
import { raiseIncident } from "../incidents/incident-writes.ts";
import { markBounced } from "./mark-bounced.ts";
import { type Blamed, type BouncedRecipient, type OwnBounce, type Sent, type SentMail, wordsOf } from "./own-bounce.ts";

/** Bounces of one address and reason within this time are one alert. */
const WINDOW_MS = 86_400_000;
const MAX_MESSAGE_IDS = 5;

/** @returns Ids of the notices that the caller has to see delivered. */
export async function noteOwnBounce(
  database: Database,
  bounce: OwnBounce,
  newId: () => string,
): Promise<readonly string[]> {
  const blamed = await database.transaction(async (session) => {
    const sent = await readSent(session, bounce.mail);
    const found = bounce.failures.map((failure) => ({ failure, sent: matchSent(failure, sent) }));
    for (const one of found) await markBounced(session, bounce, one);
    return found;
  });
  const noticeIds: string[] = [];
  for (const one of blamed) {
    const noticeId = await raiseAlert(database, bounce, one, newId);
    if (noticeId !== undefined) noticeIds.push(noticeId);
  }
  return noticeIds;
}

/** Where mail about this message, or this step of an incident, was taken, or the digest that it was. */
async function readSent(session: Session, { id, step }: OwnBounce["mail"]): Promise<readonly Sent[]> {
  // Whoever closes it, or marks another bounce of it, comes before or after.
  await session.query("SELECT FROM message WHERE id = $1 FOR UPDATE", [id]);
  await session.query("SELECT FROM incident_notice WHERE incident_id = $1 AND step = $2 FOR UPDATE", [id, step ?? ""]);
  await session.query("SELECT FROM digest WHERE id = $1 FOR UPDATE", [id]);
  const rows = await session.query(
    `SELECT DISTINCT ON (outlet, recipient) 'message' AS kind, human, outlet, recipient, outcome
       FROM delivery WHERE message_id = $1
        AND (outlet, recipient) IN (SELECT outlet, recipient FROM delivery WHERE message_id = $1 AND outcome = 'delivered')
      ORDER BY outlet, recipient, id DESC`,
    [id],
  );
  const notices = await session.query(
    `SELECT DISTINCT ON (d.outlet, d.recipient) 'notice' AS kind, d.notice_id AS id, d.human, d.outlet, d.recipient, d.outcome
       FROM notice_delivery d JOIN incident_notice n ON n.id = d.notice_id
      WHERE n.incident_id = $1 AND n.step = $2 AND d.outcome <> 'error'
      ORDER BY d.outlet, d.recipient, d.id DESC`,
    [id, step ?? ""],
  );
  const digests = await session.query(
    `SELECT DISTINCT ON (d.outlet, d.recipient) 'digest' AS kind, d.digest_id AS id, d.human, d.outlet, d.recipient, d.outcome
       FROM digest_delivery d WHERE d.digest_id = $1 AND d.outcome <> 'error' ORDER BY d.outlet, d.recipient, d.id DESC`,
    [id],
  );
  return [...rows, ...notices, ...digests].map((row) => ({
    human: (row.human ?? undefined) as string | undefined,
    outlet: String(row.outlet),
    recipient: String(row.recipient),
    stands: row.outcome === "delivered",
    mail: toSentMail(row),
  }));
}

function toSentMail({ kind, id }: Row): SentMail {
  if (kind === "notice" || kind === "digest") return { kind, id: String(id) };
  return { kind: "message" };
}

/** By address; where the mail went to one address only, that one is meant, whatever it was forwarded to. */
function matchSent({ addresses }: BouncedRecipient, sent: readonly Sent[]): Sent | undefined {
  const named = new Set(addresses.map((address) => address.toLowerCase()));
  const alone = sent.length === 1 ? sent[0] : undefined;
  return sent.find(({ recipient }) => named.has(recipient.toLowerCase())) ?? alone;
}

async function raiseAlert(
  database: Database,
  { at }: OwnBounce,
  { failure, sent }: Blamed,
  newId: () => string,
): Promise<string | undefined> {
  const { reason } = failure;
  const recipient = sent?.recipient;
  const bounces = await database.query(
    `SELECT about, EXISTS (SELECT FROM message WHERE id = about) AS is_message
       FROM own_bounce WHERE address = $1 AND reason = $2 AND at > $3 ORDER BY at DESC, report_id DESC`,
    [recipient ?? "", reason, new Date(at.getTime() - WINDOW_MS)],
  );
  const messageIds = new Set(bounces.flatMap((row) => (row.is_message === true ? [String(row.about)] : [])));
  const named = failure.addresses[0];
  const facts: BounceFacts = {
    trouble: "own-mail-bounced",
    ...(recipient !== undefined && { address: recipient }),
    ...(named !== undefined && { named }),
    reason,
    ...(failure.words !== undefined && { words: wordsOf(failure) }),
    bounces: bounces.length,
    messageIds: [...messageIds].slice(0, MAX_MESSAGE_IDS),
    avoided: { addresses: await unreachable(database, recipient), outlets: sent === undefined ? [] : [sent.outlet] },
  };
  const scope = `bounce:${(recipient ?? "").toLowerCase()}:${reason}`;
  const raised = await raiseIncident(
    database,
    { kind: "alert", scope, facts, messages: bounces.length, at, step: stepOf(bounces.length) },
    newId,
  );
  return raised.noticeId;
}

/** This one, and everybody of whom a bounce was told that nothing has ended: two who bounce must not be told of each other. */
export async function unreachable(database: Database, address?: string): Promise<readonly string[]> {
  const rows = await database.query(
    "SELECT DISTINCT facts->>'address' AS address FROM incident WHERE kind = 'alert' AND state = 'open' AND scope LIKE 'bounce:%'",
  );
  const known = rows.flatMap((row) => (typeof row.address === "string" ? [row.address] : []));
  return [...new Set(address === undefined ? known : [address, ...known])];
}

/** At once, then at 10, 100 and so on: the largest of them that was reached. */
export function stepOf(count: number): NoticeStep {
  return count < 10 ? "begin" : `${10 ** Math.floor(Math.log10(count) + 1e-9)}`;
}
