/**
 * Tables by day. `message_raw` is partitioned by the time in the UUIDv7, `sent` by its time stamp; days are UTC.
 *
 * Partitions are made ahead (the day that is written to and two more), so that the first message after midnight does
 * not wait for one, and on demand, so that a clock that is wrong costs a partition and not a message.
 */
import { type Database, quoteIdentifier, type Session } from "./database.ts";
import { uuidFloor } from "./uuid-v7.ts";

const DAY_MS = 86_400_000;
const DAYS_AHEAD = 2;
/** LIMIT: dropping a partition locks its parent; rather try again tomorrow than hold up mail longer than this. */
const DROP_LOCK_TIMEOUT_MS = 5_000;

export type PartitionedTable = "message_raw" | "sent";

/** How a table is cut: the bound literal of a day, the storage options of a partition, and what is unique in it alone. */
interface Cut {
  bound(timeMs: number): string;
  readonly options: string;
  readonly unique?: string;
}

const PARTITIONED: Readonly<Record<PartitionedTable, Cut>> = {
  message_raw: { bound: uuidFloor, options: "toast_tuple_target = 8160" },
  sent: { bound: (timeMs) => new Date(timeMs).toISOString(), options: "fillfactor = 100", unique: "key" },
};

export interface Partitions {
  /** Resolves when there is a partition for each of these times (milliseconds since 1970). */
  ensure(table: PartitionedTable, timesMs: Iterable<number>): Promise<void>;
  /** Drops the partitions whose day ended at or before `beforeMs`; `meanwhile` is part of each drop. */
  dropBefore(table: PartitionedTable, beforeMs: number, meanwhile?: Meanwhile): Promise<readonly string[]>;
  /** The days that there are, oldest first. */
  list(table: PartitionedTable): Promise<readonly Partition[]>;
  /** To be called when somebody else has dropped the day. */
  forget(partition: Partition): void;
}

/** What else belongs into the transaction that drops the partition from `fromMs` on. */
export type Meanwhile = (session: Session, fromMs: number) => Promise<void>;

export interface Partition {
  readonly name: string;
  /** Days since 1970 (UTC). */
  readonly day: number;
}

export function partitionsOf(database: Database): Partitions {
  const known = new Set<string>();
  const ensureDay = async (table: PartitionedTable, day: number) => {
    if (known.has(partitionName(table, day))) return;
    await createPartitions(database, table, day, day + DAYS_AHEAD);
    for (let next = day; next < day + DAYS_AHEAD; next += 1) known.add(partitionName(table, next));
  };
  return {
    async ensure(table, timesMs) {
      const days = new Set<number>();
      for (const timeMs of timesMs) days.add(Math.floor(timeMs / DAY_MS));
      for (const day of days) await ensureDay(table, day);
    },
    async dropBefore(table, beforeMs, meanwhile = async () => {}) {
      const dropped: string[] = [];
      for (const { name, day } of await listPartitions(database, table)) {
        if ((day + 1) * DAY_MS > beforeMs) continue;
        known.delete(name);
        await dropPartition(database, { name, day }, meanwhile);
        dropped.push(name);
      }
      return dropped;
    },
    list: (table) => listPartitions(database, table),
    forget: ({ name }) => void known.delete(name),
  };
}

function partitionName(table: PartitionedTable, day: number): string {
  return `${table}_${new Date(day * DAY_MS).toISOString().slice(0, 10).replaceAll("-", "")}`;
}

/**
 * Makes the table first and attaches it then: ATTACH lets inserts into the other partitions go on, CREATE ...
 * PARTITION OF would wait for every reader and hold up every writer behind it.
 */
async function createPartitions(
  database: Database,
  table: PartitionedTable,
  firstDay: number,
  lastDay: number,
): Promise<void> {
  const { bound, options, unique } = PARTITIONED[table];
  await database.transaction(async (session) => {
    await session.query("SELECT pg_advisory_xact_lock(hashtextextended('postmaster-triage:partition:' || $1, 0))", [
      database.schema,
    ]);
    for (let day = firstDay; day <= lastDay; day += 1) {
      const name = quoteIdentifier(partitionName(table, day));
      const [row] = await session.query("SELECT to_regclass($1) IS NOT NULL AS there", [name]);
      if (row?.there === true) continue;
      await session.query(`CREATE TABLE ${name} (LIKE ${table} INCLUDING ALL) WITH (${options})`);
      if (unique !== undefined) await session.query(`CREATE UNIQUE INDEX ON ${name} (${unique})`);
      await session.query(
        `ALTER TABLE ${table} ATTACH PARTITION ${name}
           FOR VALUES FROM ('${bound(day * DAY_MS)}') TO ('${bound((day + 1) * DAY_MS)}')`,
      );
    }
  });
}

async function listPartitions(database: Database, table: PartitionedTable): Promise<readonly Partition[]> {
  const rows = await database.query(
    `SELECT child.relname AS name FROM pg_inherits
       JOIN pg_class child ON child.oid = inhrelid
      WHERE inhparent = to_regclass($1) ORDER BY 1`,
    [table],
  );
  return rows.map((row) => {
    const name = String(row.name);
    const date = name.slice(-8);
    const timeMs = Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6)));
    return { name, day: timeMs / DAY_MS };
  });
}

function dropPartition(database: Database, { name, day }: Partition, meanwhile: Meanwhile): Promise<void> {
  return database.transaction(async (session) => {
    await limitLockWait(session);
    await meanwhile(session, day * DAY_MS);
    await session.query(`DROP TABLE IF EXISTS ${quoteIdentifier(name)}`);
  });
}

/** To be called before the first statement that locks a partitioned table. */
export async function limitLockWait(session: Session): Promise<void> {
  await session.query("SELECT set_config('lock_timeout', $1, true)", [String(DROP_LOCK_TIMEOUT_MS)]);
}

/** SQL: a table of the same form, not part of the partitioned one yet, that can only hold rows of that day. */
export function standaloneTable(table: PartitionedTable, name: string, day: number): string {
  const { bound, options } = PARTITIONED[table];
  return `CREATE TABLE ${quoteIdentifier(name)} (LIKE ${table} INCLUDING ALL,
     CONSTRAINT of_day CHECK (id IS NOT NULL AND id >= '${bound(day * DAY_MS)}' AND id < '${bound((day + 1) * DAY_MS)}'))
     WITH (${options})`;
}

/** SQL: makes it the partition of that day. Its constraint spares the look at every row, and goes. */
export function attachTable(table: PartitionedTable, name: string, day: number): string {
  const { bound } = PARTITIONED[table];
  return `ALTER TABLE ${table} ATTACH PARTITION ${quoteIdentifier(name)}
            FOR VALUES FROM ('${bound(day * DAY_MS)}') TO ('${bound((day + 1) * DAY_MS)}');
          ALTER TABLE ${quoteIdentifier(name)} DROP CONSTRAINT of_day`;
}
