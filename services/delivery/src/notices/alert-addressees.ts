/**
 * Who hears of an alert: never whom the trouble is about, and another outlet before the one in trouble. Pure.
 *
 * An alert that nobody can be told is no reason to tell the wrong one: our mail to an address that bounces would
 * bounce, too, and raise the next alert. The log, the metrics and GET /v1/incidents still have it.
 */
import type { AlertFacts } from "@triage/contracts";
import type { Addressee } from "../humans/address-book.ts";

/**
 * @param everybody  All humans.
 * @param wanted     Ids of those that the configuration names; none: those without conditions, else the others.
 * @returns          At least one, or nobody: each with the addresses that are in no trouble.
 */
export function chooseAlertAddressees(
  { avoided }: AlertFacts,
  everybody: readonly Addressee[],
  wanted: readonly string[],
): readonly Addressee[] {
  const reachable = everybody.flatMap((addressee) => withoutTroubled({ avoided }, addressee) ?? []);
  const named = reachable.filter(({ human }) => wanted.includes(human.id));
  const general = reachable.filter(({ human }) => human.for === undefined);
  const works = ({ outlet }: Addressee) => !avoided.outlets.includes(outlet.id);
  // The first group in which there is somebody.
  const groups = [named.filter(works), named, general.filter(works), reachable.filter(works), general, reachable];
  return groups.find((group) => group.length > 0) ?? [];
}

/** @returns With the addresses that are in no trouble; undefined: none is left. */
export function withoutTroubled({ avoided }: Pick<AlertFacts, "avoided">, addressee: Addressee): Addressee | undefined {
  const troubled = new Set(avoided.addresses.map((address) => address.toLowerCase()));
  const to = addressee.to.filter((address) => !troubled.has(address.toLowerCase()));
  return to.length === 0 ? undefined : { ...addressee, to };
}
