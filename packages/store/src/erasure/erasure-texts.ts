/**
 * A person's address in every text that the database holds, whatever table it is in: found and taken out.
 *
 * Which tables and columns there are is asked of the database, so that one of a later migration cannot be forgotten. A
 * cheap look for the domain comes first, in the database; what an address can look like is known here.
 */
import { ERASED_ADDRESS, type Person } from "@triage/message";
import { type Database, quoteIdentifier, type Row, type Session } from "../database.ts";
import { toJsonText } from "../json-text.ts";
import { IS_SETTLED } from "../messages/settled-message.ts";

/** Rows that are read at a time. */
const FETCH = 500;
/** LIMIT: rows that somebody changes at the same time are read again so often. */
const MAX_PASSES = 5;
/** LIMIT: time for one table, in milliseconds. */
const TABLE_TIMEOUT_MS = 1_800_000;

/** Nothing of mail is in these. */
const WITHOUT_MAIL = ["schema_migration", "secret", "erasure", "retention_run"];

interface TextColumn {
  readonly table: string;
  readonly column: string;
  readonly type: "text" | "json" | "jsonb" | "text[]";
  /** The column by which a row belongs to a message, where it does. */
  readonly message: "id" | "message_id" | undefined;
}

export interface TextErasure {
  readonly person: Person;
  /** Lower-case spellings of the domain: one of them is in every row that matters. */
  readonly domains: readonly string[];
  readonly dryRun: boolean;
}

/** @returns Rows that named the person, by `table.column`; only those that did. */
export async function eraseTexts(database: Database, erasure: TextErasure): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const column of await textColumns(database)) {
    for (let pass = 0; pass < MAX_PASSES; pass += 1) {
      const { found, changed } = await eraseColumn(database, column, erasure);
      const name = `${column.table}.${column.column}`;
      const count = erasure.dryRun ? found : changed;
      if (count > 0) counts.set(name, (counts.get(name) ?? 0) + count);
      if (erasure.dryRun || found === changed) break;
    }
  }
  return counts;
}

async function textColumns(database: Database): Promise<readonly TextColumn[]> {
  const rows = await database.query(
    `SELECT c.relname AS table, a.attname AS column, t.typname AS type,
            (SELECT min(m.attname) FROM pg_attribute m
              WHERE m.attrelid = c.oid AND m.attname = CASE c.relname WHEN 'message' THEN 'id' ELSE 'message_id' END) AS message
       FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
       JOIN pg_type t ON t.oid = a.atttypid AND t.typname IN ('text', 'varchar', 'json', 'jsonb', '_text')
      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> ALL($1)
      ORDER BY 1, 2`,
    [WITHOUT_MAIL],
  );
  return rows.map((row) => ({
    table: String(row.table),
    column: String(row.column),
    type: columnType(row.type),
    message: (row.message ?? undefined) as TextColumn["message"],
  }));
}

function columnType(name: unknown): TextColumn["type"] {
  if (name === "_text") return "text[]";
  return name === "json" || name === "jsonb" ? name : "text";
}

/** SQL: the column as one text; an array as JSON. */
function readAs(type: TextColumn["type"], column: string): string {
  return type === "text[]" ? `to_json(${column})::text` : `${column}::text`;
}

/** SQL: the third parameter as the column takes it. */
function writeAs(type: TextColumn["type"]): string {
  return type === "text[]" ? "ARRAY(SELECT json_array_elements_text($3::json))" : `$3::${type}`;
}

function eraseColumn(
  database: Database,
  target: TextColumn,
  erasure: TextErasure,
): Promise<{ readonly found: number; readonly changed: number }> {
  const [table, column] = [quoteIdentifier(target.table), quoteIdentifier(target.column)];
  const mayHold = erasure.domains
    .map((_, index) => `strpos(lower(${readAs(target.type, `t.${column}`)}), $${index + 1}) > 0`)
    .join(" OR ");
  const isFinished =
    target.message === undefined
      ? "true"
      : `NOT EXISTS (SELECT FROM message m WHERE m.id = t.${target.message} AND NOT ${IS_SETTLED})`;
  return database.transaction(async (session) => {
    await session.query(
      `DECLARE texts NO SCROLL CURSOR FOR
         SELECT t.ctid::text AS row, ${readAs(target.type, `t.${column}`)} AS text FROM ${table} t WHERE ${isFinished} AND (${mayHold})`,
      erasure.domains,
    );
    let [found, changed] = [0, 0];
    for (;;) {
      const rows = await session.query(`FETCH ${FETCH} FROM texts`);
      for (const row of rows) {
        const text = eraseText(target, String(row.text), erasure.person);
        if (text === undefined) continue;
        found += 1;
        if (!erasure.dryRun && (await rewrite(session, { table, column, type: target.type }, row, text))) changed += 1;
      }
      if (rows.length < FETCH) return { found, changed };
    }
  }, TABLE_TIMEOUT_MS);
}

async function rewrite(
  session: Session,
  { table, column, type }: { readonly table: string; readonly column: string; readonly type: TextColumn["type"] },
  row: Row,
  text: string,
): Promise<boolean> {
  const changed = await session.query(
    `UPDATE ${table} SET ${column} = ${writeAs(type)} WHERE ctid = $1::tid AND ${readAs(type, column)} = $2 RETURNING 1`,
    [row.row, row.text, text],
  );
  return changed.length > 0;
}

/** @returns undefined: the person is not in it. */
function eraseText({ type }: TextColumn, text: string, person: Person): string | undefined {
  if (type === "text") return person.isIn(text) ? person.eraseFrom(text) : undefined;
  const before: unknown = JSON.parse(text);
  const after = eraseFromValue(before, person);
  return after === before ? undefined : toJsonText(after);
}

/** @returns `value` itself when the person is not in it. */
export function eraseFromValue(value: unknown, person: Person): unknown {
  if (typeof value === "string") return person.isIn(value) ? person.eraseFrom(value) : value;
  if (Array.isArray(value)) {
    const items = value.map((item) => eraseFromValue(item, person));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (typeof value !== "object" || value === null) return value;
  const { localPart, domain } = value as { readonly localPart?: unknown; readonly domain?: unknown };
  if (typeof localPart === "string" && typeof domain === "string") {
    const isMeant = person.is({ kind: "address", localPart, domain }) || person.isIn(`${localPart}@${domain}`);
    return isMeant ? { ...value, ...ERASED_ADDRESS } : value;
  }
  const entries = Object.entries(value).map(
    ([key, item]) => [eraseKey(key, person), eraseFromValue(item, person)] as const,
  );
  const isSame = entries.every(([key, item]) => (value as Record<string, unknown>)[key] === item);
  return isSame ? value : Object.fromEntries(entries);
}

function eraseKey(key: string, person: Person): string {
  return person.isIn(key) ? person.eraseFrom(key) : key;
}
