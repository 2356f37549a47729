/**
 * Takes messages in: raw bytes, envelope and the finding of repeats in one statement, so one round trip and one fsync
 * for a whole batch.
 *
 * Repeats are found by content (the same bytes for the same forward-paths) and by idempotency key (within one
 * source). Both are unique indexes, so it does not matter which process sees the repeat, or whether both copies are
 * in the same batch. The raw bytes go over the wire as one binary parameter that the database cuts up: measured twice
 * as fast as an array of bytea, which pg sends as hexadecimal text.
 */
import { createHash } from "node:crypto";
import { formatAddress } from "@triage/message";
import type { Database, Statement } from "../database.ts";
import { toJsonText } from "../json-text.ts";
import type { Partitions } from "../partitions.ts";
import { uuidTimeMs } from "../uuid-v7.ts";
import type { InsertOutcome, NewMessage } from "./stored-message.ts";

/**
 * $1 the bytes of all messages, end to end; $2 one JSON object a message, in the same order.
 *
 * `ON CONFLICT ... DO UPDATE` writes the row's own value back: only so does RETURNING give the row that was there
 * before, also when another transaction wrote it a moment ago. Digests are claimed in sorted order, so that two
 * batches with the same repeats wait for each other and do not deadlock.
 */
const INSERT: Statement = {
  name: "insert-messages",
  text: `
WITH input AS (
  SELECT id, decode(content, 'hex') AS content, decode(key, 'hex') AS key, source, envelope, known, start, size
    FROM json_to_recordset($2::json)
      AS x(id uuid, content text, key text, source text, envelope json, known boolean, start integer, size integer)
), keys AS (
  INSERT INTO known_key (digest, content_digest, message_id)
  SELECT DISTINCT ON (key) key, content, id FROM input WHERE key IS NOT NULL ORDER BY key, id
  ON CONFLICT (digest) DO UPDATE SET message_id = known_key.message_id
  RETURNING digest, content_digest
), effective AS (
  SELECT input.id, coalesce(keys.content_digest, input.content) AS content
    FROM input LEFT JOIN keys ON keys.digest = input.key
), contents AS (
  INSERT INTO known_content (digest, message_id)
  SELECT DISTINCT ON (content) content, id FROM effective ORDER BY content, id
  ON CONFLICT (digest) DO UPDATE SET message_id = known_content.message_id
  RETURNING digest, message_id
), fresh AS (
  SELECT input.* FROM input JOIN contents ON contents.message_id = input.id
), raws AS (
  INSERT INTO message_raw (id, raw)
  SELECT id, substring($1::bytea FROM start FOR size) FROM fresh
), messages AS (
  INSERT INTO message (id, state, received_at, source, size_bytes, envelope, envelope_known)
  SELECT id, 'received', to_timestamp(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 1000.0),
         source, size, envelope, known
    FROM fresh
)
SELECT effective.id::text AS own, contents.message_id::text AS id
  FROM effective JOIN contents ON contents.digest = effective.content`,
};

/** What `insertMessages` works with. */
export interface InsertContext {
  readonly database: Database;
  readonly partitions: Partitions;
  readonly newId: () => string;
}

/**
 * Stores a batch. When the promise resolves, every message is on disk, or is a repeat of one that is.
 *
 * @param batch  Together well below 1 GB, PostgreSQL's limit for a parameter; a few MB is best.
 * @returns      One outcome for each message, in the same order.
 * @throws {StoreUnavailableError} Nothing is known to be stored; the same batch may be sent again.
 */
export async function insertMessages(
  context: InsertContext,
  batch: readonly NewMessage[],
): Promise<readonly InsertOutcome[]> {
  if (batch.length === 0) return [];
  const ids = batch.map(context.newId);
  const times = ids.map(uuidTimeMs);
  const values = [Buffer.concat(batch.map((message) => message.raw)), describeBatch(batch, ids)];
  await context.partitions.ensure("message_raw", times);
  const rows = await context.database.run(INSERT, values);
  const firstIds = new Map(rows.map((row) => [String(row.own), String(row.id)]));
  return ids.map((own) => {
    const id = firstIds.get(own) ?? own;
    return { id, duplicate: id !== own };
  });
}

function describeBatch(batch: readonly NewMessage[], ids: readonly string[]): string {
  let start = 1;
  return toJsonText(
    batch.map((message, index) => {
      const row = {
        id: ids[index],
        content: contentDigest(message),
        key: keyDigest(message),
        source: message.source,
        envelope: message.envelope,
        known: message.envelopeKnown,
        start,
        size: message.raw.length,
      };
      start += message.raw.length;
      return row;
    }),
  );
}

/** The same bytes for the same recipients, in whatever order the MTA lists them. */
function contentDigest(message: NewMessage): string {
  const forwardPaths = message.envelope.forwardPaths.map(formatAddress).sort();
  const hash = createHash("sha256").update(JSON.stringify(forwardPaths)).update("\0");
  return hash.update(message.raw).digest("hex");
}

function keyDigest(message: NewMessage): string | undefined {
  if (message.idempotencyKey === undefined) return undefined;
  return createHash("sha256")
    .update(JSON.stringify([message.source, message.idempotencyKey]))
    .digest("hex");
}
