/**
 * The alert that nobody took a digest: whoever gets it is not among those who refused. One for all digests that fail in a row;
 * it ends when one arrives, which says so by itself.
 */
import type { DigestFailureFacts } from "@triage/contracts";
import type { Database } from "../database.ts";
import { raiseIncident } from "../incidents/incident-writes.ts";
import { stepOf, unreachable } from "../own-mail/own-bounces.ts";
import type { Digest } from "./digests.ts";

/** Of which one is open at most. */
export const DIGEST_ALERT_SCOPE = "digest";
/** LIMIT: of the other side's words in a mail to a human. */
const MAX_WORDS_CHARS = 500;

/**
 * To be called before the digest is marked: it can be repeated, and the mark cannot.
 *
 * @returns Ids of the notices that the caller has to see delivered.
 */
export async function noteDigestOutcome(
  database: Database,
  digest: Digest,
  outcome: { readonly state: "delivered" | "failed"; readonly at: Date },
  newId: () => string,
): Promise<readonly string[]> {
  const { state, at } = outcome;
  if (state === "delivered") {
    await database.query(
      "UPDATE incident SET state = 'closed', closed_at = $2 WHERE kind = 'alert' AND state = 'open' AND scope = $1",
      [DIGEST_ALERT_SCOPE, at],
    );
    return [];
  }
  const facts = await readFacts(database, digest);
  const { digests } = facts;
  const raised = await raiseIncident(
    database,
    { kind: "alert", scope: DIGEST_ALERT_SCOPE, facts, messages: digests, at, step: stepOf(digests) },
    newId,
  );
  return raised.noticeId === undefined ? [] : [raised.noticeId];
}

async function readFacts(database: Database, { id, since, until, totals }: Digest): Promise<DigestFailureFacts> {
  const [row] = await database.query(
    `SELECT count(*) AS digests FROM digest
      WHERE (id = $1 OR state = 'failed') AND at > coalesce((SELECT max(at) FROM digest WHERE state = 'delivered'), '-infinity')`,
    [id],
  );
  const answers = await database.query(
    `SELECT DISTINCT ON (d.outlet, d.recipient) d.outlet, d.recipient, d.outcome, d.detail
       FROM digest_delivery d WHERE d.digest_id = $1 ORDER BY d.outlet, d.recipient, d.id DESC`,
    [id],
  );
  const refused = answers.filter(({ outcome }) => outcome !== "delivered");
  const addresses = refused.map(({ recipient }) => String(recipient));
  const words = refused[0]?.detail;
  return {
    trouble: "digest-failed",
    digestId: id,
    since: since.toISOString(),
    until: until.toISOString(),
    kept: totals.kept.reduce((sum, { messages }) => sum + messages, 0),
    digests: Math.max(1, Number(row?.digests ?? 1)),
    ...(typeof words === "string" && { words: words.slice(0, MAX_WORDS_CHARS) }),
    avoided: {
      addresses: [...new Set([...addresses, ...(await unreachable(database))])],
      outlets: [...new Set(refused.map(({ outlet }) => String(outlet)))],
    },
  };
}
