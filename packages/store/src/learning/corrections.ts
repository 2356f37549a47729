/** What a person says that a message is: kept, believed at once, and handed to training. */
import type { Classification, CorrectedVerdict, LearningState, MessageState } from "@triage/contracts";
import type { Database, Row, Session } from "../database.ts";
import { toJsonText, toStorableText } from "../json-text.ts";
import type { MessageCorrection } from "../messages/stored-message.ts";
import { isUuid } from "../uuid-v7.ts";

export interface NewCorrection {
  readonly verdict: CorrectedVerdict;
  /** Who says so, for people and for the limits of learning. */
  readonly by: string;
  /** Name of the API key that brought it. */
  readonly apiKey: string;
  readonly note?: string;
  readonly at: Date;
}

/** The classification that takes the place of the machine's own. */
export type Correct = (uncorrected: Classification, at: Date) => Classification;

export type CorrectionOutcome =
  | {
      readonly kind: "corrected";
      readonly correction: MessageCorrection;
      /** The human does not have it yet and should: add a deliver job. */
      readonly deliver: boolean;
    }
  /** The same person said the same before, and nobody said anything else since. */
  | { readonly kind: "repeated"; readonly deliver: boolean }
  | { readonly kind: "not-classified" | "unknown-message" };

interface Subject {
  readonly state: MessageState;
  readonly current: Classification;
  readonly uncorrected: Classification;
  readonly hasRaw: boolean;
}

/**
 * Keeps the correction, puts the corrected classification in the place of the present one and moves the message on, in
 * one transaction: what the human should see and has not seen becomes `classified`, what they need not see becomes
 * `archived`, what is delivered stays so. A dead letter of the message is settled with it.
 */
export async function saveCorrection(
  database: Database,
  id: string,
  correction: NewCorrection,
  correct: Correct,
): Promise<CorrectionOutcome> {
  if (!isUuid(id)) return { kind: "unknown-message" };
  return database.transaction(async (session) => {
    const subject = await lockSubject(session, id);
    if (typeof subject === "string") return { kind: subject };
    const [last] = await session.query(
      "SELECT verdict, corrector FROM correction WHERE message_id = $1 ORDER BY id DESC LIMIT 1",
      [id],
    );
    if (last?.verdict === correction.verdict && last.corrector === toStorableText(correction.by)) {
      return { kind: "repeated", deliver: subject.state === "classified" };
    }
    const kept = await insertCorrection(session, id, correction, subject);
    const state = await replaceClassification(session, id, correct(subject.uncorrected, correction.at), subject);
    return { kind: "corrected", correction: kept, deliver: state === "classified" };
  });
}

async function lockSubject(session: Session, id: string): Promise<Subject | "unknown-message" | "not-classified"> {
  const [row] = await session.query(
    `SELECT m.state, v.classification, v.uncorrected, EXISTS (SELECT FROM message_raw WHERE id = $1) AS has_raw
       FROM message m LEFT JOIN verdict v ON v.message_id = m.id WHERE m.id = $1 FOR UPDATE OF m`,
    [id],
  );
  if (row === undefined) return "unknown-message";
  if (row.classification === null) return "not-classified";
  const current = row.classification as Classification;
  const uncorrected = (row.uncorrected ?? current) as Classification;
  return { state: row.state as MessageState, current, uncorrected, hasRaw: row.has_raw === true };
}

async function insertCorrection(
  session: Session,
  id: string,
  { verdict, by, apiKey, note, at }: NewCorrection,
  { current, hasRaw }: Subject,
): Promise<MessageCorrection> {
  const learning: LearningState = hasRaw ? "pending" : "impossible";
  const [row] = await session.query(
    `INSERT INTO correction (message_id, verdict, former_verdict, corrector, api_key, note, at, learning)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id, corrector, note`,
    [
      id,
      verdict,
      current.verdict,
      toStorableText(by),
      toStorableText(apiKey),
      note === undefined ? null : toStorableText(note),
      at,
      learning,
    ],
  );
  return toMessageCorrection({ ...row, verdict, former_verdict: current.verdict, at, learning });
}

/** @returns The new state of the message. */
async function replaceClassification(
  session: Session,
  id: string,
  corrected: Classification,
  { state, uncorrected, hasRaw }: Subject,
): Promise<MessageState> {
  const { verdict, route, score } = corrected;
  await session.query(
    `UPDATE verdict SET verdict = $2, route = $3, score = $4, classification = $5::json, uncorrected = $6::json,
                        corrected_at = clock_timestamp()
      WHERE message_id = $1`,
    [id, verdict, route, score, toJsonText(corrected), toJsonText(uncorrected)],
  );
  // Without its bytes it cannot be delivered: it would be a dead letter that nobody can help.
  if (route === "human" && !hasRaw) return state;
  await session.query("DELETE FROM dead_letter WHERE message_id = $1", [id]);
  if (state === "delivered") return state;
  const next: MessageState = route === "human" ? "classified" : "archived";
  if (next !== state) {
    await session.query("UPDATE message SET state = $2, state_at = now() WHERE id = $1", [id, next]);
  }
  return next;
}

/** From a row of the table, or from the same as JSON. */
export function toMessageCorrection(row: Row): MessageCorrection {
  return {
    id: String(row.id),
    verdict: row.verdict as MessageCorrection["verdict"],
    formerVerdict: row.former_verdict as MessageCorrection["formerVerdict"],
    by: String(row.corrector),
    at: new Date(row.at as Date | string),
    ...(typeof row.note === "string" && { note: row.note }),
    learning: row.learning as LearningState,
  };
}
