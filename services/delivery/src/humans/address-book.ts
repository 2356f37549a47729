/** Which humans get something, at which addresses, by which outlet. */
import { type HumanConfig, onDuty } from "@triage/runtime";
import type { Notice } from "@triage/store";
import { chooseAlertAddressees, withoutTroubled } from "../notices/alert-addressees.ts";
import type { Outlet } from "../outlets/outlet.ts";
import { type AddressedFacts, chooseHumans, factsOfFailure } from "./choose-humans.ts";
import { OutletLine } from "./outlet-line.ts";
import { recipientWithoutAddress } from "./without-address.ts";

/** One human, ready to be delivered to. */
export interface Addressee {
  readonly human: HumanConfig;
  readonly outlet: Outlet;
  /** Shared by all who are delivered to by this outlet. */
  readonly line: OutletLine;
  /** Who is on duty; at least one address, or what stands for a human who has none. */
  readonly to: readonly string[];
}

export interface AddressBook {
  /** Who gets a message of which this is known; at least one. */
  humansFor(facts: AddressedFacts): readonly HumanConfig[];
  /** undefined: the configuration has no such human any more. */
  find(human: string, at: Date): Addressee | undefined;
  /**
   * Who gets a notice; at least one, but of an alert, of which there may be nobody to tell.
   *
   * @param began  Ids of the humans who were given the message that a notice of failures follows: it stands in their thread.
   */
  addresseesForNotice(notice: Notice, at: Date, began?: readonly string[]): readonly Addressee[];
  /** One of them, or who comes after them; undefined: no such human, or an alert is about all addresses of theirs. */
  findForNotice(human: string, notice: Notice, at: Date): Addressee | undefined;
  /** Ids of the humans who are delivered to by the same outlet. */
  sharing(outlet: Outlet): readonly string[];
}

export interface AddressBookOptions {
  /** Deliveries at the same time, by each outlet. Default 4. */
  readonly atOnce?: number;
  /** Deliveries that wait for their turn, at each outlet. Default 16. */
  readonly maxWaiting?: number;
  /** Ids of those who hear of alerts; none: all whom the trouble is not about. */
  readonly alertsTo?: readonly string[];
}

/** @param outlets  All that the humans name. */
export function openAddressBook(
  humans: readonly HumanConfig[],
  outlets: readonly Outlet[],
  { atOnce = 4, maxWaiting = 16, alertsTo = [] }: AddressBookOptions = {},
): AddressBook {
  const lines = new Map(outlets.map(({ id }) => [id, new OutletLine({ atOnce, maxWaiting })]));
  const entries = humans.map((human) => {
    const outlet = outlets.find(({ id }) => id === human.outlet);
    const line = lines.get(human.outlet);
    if (outlet === undefined || line === undefined) {
      throw new Error(`No outlet ${human.outlet}: the configuration was not checked`);
    }
    return { human, outlet, line };
  });
  const addressees = (chosen: readonly HumanConfig[], at: Date) =>
    entries
      .filter(({ human }) => chosen.includes(human))
      .map((entry) => ({ ...entry, to: addressesOf(entry.human, at) }));
  const find = (id: string, at: Date): Addressee | undefined =>
    addressees(
      humans.filter((human) => human.id === id),
      at,
    )[0];
  return {
    humansFor: (facts) => chooseHumans(facts, humans),
    find,
    findForNotice(id, notice, at) {
      const addressee = find(id, at);
      return addressee === undefined || notice.kind !== "alert" ? addressee : withoutTroubled(notice.facts, addressee);
    },
    addresseesForNotice: (notice, at, began = []) =>
      notice.kind === "alert"
        ? chooseAlertAddressees(notice.facts, addressees(humans, at), alertsTo)
        : addressees(humansForNotice(notice, humans, began), at),
    sharing: (outlet) => entries.filter((entry) => entry.outlet === outlet).map(({ human }) => human.id),
  };
}

function addressesOf({ id, rota, to }: HumanConfig, at: Date): readonly string[] {
  const addresses = rota === undefined ? to : onDuty(rota, at).to;
  return addresses.length > 0 ? addresses : [recipientWithoutAddress(id)];
}

/** By what is known of the incident; what is about the service goes to those without conditions. */
function humansForNotice(
  notice: Exclude<Notice, { kind: "alert" }>,
  humans: readonly HumanConfig[],
  began: readonly string[],
): readonly HumanConfig[] {
  const general = humans.filter((human) => human.for === undefined);
  switch (notice.kind) {
    case "flood": {
      const told = humans.filter(({ id }) => id === notice.facts.human);
      return told.length > 0 ? told : general;
    }
    case "failure": {
      const told = humans.filter(({ id }) => began.includes(id));
      return told.length > 0 ? told : chooseHumans(factsOfFailure(notice.facts), humans);
    }
    case "storm":
      return general;
    default:
      return notice satisfies never;
  }
}
