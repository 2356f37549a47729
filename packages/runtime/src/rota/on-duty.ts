/**
 * Who of a rota is on duty at an instant: turns of equal length by the clock on the wall, so that a hand-over at nine is at
 * nine in summer and in winter, and a turn of a week may have an hour more or less.
 *
 * Overrides (holidays, swaps) stand above the turns, which go on below them. Pure: time comes in.
 */
import type { RotaConfig } from "../config/resolved-config.ts";
import { zoneClock } from "./zone-clock.ts";

export interface Duty {
  /** At least one address. */
  readonly to: readonly string[];
  readonly since: Date;
  /** When the next one takes over. */
  readonly until: Date;
}

/** Before the start of the rota, its first turn is on duty. */
export function onDuty(rota: RotaConfig, instant: Date): Duty {
  const clock = zoneClock(rota.timeZone);
  const wallMs = clock.shownBy(instant);
  const override = rota.overrides.find(({ fromMs, untilMs }) => fromMs <= wallMs && wallMs < untilMs);
  if (override !== undefined) {
    const { to, fromMs, untilMs } = override;
    return { to, since: clock.reaches(fromMs), until: clock.reaches(untilMs) };
  }
  const index = Math.max(0, Math.floor((wallMs - rota.startMs) / rota.everyMs));
  const from = rota.startMs + index * rota.everyMs;
  const next = rota.overrides.map(({ fromMs }) => fromMs).filter((fromMs) => fromMs > wallMs);
  const last = rota.overrides.map(({ untilMs }) => untilMs).filter((untilMs) => untilMs <= wallMs);
  return {
    to: rota.turns[index % rota.turns.length] ?? [],
    since: clock.reaches(Math.max(from, ...last)),
    until: clock.reaches(Math.min(from + rota.everyMs, ...next)),
  };
}
