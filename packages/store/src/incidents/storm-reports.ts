/**
 * Reports that are too doubtful to be hidden, and that belong to a storm: the human is told of them by its notices.
 *
 * They stay what they are (undecided, for a human), are kept as long as what a human has, and can be released. Only an open
 * incident may take one: its end counts them, so that none is left of which nobody tells.
 */
import type { Classification } from "@triage/contracts";
import type { Database, Session } from "../database.ts";
import { SAVE, saveParameters } from "../messages/classifications.ts";
import { isUuid } from "../uuid-v7.ts";
import type { GroupedSave } from "./failure-incidents.ts";

/** Keeps the verdict; `grouped` while the incident is open, else it is delivered as any other. */
export async function saveStormReport(
  database: Database,
  messageId: string,
  classification: Classification,
  incidentId: string,
): Promise<GroupedSave> {
  if (!isUuid(messageId)) return { outcome: "unknown-message", state: undefined, noticeIds: [] };
  return database.transaction(async (session) => {
    // Whoever ends the incident waits until this message is counted.
    const [open] = await session.query("SELECT id FROM incident WHERE id = $1 AND state = 'open' FOR SHARE", [
      incidentId,
    ]);
    const wanted = open === undefined ? "classified" : "grouped";
    const [saved] = await session.query(SAVE.text, saveParameters(messageId, classification, wanted));
    const [row] = await session.query("SELECT state FROM message WHERE id = $1", [messageId]);
    const state = row === undefined ? undefined : String(row.state);
    if (saved?.saved !== true) {
      return { outcome: saved?.known === true ? "already-saved" : "unknown-message", state, noticeIds: [] };
    }
    if (state === "grouped") {
      await session.query("INSERT INTO incident_message (message_id, incident_id, role) VALUES ($1, $2, 'grouped')", [
        messageId,
        incidentId,
      ]);
    }
    return { outcome: "saved", state, noticeIds: [] };
  });
}

/** How many messages the notices of an incident stand for. */
export async function countGrouped(session: Session, incidentId: string): Promise<number> {
  const [row] = await session.query(
    "SELECT count(*) AS grouped FROM incident_message WHERE incident_id = $1 AND role = 'grouped'",
    [incidentId],
  );
  return Number(row?.grouped ?? 0);
}
