/** The incident of a message, and the messages of an incident. */
import type { IncidentKind, IncidentRole, IncidentState, MessageState } from "@triage/contracts";
import type { Database, Row } from "../database.ts";
import { isUuid } from "../uuid-v7.ts";

/** The incident that a message belongs to. */
export interface MessageIncident {
  readonly id: string;
  readonly kind: IncidentKind;
  readonly state: IncidentState;
  readonly role: IncidentRole;
  /** The message that began it; undefined of kinds that no message begins. */
  readonly firstMessageId: string | undefined;
}

/** As a column of a statement about `message m`. */
export const MESSAGE_INCIDENT = `
(SELECT json_build_object('id', i.id, 'kind', i.kind, 'state', i.state, 'role', im.role, 'first', i.facts->>'openerId')
   FROM incident_message im JOIN incident i ON i.id = im.incident_id WHERE im.message_id = m.id)`;

export function toMessageIncident(column: unknown): MessageIncident | undefined {
  if (column === null || column === undefined) return undefined;
  const { id, kind, state, role, first } = column as Row;
  return {
    id: String(id),
    kind: kind as IncidentKind,
    state: state as IncidentState,
    role: role as IncidentRole,
    firstMessageId: typeof first === "string" ? first : undefined,
  };
}

export interface IncidentMessagePage {
  readonly after?: string;
  readonly limit: number;
}

export interface IncidentMessage {
  readonly id: string;
  readonly role: IncidentRole;
  readonly state: MessageState;
  readonly receivedAt: Date;
  readonly sender: string | undefined;
  readonly subject: string | undefined;
}

/** Messages that belong to it, and those that a summary of it lists (a flood's may belong to another one). */
const LIST = `
SELECT im.message_id, im.role, m.state, m.received_at,
       coalesce(v.classification->'returned'->>'from', v.classification->'returned'->>'reversePath') AS sender,
       v.classification->'returned'->>'subject' AS subject
  FROM (SELECT message_id, role FROM incident_message WHERE incident_id = $1
        UNION SELECT a.message_id, 'grouped' FROM assignment a JOIN incident_notice n ON n.id = a.notice_id
               WHERE n.incident_id = $1) AS im
  JOIN message m ON m.id = im.message_id LEFT JOIN verdict v ON v.message_id = m.id
 WHERE $2::uuid IS NULL OR im.message_id > $2
 ORDER BY im.message_id LIMIT $3`;

/** Oldest first; `after` continues behind the last one of the page before. */
export async function incidentMessages(
  database: Database,
  incidentId: string,
  { after, limit }: IncidentMessagePage,
): Promise<readonly IncidentMessage[]> {
  if (!isUuid(incidentId)) return [];
  const rows = await database.query(LIST, [incidentId, after ?? null, limit]);
  return rows.map((row) => ({
    id: String(row.message_id),
    role: row.role as IncidentRole,
    state: row.state as MessageState,
    receivedAt: row.received_at as Date,
    sender: (row.sender ?? undefined) as string | undefined,
    subject: (row.subject ?? undefined) as string | undefined,
  }));
}
