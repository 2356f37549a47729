/**
 * Failures with one cause are one incident: its first message is delivered as itself, the others are counted.
 *
 * The verdict, the state of the message and the count of the incident are one transaction under the lock of the incident's
 * row. So whatever the number of workers, their order, repeats and crashes: a message counts once, one message begins the
 * incident, each step is reached once.
 *
 * An incident must not swallow anything on behalf of a message that the human never got. Therefore the next message
 * takes the place of a first one that could not be delivered, or that a person says is none (see standsFor), and one that
 * failed is delivered although a delay began the incident.
 */
import type { Classification, FailureFacts, NoticeStep } from "@triage/contracts";
import type { Database, Row, Session } from "../database.ts";
import { toJsonText, toStorableText } from "../json-text.ts";
import { SAVE, saveParameters } from "../messages/classifications.ts";
import { isUuid, uuidTimeMs } from "../uuid-v7.ts";
import { countParties, type FailureCause } from "./failure-facts.ts";
import { insertNotice } from "./incident-writes.ts";

/** The first number of messages that is told of; then ten times that, and so on. */
const FIRST_STEP = 10;

export interface FailureGroup {
  readonly kind: "failure";
  /** Messages of the same scope belong together while its incident is open. */
  readonly scope: string;
  readonly severity: FailureFacts["severity"];
  readonly cause: FailureCause;
  /** How many addresses of senders and of recipients may be named. */
  readonly addressesShown: number;
}

export interface GroupedSave {
  readonly outcome: "saved" | "already-saved" | "unknown-message";
  /** Of the message, after it was saved now or before; `classified`: the human should get it. */
  readonly state: string | undefined;
  /** Notices that this call has to see delivered. */
  readonly noticeIds: readonly string[];
}

interface Parts {
  readonly database: Database;
  readonly newId: () => string;
}

interface OpenIncident {
  readonly id: string;
  /** Messages with this one. */
  readonly messages: number;
  readonly opener: string;
  readonly severity: FailureFacts["severity"];
  /** Those of the beginning, or of the last step. */
  readonly facts: FailureFacts;
}

/** The row stays locked until the end of the transaction, whether it was there or not. */
const COUNT = `
INSERT INTO incident (id, kind, scope, state, first_seen, last_seen, messages, facts, opener, severity)
VALUES ($1, 'failure', $2, 'open', $3, $3, 1, $4, $5, $6)
    ON CONFLICT (kind, scope) WHERE state = 'open' DO UPDATE
   SET first_seen = least(incident.first_seen, $3), last_seen = greatest(incident.last_seen, $3),
       messages = incident.messages + 1
RETURNING id, messages, opener, severity, facts`;

/** Keeps the verdict of a failure, and decides whether it is delivered as itself or only counted. */
export async function saveFailure(
  parts: Parts,
  messageId: string,
  classification: Classification,
  group: FailureGroup,
): Promise<GroupedSave> {
  if (!isUuid(messageId)) return { outcome: "unknown-message", state: undefined, noticeIds: [] };
  return parts.database.transaction(async (session) => {
    const [saved] = await session.query(SAVE.text, saveParameters(messageId, classification, "classified"));
    if (saved?.saved !== true) return savedBefore(session, messageId, saved);
    const incident = await count(session, parts, messageId, group);
    const delivers = await isDelivered(session, messageId, incident, group);
    await session.query("INSERT INTO incident_message (message_id, incident_id, role) VALUES ($1, $2, $3)", [
      messageId,
      incident.id,
      delivers ? "opener" : "grouped",
    ]);
    if (delivers) await takePlace(session, incident, messageId, group);
    else
      await session.query("UPDATE message SET state = 'grouped' WHERE id = $1 AND state = 'classified'", [messageId]);
    const step = stepAt(incident.messages);
    const noticeIds =
      step === undefined ? [] : await tellStep(session, { ...parts, ...group }, incident, step, lastSeenOf(messageId));
    return { outcome: "saved", state: delivers ? "classified" : "grouped", noticeIds };
  });
}

async function savedBefore(session: Session, messageId: string, saved: Row | undefined): Promise<GroupedSave> {
  if (saved?.known !== true) return { outcome: "unknown-message", state: undefined, noticeIds: [] };
  const [row] = await session.query("SELECT state FROM message WHERE id = $1", [messageId]);
  return { outcome: "already-saved", state: String(row?.state), noticeIds: [] };
}

async function count(
  session: Session,
  { newId }: Parts,
  messageId: string,
  { scope, severity, cause }: FailureGroup,
): Promise<OpenIncident> {
  const nobody = { total: 0, addresses: [], domains: [] };
  const facts: FailureFacts = {
    ...cause,
    openerId: messageId,
    severity,
    messages: 1,
    senders: nobody,
    recipients: nobody,
  };
  const [row] = await session.query(COUNT, [
    newId(),
    toStorableText(scope),
    lastSeenOf(messageId),
    toJsonText(facts),
    messageId,
    severity,
  ]);
  return toOpenIncident(row ?? {});
}

