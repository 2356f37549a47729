/** The tokens of a site's own form in the `site` section: VERP and ENVID patterns compiled, their secrets read. */
import { hmacOf, type PatternedTokenProfile, parseTokenPattern, type SiteProfile } from "@triage/provenance";
import type { ConfigPath } from "../config-document.ts";
import type { Config } from "../config-file.ts";
import type { ReportProblem, SecretFiles } from "./secret-files.ts";

type Site = NonNullable<Config["site"]>;
type PatternSection = NonNullable<Site["envelopeId"]>;
type Tokens = Pick<SiteProfile, "verp" | "envelopeId" | "headerToken">;

/** LIMIT: characters of a secret: whoever holds one token can try short ones at home. */
const MIN_SECRET_CHARS = 16;
/** A date in a token is there to limit its life: longer than any queue keeps trying, with some days for a slow human. */
const DEFAULT_MAX_AGE_DAYS = 30;

export function resolveTokens(site: Site, secrets: SecretFiles, report: ReportProblem): Tokens {
  const verp = (site.verp ?? []).flatMap(
    (section, index) => readPattern(section, ["site", "verp", index], "address", secrets, report) ?? [],
  );
  const envelopeId =
    site.envelopeId && readPattern(site.envelopeId, ["site", "envelopeId"], "envelope-id", secrets, report);
  const headerToken = site.headerToken && {
    field: site.headerToken.field,
    secrets: readSecrets(site.headerToken, ["site", "headerToken"], true, secrets, report),
    maxAgeDays: site.headerToken.maxAgeDays ?? DEFAULT_MAX_AGE_DAYS,
  };
  return { ...(verp.length > 0 && { verp }), ...(envelopeId && { envelopeId }), ...(headerToken && { headerToken }) };
}

function readPattern(
  section: PatternSection,
  path: ConfigPath,
  form: "address" | "envelope-id",
  files: SecretFiles,
  report: ReportProblem,
): PatternedTokenProfile | undefined {
  const pattern = parseTokenPattern(section.pattern, form);
  if (pattern.kind === "bad-pattern") {
    report([...path, "pattern"], pattern.message);
    return undefined;
  }
  const secrets = readSecrets(section, path, hmacOf(pattern) !== undefined, files, report);
  return { pattern, secrets, maxAgeDays: section.maxAgeDays ?? DEFAULT_MAX_AGE_DAYS };
}

function readSecrets(
  section: { readonly secrets?: readonly string[]; readonly secretsFile?: string },
  path: ConfigPath,
  needed: boolean,
  files: SecretFiles,
  report: ReportProblem,
): readonly string[] {
  const fromFile = (files.read([...path, "secretsFile"], section.secretsFile) ?? "").split("\n");
  const all = [...(section.secrets ?? []), ...fromFile.map((line) => line.trim()).filter((line) => line !== "")];
  if (needed && all.length === 0) report(path, "needs at least one secret (secrets or secretsFile)");
  if (!needed && all.length > 0) report(path, "has secrets, but its pattern has no {hmac} that they could sign");
  if (all.some((secret) => secret.length < MIN_SECRET_CHARS)) {
    report(path, `has a secret of less than ${MIN_SECRET_CHARS} characters`);
  }
  return all;
}
