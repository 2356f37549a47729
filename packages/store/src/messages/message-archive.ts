/**
 * The stored messages with what was decided about them, to be looked at again: for `triage what-if`.
 *
 * Nothing is ever written: the server itself refuses it, because every transaction of these connections is read-only. So there
 * are no migrations either, and a database that an older release made is named as such.
 */
import type { Classification, CorrectedVerdict } from "@triage/contracts";
import type { Envelope } from "@triage/message";
import type { SentKeys, SentLedgerAnswer } from "@triage/provenance";
import { type Database, openDatabase, type Row, type Statement } from "../database.ts";
import { activeModelVersion, type ModelVersion, modelVersion } from "../learning/models.ts";
import { MIGRATIONS } from "../migrations/index.ts";
import { readMailSecret } from "../own-mail/mail-secret.ts";
import { partitionsOf } from "../partitions.ts";
import { openSentLedger } from "../sent/sent-ledger.ts";
import type { StoreOptions } from "../store.ts";
import { StoreSetupError } from "../store-error.ts";
import { uuidFloor } from "../uuid-v7.ts";

/** LIMIT: what one batch holds in memory; a single message may be larger than its bytes. */
const MAX_BATCH_BYTES = 16_000_000;
const MAX_BATCH_MESSAGES = 100;
/** Ids and sizes that are asked for at once. */
const PAGE = 2_000;

export interface ArchivedMessage {
  readonly id: string;
  readonly receivedAt: Date;
  readonly envelope: Envelope;
  readonly raw: Buffer;
  /** What the service decided, before anybody corrected or released it. */
  readonly decided: Classification;
  /** The last word of a person; undefined: nobody has corrected it. */
  readonly corrected: CorrectedVerdict | undefined;
}

export interface MessageArchive {
  /** Classified messages that came in since then, those whose bytes are gone included. */
  count(since: Date): Promise<number>;
  /** The same in batches, oldest first, without those whose bytes retention has dropped. */
  read(since: Date): AsyncGenerator<readonly ArchivedMessage[]>;
  findSent(keys: SentKeys): Promise<SentLedgerAnswer>;
  /** Of our own mail; none while the service has never run. */
  mailSecrets(): Promise<readonly string[]>;
  activeModelVersion(): Promise<number>;
  modelVersion(version: number): Promise<ModelVersion | undefined>;
  close(): Promise<void>;
}

export type ArchiveOptions = Pick<
  StoreOptions,
  "databaseUrl" | "poolSize" | "schema" | "ledgerSecret" | "ledgerDays" | "now"
>;

/**
 * @throws {StoreUnavailableError} The database cannot be reached.
 * @throws {StoreSetupError} It holds no data of this service, or those of another release.
 */
export async function openArchive(options: ArchiveOptions): Promise<MessageArchive> {
  const { databaseUrl, poolSize = 4, schema = "triage", ledgerDays: days = 14, now = Date.now } = options;
  const database = openDatabase({ databaseUrl, poolSize, schema, readOnly: true });
  try {
    await expectOurSchema(database);
    const secret = await readLedgerSecret(database, options.ledgerSecret);
    const ledger = openSentLedger({ database, partitions: partitionsOf(database), secret, days, now });
    return {
      count: (since) => countMessages(database, since),
      read: (since) => readMessages(database, since),
      findSent: (keys) => ledger.find(keys),
      mailSecrets: async () => [await readMailSecret(database)].filter((secret) => secret !== undefined),
      activeModelVersion: () => activeModelVersion(database),
      modelVersion: (version) => modelVersion(database, version),
      close: () => database.close(),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function expectOurSchema(database: Database): Promise<void> {
  const [there] = await database.query("SELECT to_regclass('schema_migration') IS NOT NULL AS there");
  if (there?.there !== true) throw new StoreSetupError("The database holds no messages of this service yet.");
  const [row] = await database.query("SELECT max(id) AS id FROM schema_migration");
  const found = Number(row?.id ?? 0);
  const wanted = MIGRATIONS.at(-1)?.id ?? 0;
  if (found === wanted) return;
  const release =
    found < wanted ? "an older release: start this one once, which brings it up to date" : "a newer release";
  throw new StoreSetupError(`The tables of the database are those of ${release}.`);
}

/** The one that is given, else the one that the database keeps; without any, the ledger is empty and any key will do. */
async function readLedgerSecret(database: Database, given: string | undefined): Promise<Buffer> {
  if (given !== undefined) return Buffer.from(given, "utf8");
  const [row] = await database.query("SELECT value FROM secret WHERE name = 'sent-ledger'");
  return (row?.value as Buffer | undefined) ?? Buffer.alloc(1);
}

async function countMessages(database: Database, since: Date): Promise<number> {
  const [row] = await database.query(
    "SELECT count(*) AS messages FROM message m JOIN verdict v ON v.message_id = m.id WHERE m.id >= $1",
    [uuidFloor(since.getTime())],
  );
  return Number(row?.messages ?? 0);
}

const SIZES: Statement = {
  name: "archive-sizes",
  text: `
SELECT m.id, m.size_bytes FROM message m JOIN verdict v ON v.message_id = m.id
 WHERE m.id > $1 ORDER BY m.id LIMIT ${PAGE}`,
};

/** First and last id of the batch beside the ids, so that only the partitions of those days are looked into. */
const MESSAGES: Statement = {
  name: "archive-messages",
  text: `
SELECT m.id, m.received_at, m.envelope, r.raw, coalesce(v.uncorrected, v.classification) AS decided,
       (SELECT c.verdict FROM correction c WHERE c.message_id = m.id ORDER BY c.id DESC LIMIT 1) AS corrected
  FROM message m
  JOIN verdict v ON v.message_id = m.id
  JOIN message_raw r ON r.id = m.id AND r.id >= $2 AND r.id <= $3
 WHERE m.id = ANY($1::uuid[])
 ORDER BY m.id`,
};

async function* readMessages(database: Database, since: Date): AsyncGenerator<readonly ArchivedMessage[]> {
  let after = uuidFloor(since.getTime());
  for (;;) {
    const sizes = await database.run(SIZES, [after]);
    for (const ids of batchesOf(sizes)) {
      const rows = await database.run(MESSAGES, [ids, ids[0], ids.at(-1)]);
      if (rows.length > 0) yield rows.map(toArchived);
    }
    const last = sizes.at(-1);
    if (last === undefined || sizes.length < PAGE) return;
    after = String(last.id);
  }
}

function batchesOf(sizes: readonly Row[]): readonly (readonly string[])[] {
  const batches: string[][] = [];
  let bytes = 0;
  for (const { id, size_bytes } of sizes) {
    const size = Number(size_bytes);
    const batch = batches.at(-1);
    const fits = batch !== undefined && batch.length < MAX_BATCH_MESSAGES && bytes + size <= MAX_BATCH_BYTES;
    if (fits) batch.push(String(id));
    else batches.push([String(id)]);
    bytes = fits ? bytes + size : size;
  }
  return batches;
}

function toArchived(row: Row): ArchivedMessage {
  return {
    id: String(row.id),
    receivedAt: row.received_at as Date,
    envelope: row.envelope as Envelope,
    raw: row.raw as Buffer,
    decided: row.decided as Classification,
    corrected: (row.corrected ?? undefined) as CorrectedVerdict | undefined,
  };
}
