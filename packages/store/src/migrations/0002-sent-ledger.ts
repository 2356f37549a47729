import type { Migration } from "./migration.ts";

/**
 * The sent ledger: what this site sent, as keyed hashes. Nothing in it can be read back, and without the site secret
 * nothing can be looked up. `key` is 128 bits of HMAC-SHA256 kept as uuid: 16 bytes without a length header.
 */
export const sentLedger: Migration = {
  id: 2,
  name: "sent-ledger",
  sql: `
CREATE TABLE secret (
  name text PRIMARY KEY,
  value bytea NOT NULL
);

CREATE TABLE sent (
  key uuid NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (key, at)
) PARTITION BY RANGE (at);
`,
};
