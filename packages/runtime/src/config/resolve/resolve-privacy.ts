import type { Config } from "../config-file.ts";
import type { PrivacyConfig } from "../resolved-config.ts";
import type { ReportProblem, SecretFiles } from "./secret-files.ts";

/** Shorter ones could be tried out: there are not that many addresses. */
const MIN_SECRET_CHARS = 16;

export function resolvePrivacy(
  privacy: NonNullable<Config["privacy"]>,
  secrets: SecretFiles,
  report: ReportProblem,
): PrivacyConfig {
  const { log = "domain", api = "full", archive = "full" } = privacy.addresses ?? {};
  const secret = secrets.choose(["privacy"], "secret", privacy.secret, privacy.secretFile);
  if (secret !== undefined && secret.length < MIN_SECRET_CHARS) {
    report(["privacy", "secret"], `must have ${MIN_SECRET_CHARS} characters or more`);
  }
  if (secret === undefined && privacy.secretFile === undefined && [log, api, archive].includes("hash")) {
    report(["privacy", "addresses"], "needs privacy.secret (or secretFile) for hash");
  }
  return { addresses: { log, api, archive }, secret, returnedBodies: privacy.returnedBodies ?? "keep" };
}
