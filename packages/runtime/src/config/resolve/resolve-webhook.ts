/** The webhook outlet that a person wrote -> the one that code uses. */
import type { ConfigPath } from "../config-document.ts";
import type { Config } from "../config-file.ts";
import type { WebhookConfig, WebhookTemplate } from "../resolved-outlets.ts";
import { resolveCertificate } from "./resolve-mail-server.ts";
import type { ReportProblem, SecretFiles } from "./secret-files.ts";

type Webhook = NonNullable<NonNullable<NonNullable<Config["delivery"]>["outlet"]>["webhook"]>;

interface Parts {
  /** Header From of what we deliver. */
  readonly from: string;
  readonly secrets: SecretFiles;
  readonly report: ReportProblem;
}

/** Standard Webhooks, "Signing secret serialization". */
const SECRET_PREFIX = "whsec_";
const SECRET_BASE64 = /^[A-Za-z0-9+/]{20,100}={0,2}$/;
const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;

export function resolveWebhook(webhook: Webhook, path: ConfigPath, parts: Parts): WebhookConfig {
  const { secrets, report } = parts;
  const template = resolveTemplate(webhook, path, parts);
  if (webhook.attachMail && (template.kind === "slack" || template.kind === "teams")) {
    report([...path, "attachMail"], `is for generic and zammad: ${template.kind} takes no files this way`);
  }
  return {
    id: "webhook",
    kind: "webhook",
    url: resolveUrl(webhook, path, parts),
    template,
    secrets: resolveSecrets(webhook, path, parts),
    authorization: secrets.choose(path, "authorization", webhook.authorization, webhook.authorizationFile),
    attachMail: webhook.attachMail ?? false,
    maxBodyBytes: webhook.maxBodyBytes ?? 1_000_000,
    timeoutMs: (webhook.timeoutSeconds ?? 15) * 1_000,
    concurrency: webhook.concurrency ?? 4,
    certificate: resolveCertificate(webhook.certificate, [...path, "certificate"], parts),
  };
}

function resolveTemplate({ template, zammad }: Webhook, path: ConfigPath, { from, report }: Parts): WebhookTemplate {
  if (template === "zammad") {
    return { kind: "zammad", group: zammad?.group ?? "Users", customer: zammad?.customer ?? from };
  }
  if (zammad !== undefined) report([...path, "zammad"], "has a meaning only with template: zammad");
  return { kind: template ?? "generic" };
}

function resolveUrl({ url, urlFile }: Webhook, path: ConfigPath, { secrets, report }: Parts): string {
  const text = secrets.choose(path, "url", url, urlFile);
  if (text === undefined) {
    if (urlFile === undefined) report(path, "needs url or urlFile");
    return "";
  }
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  // The value is not quoted: those of Slack and Teams are secrets.
  if (parsed === undefined || (parsed.protocol !== "https:" && parsed.protocol !== "http:")) {
    report([...path, url === undefined ? "urlFile" : "url"], "must be a URL such as https://hooks.example.com/triage");
  } else if (parsed.username !== "" || parsed.password !== "") {
    report([...path, url === undefined ? "urlFile" : "url"], "must not hold a password: use authorization");
  }
  return text;
}

function resolveSecrets(webhook: Webhook, path: ConfigPath, { secrets, report }: Parts): readonly Buffer[] {
  const { secrets: written, secretsFile } = webhook;
  if (written !== undefined && secretsFile !== undefined) {
    report([...path, "secretsFile"], "is given, and secrets as well: keep one of them");
  }
  const lines = secrets.read([...path, "secretsFile"], secretsFile)?.split("\n") ?? [];
  const texts = written ?? lines.map((line) => line.trim()).filter((line) => line !== "");
  return texts.flatMap((text, index) => {
    const key = parseSecret(text);
    if (key !== undefined) return [key];
    const at = written === undefined ? [...path, "secretsFile"] : [...path, "secrets", index];
    report(at, `must be ${SECRET_PREFIX} and Base64 of ${MIN_SECRET_BYTES} to ${MAX_SECRET_BYTES} bytes`);
    return [];
  });
}

function parseSecret(text: string): Buffer | undefined {
  if (!text.startsWith(SECRET_PREFIX)) return undefined;
  const base64 = text.slice(SECRET_PREFIX.length);
  if (!SECRET_BASE64.test(base64)) return undefined;
  const key = Buffer.from(base64, "base64");
  return key.length >= MIN_SECRET_BYTES && key.length <= MAX_SECRET_BYTES ? key : undefined;
}
