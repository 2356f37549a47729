/** Who of a human is on duty, in lines for a person. */
import { type HumanConfig, onDuty } from "@triage/runtime";

/**
 * @param turns  How many hand-overs to show after the present one.
 * @returns      One line a turn; none for a human without a rota.
 */
export function describeDuty({ rota }: HumanConfig, at: Date, turns: number): readonly string[] {
  if (rota === undefined) return [];
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone: rota.timeZone,
    dateStyle: "short",
    timeStyle: "short",
  });
  let duty = onDuty(rota, at);
  const lines = [`on duty: ${duty.to.join(", ")} until ${format.format(duty.until)} ${rota.timeZone}`];
  for (let turn = 0; turn < turns; turn += 1) {
    duty = onDuty(rota, duty.until);
    lines.push(`then:    ${duty.to.join(", ")} until ${format.format(duty.until)}`);
  }
  return lines;
}
