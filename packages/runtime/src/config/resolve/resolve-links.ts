/** The signed links in mails: where they lead, how long they live, what signs them. */
import type { Config } from "../config-file.ts";
import type { LinkConfig } from "../resolved-config.ts";
import type { ReportProblem, SecretFiles } from "./secret-files.ts";

/** LIMIT: characters of a secret: whoever holds one link can try short ones at home. */
const MIN_SECRET_CHARS = 16;

export function resolveLinks(http: NonNullable<Config["http"]>, files: SecretFiles, report: ReportProblem): LinkConfig {
  const fromFile = (files.read(["http", "linkSecretsFile"], http.linkSecretsFile) ?? "").split("\n");
  const secrets = [...(http.linkSecrets ?? []), ...fromFile.map((line) => line.trim()).filter((line) => line !== "")];
  if (secrets.some((secret) => secret.length < MIN_SECRET_CHARS)) {
    report(["http", "linkSecrets"], `has a secret of less than ${MIN_SECRET_CHARS} characters`);
  }
  return { publicUrl: resolvePublicUrl(http.publicUrl, report), days: http.linkDays ?? 14, secrets };
}

function resolvePublicUrl(text: string | undefined, report: ReportProblem): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url !== undefined && url.search === "" && url.hash === "" && url.username === "" && url.password === "";
  if (!plain || !["http:", "https:"].includes(url.protocol)) {
    report(["http", "publicUrl"], "must be a URL such as https://triage.example.com, without a query");
    return undefined;
  }
  return url.href.endsWith("/") ? url.href.slice(0, -1) : url.href;
}
