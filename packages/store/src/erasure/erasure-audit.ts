/** The line that says that a person's data were removed, without saying whose; and how far a run has come. */
import { createHmac, randomBytes } from "node:crypto";
import { type Address, formatAddress } from "@triage/message";
import type { Database } from "../database.ts";
import { toJsonText } from "../json-text.ts";
import type { ErasureResult } from "./erase-person.ts";

/** Below every id. */
export const NO_ID = "00000000-0000-0000-0000-000000000000";

interface AuditParts {
  readonly database: Database;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Audit {
  readonly id: string;
  /** How far a run that was cut short had come. */
  readonly scannedTo: string;
}

/** A run that was cut short is gone on with. */
export async function openAudit({ database, now }: AuditParts, address: Address): Promise<Audit> {
  const [secret] = await database.query(
    `INSERT INTO secret (name, value) VALUES ('erasures', $1)
       ON CONFLICT (name) DO UPDATE SET value = secret.value RETURNING value`,
    [randomBytes(32)],
  );
  const key = createHmac("sha256", secret?.value as Buffer)
    .update(formatAddress(address).toLowerCase())
    .digest();
  const [open] = await database.query(
    "SELECT id, scanned_to FROM erasure WHERE address_key = $1 AND ended_at IS NULL ORDER BY id DESC LIMIT 1",
    [key],
  );
  if (open !== undefined) return { id: String(open.id), scannedTo: String(open.scanned_to ?? NO_ID) };
  const [made] = await database.query(
    "INSERT INTO erasure (address_key, started_at, counts) VALUES ($1, $2, '{}') RETURNING id",
    [key, new Date(now())],
  );
  return { id: String(made?.id), scannedTo: NO_ID };
}

export async function closeAudit({ database, now }: AuditParts, id: string, result: ErasureResult): Promise<void> {
  const { written, mentioned, rows, ledger, unfinished, delivered } = result;
  const counts = {
    ...{ written, mentioned, ledger, unfinished: unfinished.length, delivered: delivered.length },
    rows: Object.fromEntries(rows),
  };
  await database.query("UPDATE erasure SET ended_at = $2, counts = $3 WHERE id = $1", [
    id,
    new Date(now()),
    toJsonText(counts),
  ]);
}
