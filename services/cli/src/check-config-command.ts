/**
 * `triage check-config`: reads the configuration as the service would, prints every problem with its line, or what the
 * service would run with. Secrets are never printed. Nothing is started and nothing is looked up.
 */
import {
  ConfigError,
  describeOutlet,
  type HumanConditions,
  loadConfig,
  type ResolvedConfig,
  redactUrl,
} from "@triage/runtime";
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
    ...config.policyAbove.map((row) => `policy:        ${describeRow(row)}, above the table`),
    ...(config.policy ?? []).map((row) => `policy:        ${describeRow(row)}, in place of the built-in table`),
    ...config.outlets.map((outlet) => `outlet:        ${outlet.id}: ${describeOutlet(outlet)}`),
    ...config.humans.flatMap(describeHuman),
    ...describeMail(config),
    `database:      ${config.database.url === undefined ? "embedded (standalone only)" : redactUrl(config.database.url)}`,
    `queues:        ${config.redis === undefined ? "in PostgreSQL" : redactUrl(config.redis.url)}`,
    `listens on:    ${config.http.host}:${config.http.port}`,
  ];
}

function describeRow({ id, route }: ResolvedConfig["policyAbove"][number]): string {
  return `${id}: ${route}${route === "human" ? "" : " (kept from the human)"}`;
}

/** Whom, by what, how much, and who comes after. */
function describeHuman(human: ResolvedConfig["humans"][number]): string[] {
  const { id, to, outlet, form, maxPerHour, escalation } = human;
  const limit = maxPerHour === undefined ? "no limit" : `at most ${maxPerHour} an hour`;
  const next =
    escalation === undefined
      ? ""
      : `; to ${escalation.to} unless ${escalation.unless} after ${escalation.afterMs / 3_600_000} h`;
  return [
    `human:         ${to.length > 0 ? `${id}: ${to.join(", ")}` : id} by ${outlet}, ${form}, ${limit}${next}`,
    ...(human.for === undefined ? [] : [`               ${describeConditions(human.for)}`]),
    ...describeDuty(human, new Date(), 1).map((line) => `               ${line}`),
  ];
}

/** "only verdict user-report; reason blocked or rejected" */
function describeConditions(conditions: HumanConditions): string {
  const fields = Object.entries(conditions).filter(([, values]) => values !== undefined);
  return `only ${fields.map(([field, values]) => `${field} ${values.join(" or ")}`).join("; ")}`;
}

/** What goes out beside the messages, and how long all of it is kept. */
function describeMail({ digest, alerts, http, retention, privacy }: ResolvedConfig): string[] {
  const { addresses, returnedBodies } = privacy;
  return [
    `digest:        ${digest === undefined ? "none" : `"${digest.schedule}" ${digest.timeZone}, to ${listOr(digest.to, "humans without conditions")}`}`,
    `alerts:        to ${listOr(alerts.to, "all humans whom they are not about")}`,
    `links:         ${http.links.publicUrl ?? "none in mails (http.publicUrl)"}`,
    `kept:          mail for ${retention.archive} days, for the digest ${retention.digest}, for a human ${retention.human}; what is known ${retention.facts}`,
    `addresses:     in the log ${addresses.log}, in the API ${addresses.api}, in the archive ${addresses.archive}` +
      (returnedBodies === "drop" ? "; bodies of returned messages are dropped" : ""),
  ];
}

function proofsOf({ site }: ResolvedConfig): string[] {
  const { batv, srs, verp, envelopeId, headerToken, dkim, ledger } = site;
  return [
    ...(batv === undefined ? [] : [`BATV (${countKeys(batv.keys.size)})`]),
    ...(srs === undefined ? [] : [`SRS (${srs.domain})`]),
    ...(verp ?? []).map(({ pattern }) => `VERP (${pattern.source})`),
    ...(envelopeId === undefined ? [] : [`ENVID (${envelopeId.pattern.source})`]),
    ...(headerToken === undefined ? [] : [`header token (${headerToken.field})`]),
    ...(dkim === undefined ? [] : [`DKIM (${countKeys(dkim.keys.size)}${dkim.dns ? " and DNS" : ""})`]),
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

const countKeys = (count: number): string => `${count} ${count === 1 ? "key" : "keys"}`;
const listOr = (items: readonly string[], none: string): string => (items.length > 0 ? items.join(", ") : none);
