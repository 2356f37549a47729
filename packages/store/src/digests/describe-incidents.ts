import type { DigestFacts, IncidentKind } from "@triage/contracts";
import type { Session } from "../database.ts";

/** LIMIT: open incidents that a digest names. */
const MAX_INCIDENTS = 10;

/** The open ones, the largest first, each by what its facts call it. */
export async function describeOpenIncidents(session: Session): Promise<DigestFacts["incidents"]> {
  const rows = await session.query(
    `SELECT id, kind, messages, coalesce(facts->>'scope', facts->>'human', facts->>'words', facts->>'reason', facts->>'trouble', '') AS about
       FROM incident WHERE state = 'open' ORDER BY messages DESC, id LIMIT $1`,
    [MAX_INCIDENTS],
  );
  return rows.map(({ id, kind, messages, about }) => ({
    id: String(id),
    kind: kind as IncidentKind,
    about: String(about),
    messages: Number(messages),
  }));
}
