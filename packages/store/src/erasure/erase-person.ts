/**
 * Removing what is kept of a person, wherever it is kept: for `triage erase`.
 *
 * Mail that the person wrote: its bytes go, and what is known of it shrinks to a stub (what it was, how sure, when, how
 * large), so that counts and repeats still work. Mail that names the person anywhere, in whatever encoding: its bytes go
 * as well, because a rewritten copy could neither be proven nor be shown to be free of the name; its facts stay without
 * the address. Every text of every other table loses the address. What is unfinished stays until it is finished, and is
 * named.
 *
 * In batches; a run that is cut short goes on where it was. It leaves a line that says what was done, with a keyed hash of
 * the address instead of the address.
 */
import { domainToASCII, domainToUnicode } from "node:url";
import { type Address, formatAddress, type Person, personOf } from "@triage/message";
import { alone, type Lease } from "../alone.ts";
import type { Database, Row } from "../database.ts";
import { toJsonText } from "../json-text.ts";
import { sentKeyHasher } from "../sent/sent-key.ts";
import { type ErasureMessage, eraseMessage, type FoundMessages, MESSAGES_TO_ERASE } from "./erase-message.ts";
import { type Audit, closeAudit, NO_ID, openAudit } from "./erasure-audit.ts";
import { eraseTexts } from "./erasure-texts.ts";

