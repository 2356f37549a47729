/**
 * What an incident of failures looks like now: whom it concerns, counted from the stored classifications of its messages.
 *
 * Counted anew at each step instead of kept beside them: what is erased, corrected or dropped is then gone here too.
 */
import type { FailureFacts, FailureParties } from "@triage/contracts";
import type { Session } from "../database.ts";

/** LIMIT: messages whose senders and recipients are looked at, the latest; of an incident of more, they stand for all. */
const MAX_MESSAGES = 5_000;
/** LIMIT: domains of senders and of recipients. */
const MAX_DOMAINS = 20;

/** What all messages of one cause have in common, from the one that began it. */
export type FailureCause = Omit<FailureFacts, "messages" | "senders" | "recipients" | "openerId" | "severity">;

const PARTIES = `
WITH looked AS (
  SELECT v.classification AS c FROM incident_message i JOIN verdict v ON v.message_id = i.message_id
   WHERE i.incident_id = $1 ORDER BY i.message_id DESC LIMIT ${MAX_MESSAGES}
), sender AS (
  SELECT lower(coalesce(c->'returned'->>'from', c->'returned'->>'reversePath')) AS address FROM looked
), recipient AS (
  SELECT lower(r->>'address') AS address
    FROM looked, json_array_elements(coalesce(c->'report'->'recipients', '[]')) AS r
   WHERE r->>'action' IN ('failed', 'delayed')
)
SELECT 'senders' AS role, address, count(*) AS messages FROM sender WHERE address IS NOT NULL GROUP BY address
 UNION ALL
SELECT 'recipients', address, count(*) FROM recipient WHERE address IS NOT NULL GROUP BY address
 ORDER BY 3 DESC, 2`;

interface Party {
  readonly address: string;
  readonly messages: number;
}

/** @param addressesShown  How many addresses of senders and of recipients may be kept; 0: domains alone. */
export async function countParties(
  session: Session,
  incidentId: string,
  addressesShown: number,
): Promise<Pick<FailureFacts, "senders" | "recipients">> {
  const rows = await session.query(PARTIES, [incidentId]);
  const partiesOf = (role: string) =>
    summarise(
      rows
        .filter((row) => row.role === role)
        .map(({ address, messages }) => ({ address: String(address), messages: Number(messages) })),
      addressesShown,
    );
  return { senders: partiesOf("senders"), recipients: partiesOf("recipients") };
}

function summarise(parties: readonly Party[], addressesShown: number): FailureParties {
  const domains = new Map<string, number>();
  for (const { address, messages } of parties) {
    const domain = address.slice(address.lastIndexOf("@") + 1);
    domains.set(domain, (domains.get(domain) ?? 0) + messages);
  }
  return {
    total: parties.length,
    addresses: parties.slice(0, addressesShown),
    domains: [...domains]
      .map(([domain, messages]) => ({ domain, messages }))
      .sort((a, b) => b.messages - a.messages || (a.domain < b.domain ? -1 : 1))
      .slice(0, MAX_DOMAINS),
  };
}
