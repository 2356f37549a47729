/** What the order of the messages allows, whatever the threshold: spam found against letters hidden. */
import type { Judged } from "./held-out-table.ts";
import { formatRows } from "./text-table.ts";

/** Shares of the letters that may be hidden. */
const HIDDEN = [0, 0.0005, 0.001, 0.005, 0.01];

function foundAt(letters: readonly Judged[], spams: readonly Judged[], share: number): string {
  const odds = letters.map(({ logOdds }) => logOdds).sort((left, right) => right - left);
  const limit = odds[Math.floor(share * odds.length)] ?? 0;
  return `${((100 * spams.filter(({ logOdds }) => logOdds > limit).length) / spams.length).toFixed(1)} %`;
}

export function formatRanking(judged: readonly Judged[]): string {
  const letters = judged.filter(({ label }) => label === "letter");
  const people = letters.filter(({ isNewsletter }) => !isNewsletter);
  const spams = judged.filter(({ label }) => label === "spam");
  const isLookAlike = ({ group }: Judged) => group.endsWith("look-alikes");
  const isFirstLot = ({ group }: Judged) => !/^(?:more|western|eastern)-/.test(group);
  const row = (name: string, hidden: readonly Judged[], found: readonly Judged[]) => [
    name,
    ...HIDDEN.map((share) => foundAt(hidden, found, share)),
  ];
  return formatRows([
    ["found when so many letters are hidden:", ...HIDDEN.map((share) => `${100 * share} %`)],
    row("spam, letters of people", people, spams),
    row("look-alikes, letters of people", people, spams.filter(isLookAlike)),
    row("spam, without the later lots", people.filter(isFirstLot), spams.filter(isFirstLot)),
    row("look-alikes, without the later lots", people.filter(isFirstLot), spams.filter(isFirstLot).filter(isLookAlike)),
    row("spam, newsletters counted as letters", letters, spams),
  ]);
}
