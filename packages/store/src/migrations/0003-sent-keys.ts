import type { Migration } from "./migration.ts";

/**
 * The sent ledger with shorter keys, and what it covers.
 *
 * A key is 64 bits of an HMAC: nobody without the secret can aim at one, and a chance hit among 200 million keys has a
 * probability of 1e-11. Next to the 128 bits of before an entry takes 73 instead of 107 bytes, and twice as many are
 * written a second. Each partition has a unique index on the key alone (partitions.ts), so that a key stands once a day.
 *
 * The table of before is dropped: its hashes would have to be read through once for no more than `ledger.days`. Until
 * the logs are read again (`triage follow --from-start`), `sent_day` says that the ledger covers nothing, and absence
 * is not held against anybody.
 */
export const sentKeys: Migration = {
  id: 3,
  name: "sent-keys",
  sql: `
DROP TABLE sent;

CREATE TABLE sent (
  key bigint NOT NULL,
  at timestamptz NOT NULL
) PARTITION BY RANGE (at);

CREATE TABLE sent_day (
  day date PRIMARY KEY,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  entries bigint NOT NULL
) WITH (fillfactor = 50);
`,
};
