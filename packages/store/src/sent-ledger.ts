/**
 * The sent ledger: Message-ID, queue id, ENVID and recipients of what this site sent, each as a keyed hash.
 *
 * The keys are HMAC-SHA256 with a site secret, cut to 128 bits: whoever reads the database learns neither who was
 * written to nor which messages exist. One table a day; `ledger.days` later it is dropped.
 */
import { createHmac, randomBytes } from "node:crypto";
import type { SentKeys, SentLedgerAnswer } from "@triage/provenance";
import type { Database, Statement } from "./database.ts";
import type { Partitions } from "./partitions.ts";
import { StoreUnavailableError } from "./store-error.ts";
import type { SentMessage } from "./stored-message.ts";

const DAY_MS = 86_400_000;

/** LIMIT: a log line may be stamped this far ahead of our clock; what is later counts as sent now. */
const MAX_FUTURE_MS = DAY_MS;

type SentKeyKind = "message-id" | "queue-id" | "envelope-id" | "recipient";

const INSERT: Statement = {
  name: "insert-sent",
  text: `INSERT INTO sent (key, at) SELECT * FROM unnest($1::uuid[], $2::timestamptz[]) ON CONFLICT DO NOTHING`,
};

/** The order of the array is the order of trust: an id that we made before one that a queue used for a while. */
const FIND: Statement = {
  name: "find-sent",
  text: `
SELECT position, at FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (key, position) JOIN sent USING (key)
 WHERE at >= $2 ORDER BY position, at DESC LIMIT 1`,
};

export interface SentLedger {
  /** Adds a batch; repeats are harmless. What is older than the ledger keeps is left out. */
  record(batch: readonly SentMessage[]): Promise<void>;
  /** Never throws for a database that is away: that is a `temperror`, and the message is judged without the ledger. */
  find(keys: SentKeys): Promise<SentLedgerAnswer>;
}

export interface SentLedgerOptions {
  readonly database: Database;
  readonly partitions: Partitions;
  readonly secret: Buffer;
  readonly days: number;
  readonly now: () => number;
}

export function openSentLedger(options: SentLedgerOptions): SentLedger {
  const { database, partitions, secret, days, now } = options;
  const hash = (kind: SentKeyKind, text: string) => hashKey(secret, kind, text);
  return {
    async record(batch) {
      const rows = batch.flatMap((message) => toRows(message, now(), days, hash));
      if (rows.length === 0) return;
      await partitions.ensure(
        "sent",
        rows.map((row) => row.atMs),
      );
      const times = rows.map((row) => new Date(row.atMs).toISOString());
      await database.run(INSERT, [rows.map((row) => row.key), times]);
    },
    async find(keys) {
      const wanted = presentKeys(keys);
      if (wanted.length === 0) return { kind: "absent" };
      try {
        const since = new Date(now() - days * DAY_MS);
        const [row] = await database.run(FIND, [wanted.map(({ kind, text }) => hash(kind, text)), since]);
        const by = wanted[Number(row?.position) - 1]?.kind;
        return by === undefined ? { kind: "absent" } : { kind: "found", by, at: row?.at as Date };
      } catch (error) {
        if (error instanceof StoreUnavailableError) return { kind: "temperror", detail: error.message };
        throw error;
      }
    },
  };
}

/** The secret that the site gives, else the one that the database keeps; made at first use. */
export async function ledgerSecret(database: Database, given: string | undefined): Promise<Buffer> {
  if (given !== undefined) return Buffer.from(given, "utf8");
  const [row] = await database.query(
    `INSERT INTO secret (name, value) VALUES ('sent-ledger', $1)
       ON CONFLICT (name) DO UPDATE SET value = secret.value RETURNING value`,
    [randomBytes(32)],
  );
  return row?.value as Buffer;
}

function toRows(
  message: SentMessage,
  nowMs: number,
  days: number,
  hash: (kind: SentKeyKind, text: string) => string,
): readonly { readonly key: string; readonly atMs: number }[] {
  const sentMs = message.at.getTime();
  const atMs = sentMs > nowMs + MAX_FUTURE_MS ? nowMs : sentMs;
  if (atMs < nowMs - days * DAY_MS) return [];
  const { messageId, queueId, envelopeId } = message;
  const keys = presentKeys({ messageId, queueId, envelopeId }).map(({ kind, text }) => hash(kind, text));
  const recipients = (message.recipients ?? []).map((text) => hash("recipient", text.toLowerCase()));
  return [...keys, ...recipients].map((key) => ({ key, atMs }));
}

function presentKeys(
  keys: SentKeys,
): readonly { readonly kind: Exclude<SentKeyKind, "recipient">; readonly text: string }[] {
  const all = [
    { kind: "message-id", text: keys.messageId },
    { kind: "envelope-id", text: keys.envelopeId },
    { kind: "queue-id", text: keys.queueId },
  ] as const;
  return all.flatMap(({ kind, text }) => (text === undefined || text === "" ? [] : [{ kind, text }]));
}

/** Message-IDs are logged with and without their angle brackets; white space around any of them means nothing. */
function hashKey(secret: Buffer, kind: SentKeyKind, text: string): string {
  const trimmed = text.trim();
  const bare = trimmed.startsWith("<") && trimmed.endsWith(">") ? trimmed.slice(1, -1) : trimmed;
  return createHmac("sha256", secret).update(`${kind}\0${bare}`).digest("hex").slice(0, 32);
}
