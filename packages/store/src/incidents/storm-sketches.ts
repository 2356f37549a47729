/**
 * The counts of storms in PostgreSQL: one row a key and hour, merged under its lock.
 *
 * Merging is a maximum per register, so it commutes and repeats do nothing. Rows that a batch does not change are not
 * written: the longer a storm lasts, the rarer is a register that still grows.
 */
import { decodeSketch, emptySketch, encodeSketch, mergeSketch, type StormSketch } from "@triage/provenance";
import type { Database, Row, Session, Statement } from "../database.ts";

export const HOUR_MS = 3_600_000;

/**
 * LIMIT: keys of one kind that are counted in one hour, at most 3 kB each. Beyond it no new key is counted until the next
 * hour: a storm that is counted already goes on, others are judged without this check, and so go to the human.
 */
const MAX_KEYS_AN_HOUR = 20_000;

export interface SketchRow {
  readonly key: string;
  /** Hours since 1970. */
  readonly hour: number;
  readonly kind: string;
  readonly sketch: StormSketch;
}

const READ: Statement = {
  name: "read-storm-sketches",
  text: "SELECT key, hour, sketch FROM storm_sketch WHERE key = ANY($1::uuid[]) AND hour >= $2",
};

const INSERT = `
INSERT INTO storm_sketch (key, hour, kind, sketch)
SELECT key, hour, kind, '' FROM unnest($1::uuid[], $2::integer[], $3::text[]) AS wanted (key, hour, kind)
 ORDER BY key, hour
    ON CONFLICT DO NOTHING`;

/** Everybody locks in the same order, so that nobody waits in a circle. */
const LOCK = `
SELECT key, hour, sketch FROM storm_sketch JOIN unnest($1::uuid[], $2::integer[]) AS wanted (key, hour) USING (key, hour)
 ORDER BY key, hour FOR UPDATE OF storm_sketch`;

const UPDATE = `
UPDATE storm_sketch SET sketch = grown.sketch
  FROM unnest($1::uuid[], $2::integer[], $3::bytea[]) AS grown (key, hour, sketch)
 WHERE storm_sketch.key = grown.key AND storm_sketch.hour = grown.hour`;

export class StormSketches {
  readonly #database: Database;
  readonly #full = new FullHours();

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Merges rows into the database.
   *
   * @returns Of each key everything that is known of the hours up to its latest, `hours` of them.
   */
  async count(rows: readonly SketchRow[], hours: number): Promise<ReadonlyMap<string, StormSketch>> {
    const windows = new Map<string, StormSketch>();
    if (rows.length === 0) return windows;
    const since = Math.min(...rows.map(({ hour }) => hour)) - hours + 1;
    const known = await this.#database.run(READ, [[...new Set(rows.map(({ key }) => key))], since]);
    const stored = new Map(known.map((row) => [nameOf(row), decodeSketch(row.sketch as Buffer)]));
    const grown = rows.filter((row) => mergeSketch(stored.get(nameOf(row)) ?? emptySketch(), row.sketch));
    for (const row of await this.#write(grown, stored)) stored.set(nameOf(row), row.sketch);
    for (const [name, sketch] of stored) {
      const key = name.slice(0, name.indexOf(" "));
      const window = windows.get(key);
      if (window === undefined) windows.set(key, sketch);
      else mergeSketch(window, sketch);
    }
    return windows;
  }

  async forgetBefore(before: Date): Promise<void> {
    await this.#database.query("DELETE FROM storm_sketch WHERE hour < $1", [Math.floor(before.getTime() / HOUR_MS)]);
  }

  async #write(
    rows: readonly SketchRow[],
    stored: ReadonlyMap<string, StormSketch>,
  ): Promise<readonly (SketchRow & { readonly sketch: StormSketch })[]> {
    if (rows.length === 0) return [];
    return this.#database.transaction(async (session) => {
      // The one write that does not wait for the disk: a crash of the server may cost counts of its last half second.
      await session.query("SET LOCAL synchronous_commit = off");
      const fresh = rows.filter((row) => !stored.has(nameOf(row)));
      const counted = await this.#full.withoutFull(session, fresh);
      if (counted.length > 0) {
        await session.query(INSERT, [
          counted.map(({ key }) => key),
          counted.map(({ hour }) => hour),
          counted.map(({ kind }) => kind),
        ]);
      }
      return mergeLocked(session, rows);
    });
  }
}

/** What others have added since it was read is in the rows that come back locked. */
async function mergeLocked(session: Session, rows: readonly SketchRow[]): Promise<readonly SketchRow[]> {
  const locked = await session.query(LOCK, [rows.map(({ key }) => key), rows.map(({ hour }) => hour)]);
  const current = new Map(locked.map((row) => [nameOf(row), decodeSketch(row.sketch as Buffer)]));
  const merged: SketchRow[] = [];
  const changed: SketchRow[] = [];
  for (const row of rows) {
    const sketch = current.get(nameOf(row));
    if (sketch === undefined) continue;
    if (mergeSketch(sketch, row.sketch)) changed.push({ ...row, sketch });
    merged.push({ ...row, sketch });
  }
  if (changed.length > 0) {
    await session.query(UPDATE, [
      changed.map(({ key }) => key),
      changed.map(({ hour }) => hour),
      changed.map(({ sketch }) => encodeSketch(sketch)),
    ]);
  }
  return merged;
}

function nameOf(row: Row | SketchRow): string {
  return `${row.key} ${row.hour}`;
}

/** Remembers how many keys an hour has, so that not every batch counts them. */
class FullHours {
  readonly #counts = new Map<string, { keys: number; left: number }>();

  /** @returns Those rows whose hour and kind has room for a new key. */
  async withoutFull(session: Session, rows: readonly SketchRow[]): Promise<readonly SketchRow[]> {
    const counted: SketchRow[] = [];
    for (const row of rows) {
      const count = await this.#countOf(session, row);
      if (count.keys >= MAX_KEYS_AN_HOUR) continue;
      count.keys += 1;
      count.left -= 1;
      counted.push(row);
    }
    return counted;
  }

  /** Asked again after a hundredth of the limit: other workers add keys too. */
  async #countOf(session: Session, { hour, kind }: SketchRow): Promise<{ keys: number; left: number }> {
    const name = `${hour} ${kind}`;
    const known = this.#counts.get(name);
    if (known !== undefined && (known.left > 0 || known.keys >= MAX_KEYS_AN_HOUR)) return known;
    const [row] = await session.query("SELECT count(*) AS keys FROM storm_sketch WHERE hour = $1 AND kind = $2", [
      hour,
      kind,
    ]);
    const count = { keys: Number(row?.keys), left: MAX_KEYS_AN_HOUR / 100 };
    const [oldest] = this.#counts.keys();
    if (this.#counts.size >= MAX_REMEMBERED_HOURS && oldest !== undefined) this.#counts.delete(oldest);
    this.#counts.set(name, count);
    return count;
  }
}

/** LIMIT: hours and kinds whose number of keys is remembered. */
const MAX_REMEMBERED_HOURS = 100;
