/** What became of attempts to hand messages to humans: the answers of all addresses, and how each human stands. */
import type { Database, Statement } from "../database.ts";
import { toJsonText, toStorableText } from "../json-text.ts";
import type { NewDelivery } from "../messages/stored-message.ts";

/** LIMIT: characters of an error text that are kept; it is the remote's. */
export const MAX_ERROR_CHARS = 1_000;

/** What became of one attempt to hand a message to one human. */
export interface DeliveryAttempt {
  readonly human: string;
  /** One for each address that was tried. */
  readonly deliveries: readonly NewDelivery[];
  /** `pending`: at least one address answered with something temporary. */
  readonly state: "pending" | "delivered" | "failed";
  /** Says who has not got it and why; undefined: everybody has it. */
  readonly error: string | undefined;
  readonly at: Date;
}

export interface MessageAttempt {
  readonly id: string;
  readonly attempt: DeliveryAttempt;
}

/** Rows are locked in one order, so that two workers who record the same wait for each other and do not deadlock. */
const RECORD: Statement = {
  name: "record-attempts",
  text: `
WITH attempt AS (
  SELECT * FROM json_to_recordset($1::json)
      AS x (message_id uuid, human text, state text, at timestamptz, error text, deliveries json)
), recorded AS (
  INSERT INTO delivery (message_id, human, outlet, recipient, outcome, detail)
  SELECT t.message_id, t.human, d.outlet, d.recipient, d.outcome, d.detail
    FROM attempt t, json_to_recordset(t.deliveries) AS d (outlet text, recipient text, outcome text, detail text)
), locked AS (
  SELECT a.message_id, a.human FROM assignment a JOIN attempt t ON t.message_id = a.message_id AND t.human = a.human
   ORDER BY a.message_id, a.human FOR UPDATE OF a
)
UPDATE assignment a
   SET state = t.state, state_at = t.at, attempts = attempts + 1, put_off = false, error = t.error, reported = false,
       refused = refused || ARRAY(SELECT d.recipient FROM json_to_recordset(t.deliveries) AS d (recipient text, outcome text)
                                   WHERE d.outcome = 'failed')
  FROM attempt t JOIN locked l ON l.message_id = t.message_id AND l.human = t.human
 WHERE a.message_id = t.message_id AND a.human = t.human`,
};

/**
 * Adds the answers of all addresses, which are never overwritten, and says how each human stands.
 *
 * @param batch  In the order in which they were made; of two for the same human and message, the second is written after the first.
 */
export async function recordAttempts(database: Database, batch: readonly MessageAttempt[]): Promise<void> {
  let left = batch;
  while (left.length > 0) {
    const first = new Map<string, MessageAttempt>();
    const later: MessageAttempt[] = [];
    for (const one of left) {
      const part = `${one.id} ${one.attempt.human}`;
      if (first.has(part)) later.push(one);
      else first.set(part, one);
    }
    await database.run(RECORD, [toJsonText([...first.values()].map(toRow))]);
    left = later;
  }
}

function toRow({ id, attempt: { human, deliveries, state, error, at } }: MessageAttempt) {
  return {
    message_id: id,
    human,
    state,
    at,
    error: error === undefined ? null : toStorableText(error).slice(0, MAX_ERROR_CHARS),
    deliveries: deliveries.map(({ outlet, recipient, outcome, detail }) => ({ outlet, recipient, outcome, detail })),
  };
}
