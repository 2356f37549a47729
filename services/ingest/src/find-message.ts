import type { Store, StoredMessage } from "@triage/store";
import { ProblemError } from "./problem.ts";

/** @throws {ProblemError} 404: there is no message with this id. */
export async function findMessage({ store }: { readonly store: Store }, id: string): Promise<StoredMessage> {
  const stored = await store.message(id);
  if (stored !== undefined) return stored;
  throw new ProblemError(404, { code: "unknown-message", detail: "There is no message with this id." });
}
