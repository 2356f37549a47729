/** Alerts and the secrets of our own mail: what a person wrote -> what code uses. */
import type { Config } from "../config-file.ts";
import type { AlertConfig, HumanConfig, OwnMailConfig } from "../resolved-config.ts";
import type { ReportProblem, SecretFiles } from "./secret-files.ts";

/** LIMIT: characters of a secret: whoever has a mail of ours can try short ones at home. */
const MIN_SECRET_CHARS = 16;

export function resolveOwnMail(
  ownMail: NonNullable<Config["ownMail"]>,
  files: SecretFiles,
  report: ReportProblem,
): OwnMailConfig {
  const fromFile = (files.read(["ownMail", "secretsFile"], ownMail.secretsFile) ?? "").split("\n");
  const secrets = [...(ownMail.secrets ?? []), ...fromFile.map((line) => line.trim()).filter((line) => line !== "")];
  if (secrets.some((secret) => secret.length < MIN_SECRET_CHARS)) {
    report(["ownMail"], `has a secret of less than ${MIN_SECRET_CHARS} characters`);
  }
  return { secrets };
}

export function resolveAlerts(
  { to = [] }: NonNullable<Config["alerts"]>,
  humans: readonly HumanConfig[],
  report: ReportProblem,
): AlertConfig {
  to.forEach((id, index) => {
    if (humans.some((human) => human.id === id)) return;
    report(["alerts", "to", index], `must be one of ${humans.map((human) => human.id).join(", ")}, not "${id}"`);
  });
  return { to };
}
