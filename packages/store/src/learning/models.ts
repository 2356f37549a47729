/**
 * Versions of the learned model: kept, activated, rolled back. Version 0 is what the service ships and has no row.
 *
 * `data` and `comparison` are JSON of @triage/scoring, which the store does not look into.
 */
import type { ModelVersionView, TrainingOutcome } from "@triage/contracts";
import { alone } from "../alone.ts";
import type { Database, Row, Session, Statement } from "../database.ts";
import { toJsonText, toStorableText } from "../json-text.ts";

export interface NewModelVersion {
  readonly data: unknown;
  readonly comparison: unknown;
  /** Corrections that it learned from. */
  readonly corrections: number;
  readonly madeAt: Date;
  /** False: it is kept for people to look at, and not activated. */
  readonly activate: boolean;
  readonly why: string;
}

export interface ModelVersion extends Omit<ModelVersionView, "madeAt"> {
  readonly madeAt: Date;
  readonly data: unknown;
}

export interface SavedModelVersion {
  readonly version: number;
  readonly outcome: ModelVersionView["outcome"];
}

export interface FinishedTraining {
  /** `LearningView.wanted` when it began: what came in since is still to be learned. */
  readonly wanted: bigint;
  readonly outcome: TrainingOutcome;
  readonly why: string;
  readonly at: Date;
}

export interface LearningView {
  readonly active: number;
  readonly held: boolean;
  /** Raised by everything that training should see. */
  readonly wanted: bigint;
  /** `wanted` as the last training saw it. */
  readonly trained: bigint;
  readonly trainedAt: Date | undefined;
  readonly outcome: TrainingOutcome | undefined;
  readonly why: string | undefined;
}

const ACTIVE: Statement = { name: "active-model-version", text: "SELECT active_version FROM learning_state" };

/** Asked by every worker every few seconds. */
export async function activeModelVersion(database: Database): Promise<number> {
  const [row] = await database.run(ACTIVE, []);
  return Number(row?.active_version ?? 0);
}

export async function learningView(database: Database): Promise<LearningView> {
  const [row] = await database.query("SELECT * FROM learning_state");
  return {
    active: Number(row?.active_version ?? 0),
    held: row?.held === true,
    wanted: BigInt(String(row?.wanted ?? 0)),
    trained: BigInt(String(row?.trained ?? 0)),
    trainedAt: (row?.trained_at ?? undefined) as Date | undefined,
    outcome: (row?.outcome ?? undefined) as TrainingOutcome | undefined,
    why: (row?.why ?? undefined) as string | undefined,
  };
}

/**
 * Keeps a version, activates it unless a rollback holds an older one, and forgets all but the newest `keep` versions; the
 * active one and the one before it always stay, so that there is something to roll back to.
 */
export function saveModelVersion(database: Database, made: NewModelVersion, keep: number): Promise<SavedModelVersion> {
  return database.transaction(async (session) => {
    const [state] = await session.query(
      "UPDATE learning_state SET last_version = last_version + 1 RETURNING last_version, held",
    );
    const version = Number(state?.last_version);
    const outcome = !made.activate ? "refused" : state?.held === true ? "held" : "activated";
    await session.query(
      `INSERT INTO model_version (version, made_at, outcome, why, corrections, comparison, data)
       VALUES ($1, $2, $3, $4, $5, $6::json, $7::json)`,
      [
        version,
        made.madeAt,
        outcome,
        toStorableText(made.why),
        made.corrections,
        toJsonText(made.comparison),
        toJsonText(made.data),
      ],
    );
    if (outcome === "activated") await session.query("UPDATE learning_state SET active_version = $1", [version]);
    await forgetVersions(session, keep);
    return { version, outcome };
  });
}

async function forgetVersions(session: Session, keep: number): Promise<void> {
  await session.query(
    `DELETE FROM model_version
      WHERE version NOT IN (SELECT version FROM model_version ORDER BY version DESC LIMIT $1)
        AND version <> (SELECT active_version FROM learning_state)
        AND version IS DISTINCT FROM (
          SELECT max(m.version) FROM model_version m, learning_state
           WHERE m.outcome = 'activated' AND m.version < active_version)`,
    [keep],
  );
}

/** Notes how a training ended, so that it is not done again before there is something new. */
export async function finishTraining(
  database: Database,
  { wanted, outcome, why, at }: FinishedTraining,
): Promise<void> {
  await database.query("UPDATE learning_state SET trained = $1, trained_at = $2, outcome = $3, why = $4", [
    wanted.toString(),
    at,
    outcome,
    toStorableText(why),
  ]);
}

/** Asks for a training, and lets it activate its version again after a rollback. */
export async function requestTraining(database: Database): Promise<void> {
  await database.query("UPDATE learning_state SET wanted = wanted + 1, held = false");
}

/**
 * Makes an older version the active one and holds it there.
 *
 * @param version  Undefined: the newest activated one before the active one, else 0.
 * @returns        The version that is active now; undefined: there is no such version, or it was refused.
 */
export function rollBackModel(database: Database, version: number | undefined): Promise<number | undefined> {
  return database.transaction(async (session) => {
    const [state] = await session.query("SELECT active_version FROM learning_state FOR UPDATE");
    const [former] = await session.query(
      "SELECT max(version) AS version FROM model_version WHERE outcome = 'activated' AND version < $1",
      [state?.active_version],
    );
    const target = version ?? Number(former?.version ?? 0);
    const known = await session.query("SELECT 1 FROM model_version WHERE version = $1 AND outcome <> 'refused'", [
      target,
    ]);
    if (target !== 0 && known.length === 0) return undefined;
    await session.query("UPDATE learning_state SET active_version = $1, held = true", [target]);
    return target;
  });
}

export async function modelVersion(database: Database, version: number): Promise<ModelVersion | undefined> {
  const [row] = await database.query("SELECT * FROM model_version WHERE version = $1", [version]);
  return row && { ...toVersion(row), data: row.data };
}

/** Newest first, without their data. */
export async function modelVersions(database: Database): Promise<readonly Omit<ModelVersion, "data">[]> {
  const rows = await database.query(
    "SELECT version, made_at, outcome, why, corrections, comparison FROM model_version ORDER BY version DESC",
  );
  return rows.map(toVersion);
}

function toVersion(row: Row): Omit<ModelVersion, "data"> {
  return {
    version: Number(row.version),
    madeAt: row.made_at as Date,
    outcome: row.outcome as ModelVersionView["outcome"],
    why: String(row.why),
    corrections: Number(row.corrections),
    comparison: row.comparison,
  };
}

/**
 * Does the work unless somebody else is at it, in this process or in another one.
 *
 * @returns What the work returns; `busy` when somebody else is at it.
 */
export async function trainAlone<T>(database: Database, work: () => Promise<T>): Promise<T | "busy"> {
  const outcome = await alone(database, "learning", work);
  return outcome.kind === "busy" ? "busy" : outcome.result;
}
