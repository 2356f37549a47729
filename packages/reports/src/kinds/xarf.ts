/**
 * XARF, the abuse report of network operators. Version 0.2: header field `X-XARF: PLAIN`, second part YAML
 * (`Report-Type: spam`, `Source: 192.0.2.1`). Versions 3 and 4: a JSON attachment. Source: xarf.org, the schemas 0.2, 3 and 4.
 */
import { type Part, parseAddress } from "@triage/message";
import { fieldValue, readFields } from "../fields.ts";
import { type Mail, reportBase } from "../mail.ts";
import type { FeedbackReport } from "../report.ts";
import { findReturned } from "../returned/find-returned.ts";

/** LIMIT: a report with its evidence inlined as base64 is larger; then the JSON is not read and the type is `other`. */
const MAX_JSON_CHARS = 262_144;

interface XarfFacts {
  readonly type: string;
  readonly sourceIp: string | undefined;
  readonly mailFrom: string | undefined;
  readonly recipient: string | undefined;
  readonly userAgent: string | undefined;
}

export function readXarf(mail: Mail): FeedbackReport | undefined {
  const { outline } = mail;
  const json = outline.parts.find(isXarfJson);
  const facts = json === undefined ? yamlFacts(mail) : jsonFacts(json.text());
  if (facts === undefined) return undefined;
  const recipient = parseAddress(facts.recipient ?? "");
  return {
    kind: "feedback",
    ...reportBase(mail, findReturned(mail)),
    feedbackType: facts.type,
    userAgent: facts.userAgent,
    sourceIp: facts.sourceIp,
    originalMailFrom: facts.mailFrom,
    originalRecipients: recipient === undefined ? [] : [recipient],
    reportedDomains: [],
  };
}

function isXarfJson(part: Part): boolean {
  const type = part.contentType.value;
  if (type === "application/xarf+json") return true;
  return type.startsWith("application/") && part.filename?.toLowerCase() === "xarf.json";
}

function yamlFacts(mail: Mail): XarfFacts | undefined {
  if (!mail.outline.header.has("x-xarf") && !mail.outline.header.has("x-arf")) return undefined;
  for (const part of mail.outline.parts) {
    if (part.contentType.value !== "text/plain" || part.path === "") continue;
    const fields = readFields(part.text());
    const type = fieldValue(fields, "report-type");
    if (type === undefined) continue;
    const source = fieldValue(fields, "source");
    const userAgent = fieldValue(fields, "user-agent");
    return { type: kebab(type), sourceIp: source, mailFrom: undefined, recipient: undefined, userAgent };
  }
  return undefined;
}

function jsonFacts(text: string): XarfFacts {
  const root = text.length > MAX_JSON_CHARS ? {} : parseObject(text);
  // Version 3 nests under "Report" in PascalCase, version 4 is flat in snake_case.
  const body = isRecord(root.Report) ? root.Report : root;
  const pick = (...names: readonly string[]) =>
    names.map((name) => body[name]).find((value) => typeof value === "string");
  return {
    type: kebab(pick("ReportType", "type") ?? "other"),
    sourceIp: pick("SourceIp", "source_identifier"),
    mailFrom: pick("SmtpMailFromAddress", "smtp_from"),
    recipient: pick("SmtpRcptToAddress", "smtp_to"),
    userAgent: undefined,
  };
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    // Broken JSON is a report all the same; it only says nothing more.
    return {};
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kebab(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, "-");
}
