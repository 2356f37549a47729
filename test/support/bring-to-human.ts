/** A message that a human has, as the delivery service records it: for tests of what comes after. */
import type { NewDelivery, Store } from "@triage/store";

const TAKEN: NewDelivery = {
  outlet: "smtp",
  recipient: "ann@example.com",
  outcome: "delivered",
  detail: "250 2.0.0 queued",
};

/** @param id  Of a message that is `classified`; it is `delivered` then. */
export async function bringToHuman(
  store: Pick<Store, "assign" | "recordAttempt" | "settle">,
  id: string,
  delivery: Partial<NewDelivery> = {},
  at = new Date(),
): Promise<void> {
  await store.assign(id, [{ human: "ann", escalateAt: undefined }], at);
  const deliveries = [{ ...TAKEN, ...delivery }];
  await store.recordAttempt(id, { human: "ann", deliveries, state: "delivered", error: undefined, at });
  await store.settle([id], at);
}
