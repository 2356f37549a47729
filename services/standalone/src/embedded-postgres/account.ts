/**
 * Which account the server runs as.
 *
 * PostgreSQL refuses to run as root. An ordinary user runs it as itself; root runs it as the owner of the data, or, for
 * new data, as an unprivileged account that exists already. No account is ever made.
 */
import { readFile, stat } from "node:fs/promises";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";

/** Tried in this order: the account that distributions make for this very purpose, then the one that every system has. */
const CANDIDATES = ["postgres", "nobody"] as const;

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * @param clusterPath  The folder of existing data, if there is any: its owner can read it, others cannot.
 * @returns            undefined: run as ourselves.
 * @throws {EmbeddedPostgresError} `POSTGRES_NO_ACCOUNT`: we are root and there is no account to run as.
 */
export async function chooseAccount(clusterPath: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = await readAccounts();
  const owner = await stat(clusterPath).catch(() => undefined);
  if (owner !== undefined && owner.uid !== 0) {
    const name = accounts.find((account) => account.uid === owner.uid)?.name ?? `uid ${owner.uid}`;
    return { name, uid: owner.uid, gid: owner.gid };
  }
  for (const name of CANDIDATES) {
    const account = accounts.find((candidate) => candidate.name === name && candidate.uid !== 0);
    if (account !== undefined) return account;
  }
  throw new EmbeddedPostgresError(
    "POSTGRES_NO_ACCOUNT",
    `PostgreSQL does not run as root, and there is no account ${CANDIDATES.join(" or ")} to run it as: ` +
      "start as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.",
  );
}

/** passwd(5): name:password:uid:gid:... */
async function readAccounts(): Promise<readonly Account[]> {
  const text = await readFile("/etc/passwd", "utf8").catch(() => "");
  return text.split("\n").flatMap((line) => {
    const [name, , uid, gid] = line.split(":");
    if (name === undefined || uid === undefined || gid === undefined) return [];
    return [{ name, uid: Number(uid), gid: Number(gid) }];
  });
}