export interface ErasureOptions {
  readonly address: Address;
  /** Counts, and changes nothing. */
  readonly dryRun: boolean;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface ErasureResult {
  /** Messages that the person wrote, and others that name them: their bytes are gone. */
  readonly written: number;
  readonly mentioned: number;
  /** Rows by `table.column` whose texts named the person. */
  readonly rows: ReadonlyMap<string, number>;
  /** Entries of the sent ledger for mail to the person. */
  readonly ledger: number;
  /** A human has these: what is in a mailbox cannot be erased from here. */
  readonly delivered: readonly ErasureMessage[];
  /** Untouched, because they are not finished or are dead letters. */
  readonly unfinished: readonly ErasureMessage[];
  /** Id of the audit line; undefined for a dry run. */
  readonly auditId: string | undefined;
}

export interface ErasureParts {
  readonly database: Database;
  /** Of the sent ledger. */
  readonly ledgerSecret: Buffer;
  readonly now: () => number;
}

/** @returns `busy`: retention or another erasure is at work. */
export function erasePerson(
  parts: ErasureParts,
  options: ErasureOptions,
): Promise<{ readonly kind: "done"; readonly result: ErasureResult } | { readonly kind: "busy" }> {
  return alone(parts.database, "retention", (lease) => erase(parts, options, lease));
}

async function erase(parts: ErasureParts, options: ErasureOptions, lease: Lease): Promise<ErasureResult> {
  const { database } = parts;
  const { address, dryRun } = options;
  const domains = [...new Set([address.domain, domainToASCII(address.domain), domainToUnicode(address.domain)])]
    .filter((domain) => domain !== "")
    .map((domain) => domain.toLowerCase());
  const person = personOf(address, domains);
  const audit = dryRun ? undefined : await openAudit(parts, address);
  const found = await eraseMessages(parts, person, { ...options, audit, lease });
  await lease.assertHeld();
  await forgetQuotes(database, dryRun);
  const rows = await eraseTexts(database, { person, domains, dryRun });
  const ledger = await eraseSent(
    parts,
    domains.map((domain) => formatAddress({ ...address, domain })),
    dryRun,
  );
  const result = { ...found, rows, ledger, auditId: audit?.id };
  if (audit !== undefined) await closeAudit(parts, audit.id, result);
  return result;
}

async function eraseMessages(
  { database, now }: ErasureParts,
  person: Person,
  { dryRun, onProgress, audit, lease }: ErasureOptions & { readonly audit: Audit | undefined; readonly lease: Lease },
): Promise<FoundMessages> {
  const found: FoundMessages = { written: 0, mentioned: 0, delivered: [], unfinished: [] };
  const [count] = await database.query("SELECT count(*) AS total FROM message WHERE id > $1", [
    audit?.scannedTo ?? NO_ID,
  ]);
  const total = Number(count?.total ?? 0);
  let after: string | undefined = audit?.scannedTo ?? NO_ID;
  for (let done = 0; after !== undefined; ) {
    await lease.assertHeld();
    const rows: readonly Row[] = await database.transaction(async (session) => {
      const batch = await session.query(MESSAGES_TO_ERASE, [after]);
      for (const row of batch) await eraseMessage(session, { row, person, dryRun, at: new Date(now()), found });
      const last = batch.at(-1);
      if (audit !== undefined && last !== undefined) {
        await session.query("UPDATE erasure SET scanned_to = $2 WHERE id = $1", [audit.id, last.id]);
      }
      return batch;
    });
    done += rows.length;
    if (rows.length > 0) onProgress?.(done, total);
    after = rows.length === 0 ? undefined : String(rows.at(-1)?.id);
  }
  return found;
}

/** What stands where a text must stand. */
const ERASED_TEXT = "(erased)";

/** Ids of erased messages whose words stand anywhere in a row's facts: as examples, or in the list of letters of a flood, or entries of a digest. */
const ERASED_QUOTED = `
SELECT json_agg(m.id) FROM jsonb_path_query(t.facts::jsonb, 'strict $.** ? (exists(@.messageId) || exists(@.id))') e
  JOIN message m ON m.id = CASE WHEN coalesce(e->>'messageId', e->>'id') ~ '^[0-9a-f-]{36}$'
                               THEN coalesce(e->>'messageId', e->>'id')::uuid END
 WHERE m.erased_at IS NOT NULL AND e ?| '{subject,from,text}' AND e->>'text' IS DISTINCT FROM '${ERASED_TEXT}'`;

/** What is quoted of erased messages stands in incidents, in what was told of them, and in digests that are not told yet, or may come back. */
async function forgetQuotes(database: Database, dryRun: boolean): Promise<void> {
  if (dryRun) return;
  for (const table of ["incident", "incident_notice", "digest"]) {
    const rows = await database.query(
      `SELECT * FROM (SELECT t.id, t.facts, (${ERASED_QUOTED}) AS erased FROM ${table} t) named WHERE erased IS NOT NULL`,
    );
    for (const { id, facts, erased } of rows) {
      const text = toJsonText(withoutQuotes(facts, new Set(erased as readonly string[])));
      await database.query(`UPDATE ${table} SET facts = $2::json WHERE id = $1`, [id, text]);
    }
  }
}

/** The same facts; what names one of these messages says no more than its id and time. */
function withoutQuotes(value: unknown, erased: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutQuotes(item, erased));
  if (typeof value !== "object" || value === null) return value;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const id = fields.messageId ?? fields.id;
  if (typeof id === "string" && erased.has(id)) {
    const { subject: _subject, from: _from, text, ...rest } = fields;
    return text === undefined ? rest : { ...rest, text: ERASED_TEXT };
  }
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, withoutQuotes(field, erased)]));
}

/** The ledger holds keyed hashes: whoever has the secret can find one address, and only so. */
async function eraseSent(
  { database, ledgerSecret }: ErasureParts,
  spellings: readonly string[],
  dryRun: boolean,
): Promise<number> {
  const hash = sentKeyHasher(ledgerSecret);
  const keys = [...new Set(spellings.map((text) => String(hash("recipient", text))))];
  const [row] = await database.query(
    dryRun
      ? "SELECT count(*) AS total FROM sent WHERE key = ANY($1::bigint[])"
      : "WITH gone AS (DELETE FROM sent WHERE key = ANY($1::bigint[]) RETURNING 1) SELECT count(*) AS total FROM gone",
    [keys],
  );
  return Number(row?.total ?? 0);
}
