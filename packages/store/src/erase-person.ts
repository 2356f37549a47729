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
import { createHmac, randomBytes } from "node:crypto";
import { domainToASCII, domainToUnicode } from "node:url";
import type { Classification, MessageState } from "@triage/contracts";
import {
  type Address,
  type Envelope,
  ERASED_ADDRESS,
  formatAddress,
  type Person,
  parseAddressList,
  personOf,
  readHeader,
  searchableTexts,
} from "@triage/message";
import type { Database, Row, Session } from "./database.ts";
import { eraseFromValue, eraseTexts } from "./erasure-texts.ts";
import { toJsonText } from "./json-text.ts";
import { alone } from "./retention.ts";
import { sentKeyHasher } from "./sent-key.ts";
import { IS_SETTLED } from "./settled-message.ts";

/** LIMIT: messages of one transaction, all in memory at once with their bytes; a single one may be larger. */
const BATCH = 50;
const BATCH_BYTES = 16_000_000;
const NO_ID = "00000000-0000-0000-0000-000000000000";

export interface ErasureOptions {
  readonly address: Address;
  /** Counts, and changes nothing. */
  readonly dryRun: boolean;
  readonly onProgress?: (done: number, total: number) => void;
}

/** A message that this person's data left the service in, or could not be taken out of. */
export interface ErasureMessage {
  readonly id: string;
  readonly receivedAt: Date;
  readonly state: MessageState;
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
  const ledger = await eraseSent(parts, [...domains.map((domain) => formatAddress({ ...address, domain }))], dryRun);
  const result = { ...found, rows, ledger, auditId: audit?.id };
  if (audit !== undefined) await closeAudit(parts, audit.id, result);
  return result;
}

interface Audit {
  readonly id: string;
  /** How far a run that was cut short had come. */
  readonly scannedTo: string;
}

