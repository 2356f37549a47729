/** Reading messages back. */
import type { Classification, MessageState } from "@triage/contracts";
import type { Database, Row, Statement } from "../database.ts";
import { toAssignment } from "../humans/assignments.ts";
import { MESSAGE_INCIDENT, toMessageIncident } from "../incidents/message-incident.ts";
import { toMessageCorrection } from "../learning/corrections.ts";
import { isUuid } from "../uuid-v7.ts";
import type { Delivery, MessageSource, StoredMessage } from "./stored-message.ts";

const MESSAGE: Statement = {
  name: "messages",
  text: `
SELECT m.id, m.state, m.received_at, m.source, m.size_bytes, m.envelope, m.envelope_known,
       v.classification, v.classified_at, v.released_at, v.corrected_at, d.stage, d.error, d.at,
       k.by AS acknowledged_by, k.at AS acknowledged_at, ${MESSAGE_INCIDENT} AS incident,
       (SELECT json_agg(a ORDER BY a.human) FROM assignment a WHERE a.message_id = m.id) AS assignments,
       (SELECT json_agg(json_build_object('outlet', outlet, 'recipient', recipient, 'outcome', outcome,
                                          'detail', detail, 'at', at, 'human', human) ORDER BY id)
          FROM delivery WHERE message_id = m.id) AS deliveries,
       CASE WHEN v.corrected_at IS NOT NULL THEN
         (SELECT json_agg(json_build_object('id', id, 'verdict', verdict, 'former_verdict', former_verdict,
                                            'corrector', corrector, 'note', note, 'at', at, 'learning', learning)
                          ORDER BY id)
            FROM correction WHERE message_id = m.id) END AS corrections
  FROM message m
  LEFT JOIN verdict v ON v.message_id = m.id
  LEFT JOIN dead_letter d ON d.message_id = m.id
  LEFT JOIN acknowledgement k ON k.message_id = m.id
 WHERE m.id = ANY($1::uuid[])`,
};

/** One look-up a message, so that each goes to the partition of its own day alone. */
const RAW: Statement = {
  name: "raws",
  text: `
SELECT w.id, r.raw FROM unnest($1::uuid[]) AS w (id)
 CROSS JOIN LATERAL (SELECT raw FROM message_raw WHERE id = w.id LIMIT 1) AS r`,
};

const SOURCE: Statement = {
  name: "source",
  text: `
SELECT r.raw, m.state, m.envelope FROM message m JOIN message_raw r ON r.id = m.id
 WHERE m.id = $1 AND r.id = $1`,
};

const STALE: Statement = {
  name: "stale-messages",
  text: `
SELECT id FROM message WHERE state = $1 AND state IN ('received', 'classified') AND state_at < $2
 ORDER BY state_at LIMIT $3`,
};

/** Everything that is known of messages but their bytes; undefined: there is no such message. In the order of the ids. */
export function readStoredMessages(
  database: Database,
  ids: readonly string[],
): Promise<readonly (StoredMessage | undefined)[]> {
  return readByIds(database, MESSAGE, ids, toStoredMessage);
}

/** The bytes exactly as received; undefined also when retention has dropped them. In the order of the ids. */
export function readRaws(database: Database, ids: readonly string[]): Promise<readonly (Buffer | undefined)[]> {
  return readByIds(database, RAW, ids, (_, row) => row.raw as Buffer);
}

async function readByIds<Value>(
  database: Database,
  statement: Statement,
  ids: readonly string[],
  toValue: (id: string, row: Row) => Value,
): Promise<readonly (Value | undefined)[]> {
  const wanted = new Set(ids.filter(isUuid).map((id) => id.toLowerCase()));
  const rows = wanted.size === 0 ? [] : await database.run(statement, [[...wanted]]);
  const byId = new Map(rows.map((row) => [String(row.id), row]));
  return ids.map((text) => {
    const id = text.toLowerCase();
    const row = byId.get(id);
    return row === undefined ? undefined : toValue(id, row);
  });
}

/** Bytes, envelope and state in one round trip. */
export async function readMessageSource(database: Database, id: string): Promise<MessageSource | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await database.run(SOURCE, [id]);
  if (row === undefined) return undefined;
  return {
    raw: row.raw as Buffer,
    state: row.state as MessageState,
    envelope: row.envelope as MessageSource["envelope"],
  };
}

/** Ids of messages that entered this state before `olderThan` and are still in it, oldest first. */
export async function staleMessages(
  database: Database,
  state: "received" | "classified",
  olderThan: Date,
  limit: number,
): Promise<readonly string[]> {
  const rows = await database.run(STALE, [state, olderThan, limit]);
  return rows.map((row) => String(row.id));
}

function toStoredMessage(id: string, row: Row): StoredMessage {
  const deliveries = (row.deliveries ?? []) as readonly (Omit<Delivery, "at" | "human"> & {
    readonly at: string;
    readonly human: string | null;
  })[];
  const corrections = (row.corrections ?? []) as readonly Row[];
  const releasedAt = (row.released_at ?? undefined) as Date | undefined;
  const correctedAt = (row.corrected_at ?? undefined) as Date | undefined;
  // Who takes a message out of the archive and then says that it is spam has the last word.
  const released = releasedAt !== undefined && (correctedAt === undefined || releasedAt > correctedAt);
  return {
    id,
    state: row.state as MessageState,
    receivedAt: row.received_at as Date,
    source: String(row.source),
    sizeBytes: Number(row.size_bytes),
    envelope: row.envelope as StoredMessage["envelope"],
    envelopeKnown: row.envelope_known === true,
    classification: effective((row.classification ?? undefined) as Classification | undefined, released),
    classifiedAt: (row.classified_at ?? undefined) as Date | undefined,
    releasedAt,
    corrections: corrections.map(toMessageCorrection),
    assignments: ((row.assignments ?? []) as readonly Row[]).map(toAssignment),
    acknowledged: toAcknowledged(row),
    deliveries: deliveries.map(({ human, ...delivery }) => ({
      ...delivery,
      at: new Date(delivery.at),
      ...(human !== null && { human }),
    })),
    deadLetter: toDeadLetter(row),
    incident: toMessageIncident(row.incident),
  };
}

function effective(classification: Classification | undefined, released: boolean): Classification | undefined {
  if (classification === undefined || !released) return classification;
  return { ...classification, route: "human", actionable: true };
}

function toAcknowledged({ acknowledged_by, acknowledged_at }: Row): StoredMessage["acknowledged"] {
  return acknowledged_at instanceof Date ? { by: String(acknowledged_by), at: acknowledged_at } : undefined;
}

function toDeadLetter(row: Row): StoredMessage["deadLetter"] {
  if (row.stage === null) return undefined;
  const stage = row.stage as NonNullable<StoredMessage["deadLetter"]>["stage"];
  return { stage, error: String(row.error), at: row.at as Date };
}
