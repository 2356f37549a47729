/** The secret that signs the Message-IDs of our mail (@triage/message, own-mail-id.ts) where the site gives none. */
import { randomBytes } from "node:crypto";
import type { Database, Row } from "../database.ts";

const SECRET_BYTES = 32;

/** Made at first use, kept by the database: every worker signs and knows with the same one. */
export async function mailSecret(database: Database): Promise<string> {
  const [row] = await database.query(
    `INSERT INTO secret (name, value) VALUES ('own-mail', $1)
       ON CONFLICT (name) DO UPDATE SET value = secret.value RETURNING value`,
    [randomBytes(SECRET_BYTES)],
  );
  return textOf(row) ?? "";
}

/** Undefined while the service has never run on this database. */
export async function readMailSecret(database: Database): Promise<string | undefined> {
  const [row] = await database.query("SELECT value FROM secret WHERE name = 'own-mail'");
  return textOf(row);
}

function textOf(row: Row | undefined): string | undefined {
  return row === undefined ? undefined : (row.value as Buffer).toString("hex");
}