async function openAudit({ database, now }: ErasureParts, address: Address): Promise<Audit> {
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

async function closeAudit({ database, now }: ErasureParts, id: string, result: ErasureResult): Promise<void> {
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

type FoundMessages = Pick<ErasureResult, "written" | "mentioned" | "delivered" | "unfinished">;

async function eraseMessages(
  { database, now }: ErasureParts,
  person: Person,
  { dryRun, onProgress, audit }: ErasureOptions & { readonly audit: Audit | undefined },
): Promise<FoundMessages> {
  const found = { written: 0, mentioned: 0, delivered: [] as ErasureMessage[], unfinished: [] as ErasureMessage[] };
  const [count] = await database.query("SELECT count(*) AS total FROM message WHERE id > $1", [
    audit?.scannedTo ?? NO_ID,
  ]);
  const total = Number(count?.total ?? 0);
  let after: string | undefined = audit?.scannedTo ?? NO_ID;
  for (let done = 0; after !== undefined; ) {
    const rows: readonly Row[] = await database.transaction(async (session) => {
      const batch = await session.query(MESSAGES, [after]);
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

/** One pass over the bytes, in the order of their partitions. */
const MESSAGES = `
SELECT m.id, m.state, m.received_at, m.envelope, v.classification, v.uncorrected, r.raw,
       ${IS_SETTLED} AS settled,
       EXISTS (SELECT FROM delivery x WHERE x.message_id = m.id AND x.outcome = 'delivered') AS delivered
  FROM message m LEFT JOIN verdict v ON v.message_id = m.id LEFT JOIN message_raw r ON r.id = m.id
 WHERE m.id IN (
   SELECT id FROM (
     SELECT id, sum(size_bytes) OVER earlier AS bytes, row_number() OVER earlier AS place
       FROM (SELECT id, size_bytes FROM message WHERE id > $1 ORDER BY id LIMIT ${BATCH}) next
     WINDOW earlier AS (ORDER BY id)) sized
    WHERE place = 1 OR bytes <= ${BATCH_BYTES})
 ORDER BY m.id FOR UPDATE OF m`;

interface MessageErasure {
  readonly row: Row;
  readonly person: Person;
  readonly dryRun: boolean;
  readonly at: Date;
  readonly found: { written: number; mentioned: number; delivered: ErasureMessage[]; unfinished: ErasureMessage[] };
}

async function eraseMessage(session: Session, { row, person, dryRun, at, found }: MessageErasure): Promise<void> {
  const raw = (row.raw ?? undefined) as Buffer | undefined;
  const isWritten = isWrittenBy(person, row.envelope as Envelope, raw);
  const isNamed = isWritten || (raw !== undefined && isNamedIn(raw, person)) || isInFacts(row, person);
  if (!isNamed) return;
  const message = { id: String(row.id), receivedAt: row.received_at as Date, state: row.state as MessageState };
  if (row.delivered === true) found.delivered.push(message);
  if (row.settled !== true) {
    found.unfinished.push(message);
    return;
  }
  if (isWritten) found.written += 1;
  else found.mentioned += 1;
  if (dryRun) return;
  await session.query("DELETE FROM message_raw WHERE id = $1", [row.id]);
  await session.query("UPDATE message SET erased_at = $2 WHERE id = $1", [row.id, at]);
  await rewriteVerdict(session, row, (classification) =>
    isWritten ? stubOf(classification) : withoutPerson(classification, person),
  );
  await forgetWords(session, String(row.id), isWritten);
}

function isWrittenBy(person: Person, { reversePath }: Envelope, raw: Buffer | undefined): boolean {
  if (reversePath?.kind === "address" && person.is(reversePath)) return true;
  if (raw === undefined) return false;
  const header = readHeader(raw);
  return ["from", "sender", "reply-to", "return-path", "resent-from", "resent-sender"].some((name) =>
    header.all(name).some(({ rawValue }) => {
      const value = Buffer.from(rawValue, "latin1").toString("utf8");
      return person.isIn(value) || parseAddressList(value).some((address) => person.is(address));
    }),
  );
}

function isNamedIn(raw: Buffer, person: Person): boolean {
  for (const text of searchableTexts(raw)) if (person.isIn(text)) return true;
  return false;
}

function isInFacts({ envelope, classification, uncorrected }: Row, person: Person): boolean {
  return [envelope, classification, uncorrected].some((value) => eraseFromValue(value, person) !== value);
}

async function rewriteVerdict(
  session: Session,
  { id, classification, uncorrected }: Row,
  rewrite: (classification: Classification) => Classification,
): Promise<void> {
  const texts = [classification, uncorrected].map((value) =>
    value === null ? null : toJsonText(rewrite(value as Classification)),
  );
  await session.query("UPDATE verdict SET classification = $2::json, uncorrected = $3::json WHERE message_id = $1", [
    id,
    ...texts,
  ]);
}

/** What counts need, and no word of the message. */
function stubOf({
  verdict,
  score,
  scores,
  route,
  actionable,
  rule,
  report,
  returned,
  evidence,
}: Classification): Classification {
  return {
    ...{ verdict, score, scores, route, actionable, rule },
    why: "The message was erased on request.",
    report: { kind: report.kind, ...(report.format !== undefined && { format: report.format }) },
    returned: { form: returned.form },
    evidence: evidence.map(({ check, outcome, weight }) => ({ check, outcome, weight, detail: "" })),
  };
}

/** The subject of a returned message is in the words of who wrote it. */
function withoutPerson(classification: Classification, person: Person): Classification {
  const { subject, ...returned } = classification.returned;
  const isTheirs = [returned.from, returned.reversePath].some((text) => text !== undefined && person.isIn(text));
  const isKept = subject !== undefined && !isTheirs;
  const without = { ...classification, returned: isKept ? { ...returned, subject } : returned };
  return eraseFromValue(without, person) as Classification;
}

/** Words of the message that training learned from, what a person noted of it, and how it was handed on. */
async function forgetWords(session: Session, id: string, isWritten: boolean): Promise<void> {
  const forgotten = await session.query(
    `UPDATE correction SET learning = CASE learning WHEN 'kept' THEN 'forgotten' WHEN 'pending' THEN 'impossible' ELSE learning END,
            features = NULL, note = CASE WHEN $2 THEN NULL ELSE note END
      WHERE message_id = $1 RETURNING 1`,
    [id, isWritten],
  );
  if (forgotten.length > 0) await session.query("UPDATE learning_state SET wanted = wanted + 1");
  if (!isWritten) return;
  await session.query(
    "UPDATE message SET envelope = jsonb_set(envelope::jsonb, '{reversePath}', $2::jsonb)::json WHERE id = $1",
    [id, JSON.stringify(ERASED_ADDRESS)],
  );
}

/** Subjects of erased messages stand as examples in incidents and in what was told of them. */
async function forgetSubjects(database: Database, dryRun: boolean): Promise<void> {
  if (dryRun) return;
  for (const table of ["incident", "incident_notice"]) {
    const rows = await database.query(
      `SELECT id, facts FROM ${table} WHERE EXISTS (
         SELECT FROM json_array_elements(CASE json_typeof(facts->'examples') WHEN 'array' THEN facts->'examples' ELSE '[]' END) e
           JOIN message m ON m.id::text = e->>'messageId' WHERE m.erased_at IS NOT NULL AND e->>'subject' IS NOT NULL)`,
    );
    for (const { id, facts } of rows) {
      const { examples } = facts as {
        readonly examples: readonly { readonly messageId: string; readonly subject?: string }[];
      };
      const ids = examples.map(({ messageId }) => messageId);
      const erased = await database.query("SELECT id FROM message WHERE erased_at IS NOT NULL AND id::text = ANY($1)", [
        ids,
      ]);
      const gone = new Set(erased.map((row) => String(row.id)));
      const kept = examples.map(({ subject, ...rest }) =>
        gone.has(rest.messageId) || subject === undefined ? rest : { ...rest, subject },
      );
      await database.query(`UPDATE ${table} SET facts = $2::json WHERE id = $1`, [
        id,
        toJsonText({ ...(facts as object), examples: kept }),
      ]);
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
