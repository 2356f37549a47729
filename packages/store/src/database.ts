/**
 * The connection pool: every connection works in our schema and promises durability, every failure leaves as a
 * StoreUnavailableError (try again) or a StoreQueryError (do not).
 */
import pg from "pg";
import { StoreSetupError, toStoreError } from "./store-error.ts";

/** LIMIT: a caller waits this long for a free or new connection, then hears that the database is not available. */
const CONNECT_TIMEOUT_MS = 5_000;
/** LIMIT: no statement of ours runs longer, except migrations, which wait for each other. */
const STATEMENT_TIMEOUT_MS = 30_000;
/** The server ends a statement in time; when it is so far gone that it does not even do that, we end it ourselves. */
const SILENCE_MS = 5_000;

/** A statement that is sent often: PostgreSQL parses and plans it once per connection, by its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

export type Row = Readonly<Record<string, unknown>>;

/** One connection, for what needs a transaction. */
export interface Session {
  query(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

export interface Database {
  readonly schema: string;
  /** One statement is one transaction: when it resolves, what it wrote is on disk. */
  run(statement: Statement, values: readonly unknown[]): Promise<readonly Row[]>;
  /** Like `run`, for statements that are sent rarely. */
  query(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** BEGIN, work, COMMIT; ROLLBACK when the work throws. @param timeoutMs  For each statement of it. */
  transaction<T>(work: (session: Session) => Promise<T>, timeoutMs?: number): Promise<T>;
  /** A connection of its own, beside those of the pool and without a transaction, for as long as the work takes. */
  connection<T>(work: (session: Session) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly databaseUrl: string;
  readonly poolSize: number;
  readonly schema: string;
  /** Milliseconds; default STATEMENT_TIMEOUT_MS. */
  readonly statementTimeoutMs?: number;
  /** The server then refuses whatever would change anything. */
  readonly readOnly?: boolean;
}

export function openDatabase(options: DatabaseOptions): Database {
  const timeoutMs = options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS;
  const pool = new pg.Pool({
    ...clientOptions(options, timeoutMs),
    max: options.poolSize,
    onConnect: (client) => prepareConnection(client, options, timeoutMs),
  });
  outliveBrokenConnections(pool);
  return {
    schema: options.schema,
    run: (statement, values) => rows(pool, { ...statement, values: [...values] }),
    query: (text, values = []) => rows(pool, { text, values: [...values] }),
    transaction: (work, ownTimeoutMs = timeoutMs) => runTransaction(pool, work, ownTimeoutMs),
    connection: (work) => runOnOwnConnection(options, timeoutMs, work),
    close: () => pool.end(),
  };
}

function clientOptions({ databaseUrl }: DatabaseOptions, timeoutMs: number): pg.ClientConfig {
  return {
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: "postmaster-triage",
    keepAlive: true,
    query_timeout: timeoutMs + SILENCE_MS,
  };
}

/**
 * A connection that breaks tells whoever waits for an answer on it, and whoever asks next. It also says so by an event, which
 * ends the process when nobody listens: the pool does for idle connections, nobody for those that a transaction holds.
 */
function outliveBrokenConnections(pool: pg.Pool): void {
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
}

/**
 * `synchronous_commit` must not be weaker than `on` for our sessions (stronger, as with `remote_apply`, is the
 * operator's choice). `fsync = off` is a server that loses acknowledged mail when the machine stops.
 */
async function prepareConnection(
  client: pg.ClientBase,
  { schema, readOnly = false }: DatabaseOptions,
  timeoutMs: number,
): Promise<void> {
  const result = await client.query<{ fsync: string }>(
    `SELECT set_config('search_path', $1, false), set_config('statement_timeout', $2, false),
            CASE WHEN $3 THEN set_config('default_transaction_read_only', 'on', false) END,
            current_setting('fsync') AS fsync,
            (SELECT set_config('synchronous_commit', 'on', false)
              WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write'))`,
    [quoteIdentifier(schema), String(timeoutMs), readOnly],
  );
  if (result.rows[0]?.fsync === "on") return;
  throw new StoreSetupError("The database runs with fsync = off: it would lose mail that was answered with 202.");
}

/** QUIRK(@types/pg): pg takes a timeout for each query, its types do not know. */
type TimedQuery = pg.QueryConfig & { readonly query_timeout?: number };

export function quoteIdentifier(name: string): string {
  return pg.escapeIdentifier(name);
}

async function rows(queryable: pg.Pool | pg.ClientBase, config: TimedQuery): Promise<readonly Row[]> {
  try {
    const result = await queryable.query<Row>(config);
    return result.rows;
  } catch (error) {
    throw toStoreError(error);
  }
}

async function runTransaction<T>(pool: pg.Pool, work: (session: Session) => Promise<T>, timeoutMs: number): Promise<T> {
  const client = await connect(pool);
  const session: Session = {
    query: (text, values = []) => rows(client, { text, values: [...values], query_timeout: timeoutMs + SILENCE_MS }),
  };
  let broken = true;
  try {
    await session.query("BEGIN");
    await session.query("SELECT set_config('statement_timeout', $1, true)", [String(timeoutMs)]);
    const result = await work(session);
    await session.query("COMMIT");
    broken = false;
    return result;
  } catch (error) {
    await session.query("ROLLBACK").then(
      () => {
        broken = false;
      },
      () => {},
    );
    throw error;
  } finally {
    client.release(broken);
  }
}

async function runOnOwnConnection<T>(
  options: DatabaseOptions,
  timeoutMs: number,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const client = new pg.Client(clientOptions(options, timeoutMs));
  client.on("error", () => {});
  try {
    await client.connect();
    await prepareConnection(client, options, timeoutMs);
    // PostgreSQL 14 and later can end sessions that say nothing for long, as this one does while the work goes on elsewhere.
    await client.query("SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'idle_session_timeout'");
  } catch (error) {
    endUnawaited(client);
    throw toStoreError(error);
  }
  try {
    return await work({ query: (text, values = []) => rows(client, { text, values: [...values] }) });
  } finally {
    endUnawaited(client);
  }
}

/** Where the server is gone without a word, it would be minutes until that is known. */
function endUnawaited(client: pg.Client): void {
  client.end().catch(() => {});
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw toStoreError(error);
  }
}
