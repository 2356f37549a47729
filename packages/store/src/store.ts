/**
 * PostgreSQL, the system of record: every message, what was decided about it and what became of it.
 *
 * A promise of a writing method that resolves means that the write is on disk. Methods throw StoreUnavailableError
 * (try again later) or StoreQueryError (a bug); what was expected to happen is a value.
 */
import type { Classification } from "@triage/contracts";
import type { SentKeys, SentLedgerAnswer } from "@triage/provenance";
import { type Database, openDatabase } from "./database.ts";
import { bindDeadLetters, type DeadLetterStore } from "./dead-letters/dead-letter-store.ts";
import { bindDigests, type DigestStore } from "./digests/digest-store.ts";
import { type AssignmentStore, bindAssignments } from "./humans/assignment-store.ts";
import { bindNotices, type NoticeStore } from "./humans/notice-store.ts";
import { bindIncidents, type IncidentStore } from "./incidents/incident-store.ts";
import { StormLedger, stormSecret } from "./incidents/storms.ts";
import { bindLearning, type LearningStore } from "./learning/learning-store.ts";
import { linkSecret } from "./link-secret.ts";
import {
  type ReleaseOutcome,
  releaseMessage,
  type SaveOutcome,
  saveClassification,
} from "./messages/classifications.ts";
import { insertMessages } from "./messages/insert-messages.ts";
import { readMessageSource, readRaws, readStoredMessages, staleMessages } from "./messages/message-queries.ts";
import type {
  InsertOutcome,
  MessageSource,
  NewMessage,
  SentMessage,
  StoredMessage,
} from "./messages/stored-message.ts";
import { migrate } from "./migrate.ts";
import { MIGRATIONS } from "./migrations/index.ts";
import { bindOwnMail, type OwnMailStore } from "./own-mail/own-mail-store.ts";
import { type Partitions, partitionsOf } from "./partitions.ts";
import { bindRetention, type RetentionStore } from "./retention/retention-store.ts";
import { ledgerSecret, openSentLedger, type SentLedger, type SentLedgerState } from "./sent/sent-ledger.ts";
import { sharedStatement } from "./shared-statement.ts";
import { StoreSetupError } from "./store-error.ts";
import { uuidGenerator } from "./uuid-v7.ts";

export interface StoreOptions {
  /** `postgresql://user:password@host:port/database`. */
  readonly databaseUrl: string;
  /** Connections at most; default 10. */
  readonly poolSize?: number;
  /** Schema of all tables, made when it is not there; default `triage`. */
  readonly schema?: string;
  /** Secret of the sent ledger; default: one that the database keeps. Changing it empties the ledger in effect. */
  readonly ledgerSecret?: string;
  /** Days that the sent ledger remembers; default 14. */
  readonly ledgerDays?: number;
  /** Milliseconds since 1970; default: the clock. */
  readonly now?: () => number;
}

export interface Store
  extends AssignmentStore,
    DeadLetterStore,
    DigestStore,
    IncidentStore,
    LearningStore,
    NoticeStore,
    RetentionStore,
    OwnMailStore {
  /** Stores a batch durably in one statement; one outcome for each message, in order. */
  insertMessages(batch: readonly NewMessage[]): Promise<readonly InsertOutcome[]>;
  message(id: string): Promise<StoredMessage | undefined>;
  raw(id: string): Promise<Buffer | undefined>;
  /** Bytes, envelope and state in one round trip: what the classifier starts from. */
  messageSource(id: string): Promise<MessageSource | undefined>;
  saveClassification(id: string, classification: Classification, stormKeys?: readonly string[]): Promise<SaveOutcome>;
  release(id: string): Promise<ReleaseOutcome>;
  staleMessages(state: "received" | "classified", olderThan: Date, limit: number): Promise<readonly string[]>;
  recordSent(batch: readonly SentMessage[]): Promise<void>;
  findSent(keys: SentKeys): Promise<SentLedgerAnswer>;
  sentLedgerState(): Promise<SentLedgerState>;
  /** What signs the links in mails, where the configuration says nothing else: 32 octets, the same for all roles. */
  linkSecret(): Promise<Buffer>;
  /** Throws StoreUnavailableError when the database does not answer. */
  ping(): Promise<void>;
  /** Waits for running statements, then closes all connections. */
  close(): Promise<void>;
}

/** LIMIT: bytes of mail that one answer of the database holds: so many times `ingest.maxBytes`. */
const MAX_RAWS = 4;

/** Lower case, so that nobody has to quote it at the psql prompt. */
const SCHEMA_NAME = /^[a-z_][a-z0-9_]{0,62}$/;

/**
 * Connects, brings the schema up to date (one role at a time) and makes the partitions of the next days.
 *
 * @throws {StoreUnavailableError} The database cannot be reached.
 * @throws {StoreSetupError} The server would lose acknowledged mail, or a migration was changed.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { databaseUrl, poolSize = 10, schema = "triage", ledgerDays = 14, now = Date.now } = options;
  if (!SCHEMA_NAME.test(schema)) throw new StoreSetupError(`Not a schema name: ${JSON.stringify(schema)}`);
  const database = openDatabase({ databaseUrl, poolSize, schema });
  try {
    await migrate(database, MIGRATIONS);
    const partitions = partitionsOf(database);
    await partitions.ensure("message_raw", [now()]);
    await partitions.ensure("sent", [now()]);
    const secret = await ledgerSecret(database, options.ledgerSecret);
    const ledger = openSentLedger({ database, partitions, secret, days: ledgerDays, now });
    const newId = uuidGenerator(now);
    const storms = new StormLedger({ database, secret: await stormSecret(database), newId });
    const incidents = bindIncidents({ database, storms, newId, now });
    return {
      ...incidents,
      ...bindAssignments({ database, newId, now }),
      ...bindDigests({ database, newId, now }),
      ...bindDeadLetters(database, now),
      ...bindLearning(database, now),
      ...bindNotices(database),
      ...bindOwnMail({ database, newId, now }),
      ...bindRetention({ database, partitions, ledgerSecret: secret, now }),
      ...bindStore(database, partitions, ledger, newId),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

function bindStore(
  database: Database,
  partitions: Partitions,
  ledger: SentLedger,
  newId: () => string,
): Omit<
  Store,
  | keyof AssignmentStore
  | keyof DigestStore
  | keyof DeadLetterStore
  | keyof IncidentStore
  | keyof LearningStore
  | keyof NoticeStore
  | keyof OwnMailStore
  | keyof RetentionStore
> {
  return {
    insertMessages: (batch) => insertMessages({ database, partitions, newId }, batch),
    message: sharedStatement((ids) => readStoredMessages(database, ids)),
    raw: sharedStatement((ids) => readRaws(database, ids), MAX_RAWS),
    messageSource: (id) => readMessageSource(database, id),
    saveClassification: (...args) => saveClassification(database, ...args),
    release: (id) => releaseMessage(database, id),
    staleMessages: (state, olderThan, limit) => staleMessages(database, state, olderThan, limit),
    recordSent: (batch) => ledger.record(batch),
    findSent: (keys) => ledger.find(keys),
    sentLedgerState: () => ledger.state(),
    linkSecret: () => linkSecret(database),
    ping: async () => {
      await database.query("SELECT 1");
    },
    close: () => database.close(),
  };
}
