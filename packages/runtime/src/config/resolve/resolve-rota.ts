/** Rotas and escalations: what a person wrote -> what code uses. */
import { isTimeZone } from "../../rota/zone-clock.ts";
import type { Config } from "../config-file.ts";
import type { EscalationConfig, RotaConfig } from "../resolved-config.ts";
import type { ReportProblem } from "./secret-files.ts";

type WrittenHuman = NonNullable<Config["humans"]>[number];
type WrittenRota = NonNullable<WrittenHuman["rota"]>;
type Path = readonly (string | number)[];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export function resolveRota(rota: WrittenRota, path: Path, report: ReportProblem): RotaConfig {
  const { timeZone, every, turns } = rota;
  if (!isTimeZone(timeZone)) {
    report([...path, "timeZone"], `must be a time zone such as Europe/Vienna, not "${timeZone}"`);
  }
  const overrides = (rota.overrides ?? []).map((override, index) => {
    const at = [...path, "overrides", index];
    const fromMs = resolveWallTime(override.from, [...at, "from"], report);
    const untilMs = resolveWallTime(override.until, [...at, "until"], report);
    if (untilMs <= fromMs) report([...at, "until"], "must be later than from");
    if ((override.to ?? []).length === 0) report(at, "needs to, with at least one address");
    return { fromMs, untilMs, to: override.to ?? [] };
  });
  overrides.forEach(({ fromMs, untilMs }, index) => {
    const other = overrides.findIndex((earlier) => earlier.fromMs < untilMs && fromMs < earlier.untilMs);
    if (other < index) report([...path, "overrides", index], `overlaps with overrides.${other}`);
  });
  return {
    timeZone: isTimeZone(timeZone) ? timeZone : "UTC",
    startMs: resolveWallTime(rota.start, [...path, "start"], report),
    everyMs: (every.days ?? 0) * DAY_MS + (every.hours ?? 0) * HOUR_MS,
    turns,
    overrides,
  };
}

/** `2026-11-23T09:00`, or a day, which begins at midnight: milliseconds as if that wall were in UTC. */
function resolveWallTime(text: string, path: Path, report: ReportProblem): number {
  const written = text.length === 10 ? `${text}T00:00` : text;
  const ms = Date.parse(`${written}:00Z`);
  // Date.parse takes 31 November for 1 December in some engines
  if (!Number.isNaN(ms) && new Date(ms).toISOString().startsWith(written)) return ms;
  report(path, `must be a day and a time that exist, not "${text}"`);
  return 0;
}

/** Each must name another human, and following them must come to an end. */
export function checkEscalations(humans: readonly WrittenHuman[], report: ReportProblem): void {
  const ids = humans.map(({ id }) => id);
  humans.forEach(({ escalation }, index) => {
    if (escalation === undefined) return;
    const path = ["humans", index, "escalation", "to"];
    if (!ids.includes(escalation.to)) {
      report(path, `must be one of ${ids.join(", ")}, not "${escalation.to}"`);
    } else if (comesBack(humans, index)) {
      report(path, `comes back to ${ids[index]}: an escalation must end with somebody`);
    }
  });
}

function comesBack(humans: readonly WrittenHuman[], index: number): boolean {
  const start = humans[index];
  let next = start?.escalation?.to;
  for (let steps = 0; next !== undefined && steps < humans.length; steps += 1) {
    if (next === start?.id) return true;
    const id: string = next;
    next = humans.find((human) => human.id === id)?.escalation?.to;
  }
  return false;
}

export function resolveEscalation({ escalation }: WrittenHuman): EscalationConfig | undefined {
  if (escalation === undefined) return undefined;
  const { afterHours, unless = "delivered", to } = escalation;
  return { afterMs: afterHours * HOUR_MS, unless, to };
}
