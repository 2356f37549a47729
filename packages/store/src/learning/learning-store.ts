/** What the store knows of corrections and of what was learned from them, as its users see it. */

import type { Database } from "../database.ts";
import { type Correct, type CorrectionOutcome, type NewCorrection, saveCorrection } from "./corrections.ts";
import {
  forgetFeatures,
  type KeptCorrection,
  type KeptPage,
  keepFeatures,
  keptCorrections,
  type PendingCorrection,
  pendingCorrections,
} from "./kept-corrections.ts";
import {
  activeModelVersion,
  type FinishedTraining,
  finishTraining,
  type LearningView,
  learningView,
  type ModelVersion,
  modelVersion,
  modelVersions,
  type NewModelVersion,
  requestTraining,
  rollBackModel,
  type SavedModelVersion,
  saveModelVersion,
  trainAlone,
} from "./models.ts";

export interface LearningStore {
  saveCorrection(id: string, correction: Omit<NewCorrection, "at">, correct: Correct): Promise<CorrectionOutcome>;
  pendingCorrections(limit: number): Promise<readonly PendingCorrection[]>;
  /** Undefined: nothing can be learned from it. */
  keepFeatures(correctionId: string, features: unknown): Promise<void>;
  forgetFeatures(before: Date): Promise<void>;
  keptCorrections(page: KeptPage): Promise<readonly KeptCorrection[]>;
  learningView(): Promise<LearningView>;
  /** One training at a time, whoever does it. */
  trainAlone<T>(work: () => Promise<T>): Promise<T | "busy">;
  requestTraining(): Promise<void>;
  finishTraining(training: FinishedTraining): Promise<void>;
  /** @param keep  Versions that stay, this one included. */
  saveModelVersion(made: NewModelVersion, keep: number): Promise<SavedModelVersion>;
  activeModelVersion(): Promise<number>;
  rollBackModel(version: number | undefined): Promise<number | undefined>;
  modelVersion(version: number): Promise<ModelVersion | undefined>;
  modelVersions(): Promise<readonly Omit<ModelVersion, "data">[]>;
}

export function bindLearning(database: Database, now: () => number): LearningStore {
  return {
    saveCorrection: (id, correction, correct) =>
      saveCorrection(database, id, { ...correction, at: new Date(now()) }, correct),
    pendingCorrections: (limit) => pendingCorrections(database, limit),
    keepFeatures: (correctionId, features) => keepFeatures(database, correctionId, features),
    forgetFeatures: (before) => forgetFeatures(database, before),
    keptCorrections: (page) => keptCorrections(database, page),
    learningView: () => learningView(database),
    trainAlone: (work) => trainAlone(database, work),
    requestTraining: () => requestTraining(database),
    finishTraining: (training) => finishTraining(database, training),
    saveModelVersion: (made, keep) => saveModelVersion(database, made, keep),
    activeModelVersion: () => activeModelVersion(database),
    rollBackModel: (version) => rollBackModel(database, version),
    modelVersion: (version) => modelVersion(database, version),
    modelVersions: () => modelVersions(database),
  };
}
