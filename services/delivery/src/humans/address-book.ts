/** Which humans get something, at which addresses, by which outlet. */
import type { HumanConfig } from "@triage/runtime";
import type { Outlet } from "../outlets/outlet.ts";
import { type AddressedFacts, chooseHumans } from "./choose-humans.ts";

/** One human, ready to be delivered to. */
export interface Addressee {
  readonly human: HumanConfig;
  readonly outlet: Outlet;
  /** Addresses; at least one. */
  readonly to: readonly string[];
}

export interface AddressBook {
  /** Who gets a message of which this is known; at least one. */
  addresseesFor(facts: AddressedFacts): readonly Addressee[];
  /** Who gets what is about the service and not about one message; at least one. */
  addresseesForNotices(): readonly Addressee[];
}

/** @param outlets  All that the humans name. */
export function openAddressBook(humans: readonly HumanConfig[], outlets: readonly Outlet[]): AddressBook {
  const addressees = humans.map((human) => {
    const outlet = outlets.find(({ id }) => id === human.outlet);
    if (outlet === undefined) throw new Error(`No outlet ${human.outlet}: the configuration was not checked`);
    return { human, outlet, to: human.to, for: human.for };
  });
  return {
    addresseesFor: (facts) => chooseHumans(facts, addressees),
    addresseesForNotices: () => addressees.filter(({ human }) => human.for === undefined),
  };
}
