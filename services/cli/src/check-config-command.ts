/**
 * `triage check-config`: reads the configuration as the service would, prints every problem with its line, or what the
 * service would run with. Secrets are never printed. Nothing is started and nothing is looked up.
 */
import { ConfigError, describeOutlet, loadConfig, type ResolvedConfig, redactUrl } from "@triage/runtime";
import { describeDuty } from "./humans/describe-duty.ts";

export async function checkConfigCommand(file: string | undefined): Promise<number> {
  try {
    const config = loadConfig({ path: file, env: process.env });
    process.stdout.write(`${describeConfig(config).join("\n")}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

function describeConfig(config: ResolvedConfig): string[] {
  const { site } = config;
  return [
    `configuration: ${config.path ?? "none; everything is default"}: no mistakes found`,
    `domains:       ${listOr(site.domains, "none: no bounce can be proven ours, all go to the human")}`,
    `relays:        ${listOr(site.relays, "none")}`,
    `proofs:        ${listOr(proofsOf(config), "none but Message-ID domains and header From")}`,
    ...config.overrides.map((override) => `override:      ${describeOverride(override)}`),
    ...config.outlets.map((outlet) => `outlet:        ${outlet.id}: ${describeOutlet(outlet)}`),
    ...config.humans.flatMap(describeHuman),
    `database:      ${config.database.url === undefined ? "embedded (standalone only)" : redactUrl(config.database.url)}`,
    `queues:        ${config.redis === undefined ? "in PostgreSQL" : redactUrl(config.redis.url)}`,
    `listens on:    ${config.http.host}:${config.http.port}`,
  ];
}

/** Whom, by what, how much, and who comes after. */
function describeHuman(human: ResolvedConfig["humans"][number]): string[] {
  const { id, to, outlet, maxPerHour, escalation } = human;
  const limit = maxPerHour === undefined ? "no limit" : `at most ${maxPerHour} an hour`;
  const next =
    escalation === undefined
      ? ""
      : `; to ${escalation.to} unless ${escalation.unless} after ${escalation.afterMs / 3_600_000} h`;
  return [
    `human:         ${listOr(to, id)} by ${outlet}, ${limit}${next}`,
    ...describeDuty(human, new Date(), 1).map((line) => `               ${line}`),
  ];
}

function proofsOf({ site }: ResolvedConfig): string[] {
  const { batv, srs, verp, envelopeId, headerToken, dkim, ledger } = site;
  return [
    ...(batv === undefined ? [] : [`BATV (${batv.keys.size} keys)`]),
    ...(srs === undefined ? [] : [`SRS (${srs.domain})`]),
    ...(verp ?? []).map(({ pattern }) => `VERP (${pattern.source})`),
    ...(envelopeId === undefined ? [] : [`ENVID (${envelopeId.pattern.source})`]),
    ...(headerToken === undefined ? [] : [`header token (${headerToken.field})`]),
    ...(dkim === undefined ? [] : [`DKIM (${dkim.keys.size} keys${dkim.dns ? " and DNS" : ""})`]),
    ledger.complete ? "sent ledger (complete)" : "sent ledger",
  ];
}

/** Verdicts that the built-in policy does not show. */
const HIDING: ReadonlySet<string> = new Set(["backscatter", "automated", "spam"]);

/** "sellers: spam, to the archive, if fromDomain, subject" */
function describeOverride({ id, match, verdict, route }: ResolvedConfig["overrides"][number]): string {
  const effect = [...(verdict === undefined ? [] : [verdict]), ...(route === undefined ? [] : [`route ${route}`])];
  const hides = route === undefined ? HIDING.has(verdict ?? "") : route !== "human";
  return `${id}: ${effect.join(", ")}${hides ? " (kept from the human)" : ""}, if ${Object.keys(match).join(" and ")}`;
}

const listOr = (items: readonly string[], none: string): string => (items.length > 0 ? items.join(", ") : none);
