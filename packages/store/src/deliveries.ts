/** What became of a message on its way to the human. */
import type { Database, Statement } from "./database.ts";
import { toStorableText } from "./json-text.ts";
import type { NewDelivery } from "./stored-message.ts";

const RECORD: Statement = {
  name: "record-delivery",
  text: "INSERT INTO delivery (message_id, outlet, recipient, outcome, detail) VALUES ($1, $2, $3, $4, $5)",
};

const DELIVERED: Statement = {
  name: "mark-delivered",
  text: `UPDATE message SET state = 'delivered', state_at = now()
          WHERE id = $1 AND state IN ('classified', 'grouped', 'archived', 'failed')`,
};

/** Adds one attempt; nothing is ever overwritten. */
export async function recordDelivery(database: Database, id: string, delivery: NewDelivery): Promise<void> {
  const { outlet, recipient, outcome, detail } = delivery;
  await database.run(RECORD, [id, outlet, toStorableText(recipient), outcome, toStorableText(detail)]);
}

/** The human has it. */
export async function markDelivered(database: Database, id: string): Promise<void> {
  await database.run(DELIVERED, [id]);
}
