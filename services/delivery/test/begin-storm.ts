/** A storm that has just begun, for tests about who is told of it. */
import type { Store } from "@triage/store";

const REPORTS = 25;
const SETTINGS = { hours: 6, minMessages: 20, minReportingMtas: 5, unprovenShare: 0.9 };

/**
 * @param sender  The forged address, by which this storm is known.
 * @param serial  Another one for each storm of a database.
 * @returns       Id of the notice that tells of its beginning; it has no job yet.
 */
export async function beginStorm(store: Store, sender: string, serial: number): Promise<string> {
  const reports = Array.from({ length: REPORTS }, (_, index) => ({
    messageId: `019aaa65-1e80-7e4f-8a9b-${String(serial * 1_000 + index).padStart(12, "0")}`,
    observation: {
      keys: [{ kind: "address", value: sender } as const],
      sender,
      reporter: `victim${index}.example`,
      recipients: [],
      proof: "contradicted" as const,
      counts: true,
      canProve: true,
      subject: undefined,
    },
  }));
  return (await store.noteStorms(reports, SETTINGS)).noticeIds[0] ?? "";
}
