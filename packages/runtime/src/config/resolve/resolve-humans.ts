/** The humans that a person wrote -> those that code uses. */
import { DSN_REASON_IDS } from "@triage/contracts";
import { parseAddress } from "@triage/message";
import type { Config } from "../config-file.ts";
import type { HumanConfig } from "../resolved-config.ts";
import type { OutletConfig } from "../resolved-outlets.ts";
import { checkNames } from "./check-names.ts";
import { checkEscalations, resolveEscalation, resolveRota } from "./resolve-rota.ts";
import type { ReportProblem } from "./secret-files.ts";

interface Parts {
  readonly domains: readonly string[];
  readonly outlets: readonly OutletConfig[];
  readonly report: ReportProblem;
}

export function resolveFrom(
  human: NonNullable<Config["human"]>,
  domains: readonly string[],
  report: ReportProblem,
): string {
  if (human.from !== undefined) checkAddress(human.from, ["human", "from"], report);
  return human.from ?? `postmaster-triage@${ownDomain(domains)}`;
}

/** @returns At least one, and at least one of them without conditions; the ids differ. */
export function resolveHumans(config: Config, parts: Parts): readonly HumanConfig[] {
  const { outlets, report } = parts;
  const short = config.human?.to ?? [];
  const humans = config.humans ?? [];
  const firstOutlet = outlets[0]?.id ?? "";
  checkAddresses(short, ["human", "to"], report);
  if (humans.length === 0) {
    const to = short.length > 0 ? short : [`postmaster@${ownDomain(parts.domains)}`];
    const alone = { rota: undefined, escalation: undefined, for: undefined };
    return [{ id: "human", to, outlet: firstOutlet, ...formOf(config.human ?? {}), ...alone }];
  }
  for (const key of ["form", "maxBytes", "maxPerHour"] as const) {
    if (config.human?.[key] !== undefined) report(["human", key], "is given, and humans as well: say it there");
  }
  if (short.length > 0) report(["human", "to"], "is given, and humans as well: keep one of them");
  if (humans.every((human) => human.for !== undefined)) {
    report(["humans"], "needs one without `for`: somebody has to get what fits nobody else");
  }
  checkEscalations(humans, report);
  return humans.map((human, index) => {
    const path = ["humans", index];
    if (humans.findIndex(({ id }) => id === human.id) < index) report([...path, "id"], `${human.id} is there twice`);
    return resolveHuman(human, path, parts);
  });
}

type Human = NonNullable<Config["humans"]>[number];
type Path = readonly (string | number)[];

function resolveHuman(human: Human, path: Path, { outlets, report }: Parts): HumanConfig {
  const { rota, to } = resolveAddresses(human, path, report);
  const outlet = human.outlet ?? outlets[0]?.id ?? "";
  if (to.length === 0 && needsAddress(outlets.find(({ id }) => id === outlet))) {
    report(path, "needs to, with at least one address");
  }
  checkNames(human.for?.reason, DSN_REASON_IDS, [...path, "for", "reason"], report);
  if (human.outlet !== undefined && !outlets.some(({ id }) => id === human.outlet)) {
    report([...path, "outlet"], `must be one of ${outlets.map(({ id }) => id).join(", ")}, not "${human.outlet}"`);
  }
  const escalation = resolveEscalation(human);
  return { id: human.id, to, outlet, ...formOf(human), rota, escalation, for: human.for };
}

/** `to` as written, or everybody whom the rota names. */
function resolveAddresses(human: Human, path: Path, report: ReportProblem): Pick<HumanConfig, "to" | "rota"> {
  const rota = human.rota && resolveRota(human.rota, [...path, "rota"], report);
  if (human.to !== undefined) {
    checkAddresses(human.to, [...path, "to"], report);
    if (rota !== undefined) report([...path, "to"], "is given, and rota as well: keep one of them");
    return { to: human.to, rota };
  }
  const to = [...new Set([...(rota?.turns ?? []), ...(rota?.overrides ?? []).map((one) => one.to)].flat())];
  for (const address of to) checkAddress(address, [...path, "rota"], report);
  return { to, rota };
}

const MAX_PER_HOUR = 60;

function formOf(
  written: Pick<NonNullable<Config["human"]>, "form" | "maxBytes" | "maxPerHour">,
): Pick<HumanConfig, "form" | "maxBytes" | "maxPerHour"> {
  const { form, maxBytes, maxPerHour = MAX_PER_HOUR } = written;
  return { form: form ?? "headers-only", maxBytes, maxPerHour: maxPerHour === 0 ? undefined : maxPerHour };
}

/** A mailbox, a program or a web page is told nothing of addresses. */
function needsAddress(outlet: OutletConfig | undefined): boolean {
  return outlet === undefined || outlet.kind === "smtp" || outlet.kind === "lmtp";
}

function ownDomain(domains: readonly string[]): string {
  return domains.find((domain) => !domain.startsWith("*.")) ?? "localhost";
}

function checkAddresses(addresses: readonly string[], path: Path, report: ReportProblem): void {
  addresses.forEach((address, index) => {
    checkAddress(address, [...path, index], report);
  });
}

function checkAddress(address: string, path: Path, report: ReportProblem): void {
  if (parseAddress(address) === undefined) report(path, `must be an address such as ann@example.com, not "${address}"`);
}
