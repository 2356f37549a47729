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
import type { Database, Row } from "../database.ts";
import { toJsonText } from "../json-text.ts";
import { alone } from "../retention/retention.ts";
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
  return alone(parts.database, () => erase(parts, options));
}

async function erase(parts: ErasureParts, options: ErasureOptions): Promise<ErasureResult> {
  const { database } = parts;
  const { address, dryRun } = options;
  const domains = [...new Set([address.domain, domainToASCII(address.domain), domainToUnicode(address.domain)])]
    .filter((domain) => domain !== "")
    .map((domain) => domain.toLowerCase());
  const person = personOf(address, domains);
  const audit = dryRun ? undefined : await openAudit(parts, address);
  const found = await eraseMessages(parts, person, { ...options, audit });
  await forgetSubjects(database, dryRun);
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
  { dryRun, onProgress, audit }: ErasureOptions & { readonly audit: Audit | undefined },
): Promise<FoundMessages> {
  const found: FoundMessages = { written: 0, mentioned: 0, delivered: [], unfinished: [] };
  const [count] = await database.query("SELECT count(*) AS total FROM message WHERE id > $1", [
    audit?.scannedTo ?? NO_ID,
  ]);
  const total = Number(count?.total ?? 0);
  let after: string | undefined = audit?.scannedTo ?? NO_ID;
  for (let done = 0; after !== undefined; ) {
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

/** Ids of erased messages among the examples of a row's facts. */
const ERASED_EXAMPLES = `
SELECT json_agg(m.id) FROM json_array_elements(
    CASE json_typeof(t.facts->'examples') WHEN 'array' THEN t.facts->'examples' ELSE '[]' END) e
  JOIN message m ON m.id = CASE WHEN e->>'messageId' ~ '^[0-9a-f-]{36}$' THEN (e->>'messageId')::uuid END
 WHERE m.erased_at IS NOT NULL AND e->>'subject' IS NOT NULL`;

interface Examples {
  readonly examples: readonly { readonly messageId: string; readonly subject?: string }[];
}

/** Subjects of erased messages stand as examples in incidents and in what was told of them. */
async function forgetSubjects(database: Database, dryRun: boolean): Promise<void> {
  if (dryRun) return;
  for (const table of ["incident", "incident_notice"]) {
    const rows = await database.query(
      `SELECT * FROM (SELECT t.id, t.facts, (${ERASED_EXAMPLES}) AS erased FROM ${table} t) named WHERE erased IS NOT NULL`,
    );
    for (const { id, facts, erased } of rows) {
      const gone = new Set(erased as readonly string[]);
      const examples = (facts as Examples).examples.map(({ subject, ...rest }) =>
        gone.has(rest.messageId) || subject === undefined ? rest : { ...rest, subject },
      );
      const text = toJsonText({ ...(facts as object), examples });
      await database.query(`UPDATE ${table} SET facts = $2::json WHERE id = $1`, [id, text]);
    }
  }
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
