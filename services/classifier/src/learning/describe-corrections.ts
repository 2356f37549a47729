/** Reads what there is to learn of corrected messages, while their bytes are there. */
import { readMessage } from "@triage/message";
import { readReport } from "@triage/reports";
import type { Log } from "@triage/runtime";
import { describeForLearning, type LearningFeatures } from "@triage/scoring";
import { type Store, StoreUnavailableError } from "@triage/store";
import { completeEnvelope } from "../complete-envelope.ts";

/** LIMIT: corrections described in one go; the others follow. */
const MAX_DESCRIBED = 200;

export interface DescribeParts {
  readonly store: Pick<Store, "pendingCorrections" | "messageSource" | "keepFeatures">;
  readonly log: Log;
}

/** @throws {StoreUnavailableError} Those that are left are described next time. */
export async function describeCorrections({ store, log }: DescribeParts): Promise<void> {
  for (const { id, messageId } of await store.pendingCorrections(MAX_DESCRIBED)) {
    const features = await describe(messageId, store).catch((error: unknown) => {
      if (error instanceof StoreUnavailableError) throw error;
      log.error({ messageId, err: error }, "cannot learn from this correction");
      return undefined;
    });
    await store.keepFeatures(id, features);
  }
}

/** Undefined: retention has dropped the bytes meanwhile. */
async function describe(messageId: string, store: Pick<Store, "messageSource">): Promise<LearningFeatures | undefined> {
  const source = await store.messageSource(messageId);
  if (source === undefined) return undefined;
  const message = readMessage(source.raw);
  return describeForLearning(message, readReport(message, completeEnvelope(source.envelope, message.root.headers)));
}
