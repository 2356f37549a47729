/** The secret of the links in mails (@triage/contracts, action-link.ts). Whoever asks first makes it. */
import { randomBytes } from "node:crypto";
import type { Database } from "./database.ts";

const SECRET_BYTES = 32;

export async function linkSecret(database: Database): Promise<Buffer> {
  const [row] = await database.query(
    `INSERT INTO secret (name, value) VALUES ('links', $1)
       ON CONFLICT (name) DO UPDATE SET value = secret.value RETURNING value`,
    [randomBytes(SECRET_BYTES)],
  );
  return row?.value as Buffer;
}
