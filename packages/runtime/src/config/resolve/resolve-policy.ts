/** The `policy` and `policyAbove` sections: ids and patterns checked against what exists, names lower-cased. */
import { DSN_ACTIONS, DSN_REASON_IDS, isReasonRuleId, REASON_RULE_IDS, REPORT_KINDS } from "@triage/contracts";
import { remoteOrganisation as organisationOf, type PolicyRow } from "@triage/routing";
import type { ConfigPath } from "../config-document.ts";
import type { Config } from "../config-file.ts";
import type { ResolvedConfig } from "../resolved-config.ts";
import { suggestName } from "../suggest-name.ts";
import { checkNames } from "./check-names.ts";
import { DOMAIN_PATTERN } from "./domain-pattern.ts";
import type { ReportProblem } from "./secret-files.ts";

type Section = NonNullable<Config["policy"]>[number];

/** Class, subject and detail (RFC 3463 section 2), as far as they are said; read by matchesStatusClass of @triage/routing. */
const STATUS_CLASS = /^[245x](\.(x|\d{1,3})){0,2}$/;

export function resolvePolicy(config: Config, report: ReportProblem): Pick<ResolvedConfig, "policy" | "policyAbove"> {
  const above = resolveRows(config.policyAbove ?? [], ["policyAbove"], report);
  const policy = config.policy && resolveRows(config.policy, ["policy"], report);
  reportTwice([...above, ...(policy ?? [])], above.length, report);
  reportUnreachable(above, ["policyAbove"], report);
  reportUnreachable(policy ?? [], ["policy"], report);
  return { policy, policyAbove: above };
}

function resolveRows(sections: readonly Section[], path: ConfigPath, report: ReportProblem): readonly PolicyRow[] {
  return sections.map((section, index) => resolveRow(section, [...path, index], report));
}

function resolveRow(section: Section, path: ConfigPath, report: ReportProblem): PolicyRow {
  const { kind, forwardPathDomain, remoteOrganisation, recipientDomain, ...row } = section;
  const at = (key: keyof Section): ConfigPath => [...path, key];
  checkNames(section.action, DSN_ACTIONS, at("action"), report);
  checkNames(section.reason, DSN_REASON_IDS, at("reason"), report);
  checkReasonRules(section.reasonRule, at("reasonRule"), report);
  checkStatusClasses(section.statusClass, at("statusClass"), report);
  const kinds = checkNames(kind, REPORT_KINDS, at("kind"), report);
  const forward = resolveDomains(forwardPathDomain, at("forwardPathDomain"), report);
  const organisations = resolveDomains(remoteOrganisation, at("remoteOrganisation"), report);
  reportHosts(organisations, at("remoteOrganisation"), report);
  const recipients = resolveDomains(recipientDomain, at("recipientDomain"), report);
  return {
    ...row,
    ...(kinds && { kind: kinds }),
    ...(forward && { forwardPathDomain: forward }),
    ...(organisations && { remoteOrganisation: organisations }),
    ...(recipients && { recipientDomain: recipients }),
  };
}

function checkReasonRules(ids: readonly string[] | undefined, path: ConfigPath, report: ReportProblem): void {
  ids?.forEach((id, index) => {
    if (isReasonRuleId(id)) return;
    const nearest = suggestName(id, REASON_RULE_IDS);
    const hint = nearest === undefined ? "" : `; did you mean ${nearest}?`;
    report([...path, index], `is no rule that chooses a reason: "${id}"${hint}`);
  });
}

function checkStatusClasses(texts: readonly string[] | undefined, path: ConfigPath, report: ReportProblem): void {
  texts?.forEach((text, index) => {
    if (STATUS_CLASS.test(text)) return;
    const mended = text.toLowerCase().replaceAll(/[,*-]/g, (sign) => (sign === "*" ? "x" : "."));
    const hint = STATUS_CLASS.test(mended) ? `; did you mean "${mended}"?` : "";
    report([...path, index], `must look like "5.7", "x.7" or "5.1.1", not "${text}"${hint}`);
  });
}

function resolveDomains(
  texts: readonly string[] | undefined,
  path: ConfigPath,
  report: ReportProblem,
): readonly string[] | undefined {
  return texts?.map((text, index) => {
    if (!DOMAIN_PATTERN.test(text)) {
      const domain = text.slice(text.lastIndexOf("@") + 1);
      const hint = domain !== text && DOMAIN_PATTERN.test(domain) ? `; did you mean ${domain}?` : "";
      report([...path, index], `must be a domain such as example.net or *.example.net, not "${text}"${hint}`);
    }
    return text.toLowerCase().replace(/\.$/, "");
  });
}

/** The remote's host names are cut down to the organisation before they are compared: a host would never fit. */
function reportHosts(names: readonly string[] | undefined, path: ConfigPath, report: ReportProblem): void {
  names?.forEach((name, index) => {
    const organisation = organisationOf(name);
    if (organisation === "" || organisation === name || name.startsWith("*.") || !DOMAIN_PATTERN.test(name)) return;
    report([...path, index], `is a host of ${organisation}: name the organisation, "${organisation}"`);
  });
}

function reportTwice(rows: readonly PolicyRow[], aboveCount: number, report: ReportProblem): void {
  rows.forEach(({ id }, index) => {
    if (rows.findIndex((row) => row.id === id) === index) return;
    const path = index < aboveCount ? ["policyAbove", index, "id"] : ["policy", index - aboveCount, "id"];
    report(path, `is given twice: "${id}"`);
  });
}

const NO_CONDITION: ReadonlySet<string> = new Set(["id", "route", "urgency", "because"]);

/** Whoever writes rows below one without conditions means something that does not happen. */
function reportUnreachable(rows: readonly PolicyRow[], path: ConfigPath, report: ReportProblem): void {
  const all = rows.findIndex((row) => Object.keys(row).every((key) => NO_CONDITION.has(key)));
  if (all < 0 || all === rows.length - 1) return;
  report(
    [...path, all + 1],
    `is never asked: the row ${rows[all]?.id} above has no condition and matches every message`,
  );
}
