/**
 * How often each cause of failure has been seen: the answers to what a policy asks of volume and novelty.
 *
 * Messages are counted by the hour in which they came in, and each once: its row in cause_message is inserted first, and
 * what it was answered is kept there, so that a repeated job gets the same. Of messages that are counted together each
 * sees those before it. All workers lock rows in the same order.
 */
import type { Database, Row, Session } from "../database.ts";
import { uuidTimeMs } from "../uuid-v7.ts";

const HOUR_MS = 3_600_000;
const HOURS_A_DAY = 24;

/** What may be asked: `messagesWithin` so many hours, `isNew` for so many days. */
export interface CauseQuestions {
  readonly hours: readonly number[];
  readonly days: readonly number[];
}

/** Both count by hours of the clock; undefined for what was not asked when the message was counted. */
export interface CauseAnswers {
  /** The message itself is one of them. */
  readonly messagesWithin: (hours: number) => number | undefined;
  readonly isNew: (days: number) => boolean | undefined;
}

/** A failure of our own mail. */
export interface NotedCause {
  /** Id of the message here (UUIDv7): what makes a repeat count once, and says when it came in. */
  readonly messageId: string;
  readonly fingerprint: string;
}

/** Answers by the number that was asked for; what was not asked has none. */
interface KeptAnswers {
  readonly within: Readonly<Record<string, number>>;
  readonly isNew: Readonly<Record<string, boolean>>;
}

interface Counted extends NotedCause {
  readonly hour: number;
}

const INSERT_MESSAGES = `
INSERT INTO cause_message (message_id, fingerprint, hour)
SELECT message_id, fingerprint, hour FROM unnest($1::uuid[], $2::text[], $3::integer[]) AS n (message_id, fingerprint, hour)
 ORDER BY message_id
    ON CONFLICT DO NOTHING RETURNING message_id`;

const COUNT = `
INSERT INTO cause_hour (fingerprint, hour, messages)
SELECT fingerprint, hour, count(*) FROM unnest($1::text[], $2::integer[]) AS n (fingerprint, hour)
 GROUP BY fingerprint, hour ORDER BY fingerprint, hour
    ON CONFLICT (fingerprint, hour) DO UPDATE SET messages = cause_hour.messages + excluded.messages`;

/** @returns Of each message what is known of the others with its cause, in order. */
export async function noteCauses(
  database: Database,
  batch: readonly NotedCause[],
  questions: CauseQuestions,
): Promise<readonly CauseAnswers[]> {
  const wanted = batch.map((note) => ({ ...note, hour: hourOf(note.messageId) }));
  const answers = await database.transaction(async (session) => {
    // A crash of the server may cost counts of its last half second: they are a help, not a record.
    await session.query("SET LOCAL synchronous_commit = off");
    const fresh = await insertFresh(session, wanted);
    if (fresh.length > 0) await answerFresh(session, fresh, questions);
    const rows = await session.query("SELECT message_id, facts FROM cause_message WHERE message_id = ANY($1::uuid[])", [
      wanted.map(({ messageId }) => messageId),
    ]);
    return new Map(rows.map((row) => [String(row.message_id), row.facts as KeptAnswers | null]));
  });
  return batch.map(({ messageId }) => toFacts(answers.get(messageId) ?? undefined));
}

/** Deletes the counts of hours that ended before this. */
export async function forgetCauses(database: Database, before: Date): Promise<void> {
  const hour = Math.floor(before.getTime() / HOUR_MS);
  await database.query("DELETE FROM cause_hour WHERE hour < $1", [hour]);
  await database.query("DELETE FROM cause_message WHERE hour < $1", [hour]);
}

async function insertFresh(session: Session, wanted: readonly Counted[]): Promise<readonly Counted[]> {
  const inserted = await session.query(INSERT_MESSAGES, [
    wanted.map(({ messageId }) => messageId),
    wanted.map(({ fingerprint }) => fingerprint),
    wanted.map(({ hour }) => hour),
  ]);
  const ids = new Set(inserted.map(({ message_id }) => String(message_id)));
  // Each id once, also where a batch holds it twice.
  return wanted.filter(({ messageId }) => ids.delete(messageId));
}

async function answerFresh(session: Session, fresh: readonly Counted[], questions: CauseQuestions): Promise<void> {
  await session.query(COUNT, [fresh.map(({ fingerprint }) => fingerprint), fresh.map(({ hour }) => hour)]);
  const longest = Math.max(1, ...questions.hours, ...questions.days.map((days) => days * HOURS_A_DAY));
  const rows = await session.query(
    "SELECT fingerprint, hour, messages FROM cause_hour WHERE fingerprint = ANY($1::text[]) AND hour > $2",
    [[...new Set(fresh.map(({ fingerprint }) => fingerprint))], Math.min(...fresh.map(({ hour }) => hour)) - longest],
  );
  const others = countsByCause(rows);
  for (const { fingerprint, hour } of fresh) add(others, fingerprint, hour, -1);
  const answers = fresh.map(({ fingerprint, hour }) => {
    const facts = answer(others.get(fingerprint) ?? new Map(), hour, questions);
    add(others, fingerprint, hour, 1);
    return JSON.stringify(facts);
  });
  await session.query(
    `UPDATE cause_message SET facts = n.facts::json FROM unnest($1::uuid[], $2::text[]) AS n (message_id, facts)
      WHERE cause_message.message_id = n.message_id`,
    [fresh.map(({ messageId }) => messageId), answers],
  );
}

/** Fingerprint -> hour -> messages. */
type Counts = Map<string, Map<number, number>>;

function countsByCause(rows: readonly Row[]): Counts {
  const counts: Counts = new Map();
  for (const { fingerprint, hour, messages } of rows) add(counts, String(fingerprint), Number(hour), Number(messages));
  return counts;
}

function add(counts: Counts, fingerprint: string, hour: number, messages: number): void {
  const hours = counts.get(fingerprint) ?? new Map<number, number>();
  hours.set(hour, (hours.get(hour) ?? 0) + messages);
  counts.set(fingerprint, hours);
}

/** @param others  Without the message itself. */
function answer(others: ReadonlyMap<number, number>, hour: number, { hours, days }: CauseQuestions): KeptAnswers {
  const before = (span: number) =>
    [...others].reduce((sum, [at, count]) => (at > hour - span && at <= hour ? sum + count : sum), 0);
  return {
    within: Object.fromEntries(hours.map((span) => [span, before(span) + 1])),
    isNew: Object.fromEntries(days.map((span) => [span, before(span * HOURS_A_DAY) === 0])),
  };
}

function toFacts(kept: KeptAnswers | undefined): CauseAnswers {
  return { messagesWithin: (hours) => kept?.within[hours], isNew: (days) => kept?.isNew[days] };
}

function hourOf(messageId: string): number {
  return Math.floor(uuidTimeMs(messageId) / HOUR_MS);
}