function toOpenIncident(row: Row): OpenIncident {
  return {
    id: String(row.id),
    messages: Number(row.messages),
    opener: String(row.opener),
    severity: row.severity as OpenIncident["severity"],
    facts: row.facts as FailureFacts,
  };
}

/** The first message; one that is worse than all before; one whose predecessors the human does not have. */
async function isDelivered(
  session: Session,
  messageId: string,
  { opener, severity }: OpenIncident,
  group: FailureGroup,
): Promise<boolean> {
  if (opener === messageId) return true;
  if (severity === "delayed" && group.severity === "failed") return true;
  return !(await standsFor(session, opener));
}

/**
 * Whether the human has the message, or is getting it, as what it was taken for. One that retention has dropped was
 * delivered long ago; one that is `grouped` the human was told of in a summary of too much mail.
 */
async function standsFor(session: Session, opener: string): Promise<boolean> {
  const [row] = await session.query(
    "SELECT m.state, v.verdict, v.route FROM message m JOIN verdict v ON v.message_id = m.id WHERE m.id = $1",
    [opener],
  );
  if (row === undefined) return true;
  const isThere = row.state === "classified" || row.state === "delivered" || row.state === "grouped";
  return isThere && row.verdict === "genuine-dsn" && row.route === "human";
}

async function takePlace(session: Session, { id }: OpenIncident, messageId: string, group: FailureGroup) {
  await session.query(
    "UPDATE incident SET opener = $2, severity = CASE WHEN severity = 'failed' THEN severity ELSE $3 END WHERE id = $1",
    [id, messageId, group.severity],
  );
}

/** 10, 100, 1,000, ...: the count goes up by one under the lock, so that each is met exactly once. */
export function stepAt(messages: number): NoticeStep | undefined {
  let step = FIRST_STEP;
  while (step < messages) step *= 10;
  return step === messages ? `${step}` : undefined;
}

function lastSeenOf(messageId: string): Date {
  return new Date(uuidTimeMs(messageId));
}

/** @returns Id of the notice, unless the incident has had this step. */
async function tellStep(
  session: Session,
  { newId, addressesShown }: Parts & Pick<FailureGroup, "addressesShown">,
  incident: OpenIncident,
  step: NoticeStep,
  at: Date,
): Promise<readonly string[]> {
  const [row = {}] = await session.query("SELECT last_seen, severity FROM incident WHERE id = $1", [incident.id]);
  const facts: FailureFacts = {
    ...incident.facts,
    severity: row.severity as FailureFacts["severity"],
    messages: incident.messages,
    lastSeen: (row.last_seen as Date).toISOString(),
    ...(await countParties(session, incident.id, addressesShown)),
  };
  await session.query("UPDATE incident SET facts = $2 WHERE id = $1", [incident.id, toJsonText(facts)]);
  const id = await insertNotice(session, { id: newId(), incidentId: incident.id, step, facts, at });
  return id === undefined ? [] : [id];
}

export interface FailureEnds {
  /** Incidents without a message since then are over. */
  readonly quietSince: Date;
  /** Incidents that began before this are ended: the next message of their cause begins a new one, delivered as itself. */
  readonly begunBefore: Date;
  readonly at: Date;
  readonly addressesShown: number;
}

/** LIMIT: incidents that are closed by one call; the next one goes on. */
const MAX_CLOSED = 100;

const ENDED = `
SELECT i.id, i.messages, i.opener, i.severity, i.facts, i.last_seen < $1 AS quiet, i.last_seen,
       (SELECT count(*) FROM incident_message im JOIN message m ON m.id = im.message_id
         WHERE im.incident_id = i.id AND m.state IN ('classified', 'delivered')) AS delivered,
       (SELECT max(n.step::bigint) FROM incident_notice n
         WHERE n.incident_id = i.id AND n.state <> 'failed' AND n.step ~ '^[0-9]+$') AS told
  FROM incident i
 WHERE i.kind = 'failure' AND i.state = 'open' AND (i.last_seen < $1 OR i.first_seen < $2)
 ORDER BY i.id LIMIT ${MAX_CLOSED} FOR UPDATE OF i SKIP LOCKED`;

/**
 * Ends incidents. The human hears of it only where more messages came than they have mail about.
 *
 * @returns Ids of the notices, which the caller has to see delivered. Two workers never end the same one.
 */
export async function endFailures(parts: Parts, ends: FailureEnds): Promise<readonly string[]> {
  return parts.database.transaction(async (session) => {
    const noticeIds: string[] = [];
    for (const row of await session.query(ENDED, [ends.quietSince, ends.begunBefore])) {
      const incident = toOpenIncident(row);
      const facts = { ...incident.facts, ended: row.quiet === true ? "quiet" : "long" } as const;
      await session.query("UPDATE incident SET state = 'closed', closed_at = $2, facts = $3 WHERE id = $1", [
        incident.id,
        ends.at,
        toJsonText(facts),
      ]);
      const told = Math.max(Number(row.delivered), Number(row.told ?? 0));
      if (incident.messages > told) {
        noticeIds.push(...(await tellStep(session, { ...parts, ...ends }, { ...incident, facts }, "end", ends.at)));
      }
    }
    return noticeIds;
  });
}
