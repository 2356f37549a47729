/**
 * Amazon SES events by Amazon SNS: JSON in the text of a mail. Source: Amazon SES Developer Guide, "Amazon SNS notification
 * contents" (bounce, delivery and delivery-delay objects).
 */
import type { Dialect, DialectFinding, DialectRecipient } from "./dialect.ts";
import { defineDialect } from "./grammar/define-dialect.ts";

/** LIMIT: SNS messages are at most 256 kB; the text of a report is cut far below that. */
const MAX_JSON_CHARS = 65_536;

export const amazonSns: Dialect = defineDialect({
  name: "amazon-sns",
  source: "docs.aws.amazon.com/ses: notification-contents",
  markers: ["notificationtype", "eventtype", "bouncedrecipients"],
  also: (input) => input.text.trimStart().startsWith("{"),
  parse: (_report, input) => readEvent(input.text),
});

type Json = { readonly [key: string]: unknown };

/** Mail programs wrap the one long line: a line break inside a string is no part of it. */
function readEvent(text: string): DialectFinding | undefined {
  const outer = parseObject(balancedObject(text.slice(0, MAX_JSON_CHARS)));
  const inner = typeof outer?.Message === "string" ? parseObject(outer.Message) : outer;
  if (!inner) return undefined;
  const recipients = [...bounced(inner), ...delivered(inner)];
  const reportingMta = asObject(inner.bounce ?? inner.delivery)?.reportingMTA;
  return {
    recipients,
    ...(typeof reportingMta === "string" && { reportingMta: reportingMta.replace(/^[a-z]{3}; ?/, "") }),
  };
}

function bounced(event: Json): DialectRecipient[] {
  const delay = asObject(event.deliveryDelay);
  const listed = asList(asObject(event.bounce)?.bouncedRecipients ?? delay?.delayedRecipients);
  return listed.flatMap((one) => {
    const addressText = asText(one.emailAddress);
    if (!addressText) return [];
    const status = asText(one.status);
    const diagnostic = asText(one.diagnosticCode);
    return [
      {
        addressText,
        action: delay ? ("delayed" as const) : ("failed" as const),
        ...(status && { status }),
        ...(diagnostic && { diagnostic }),
      },
    ];
  });
}

function delivered(event: Json): DialectRecipient[] {
  const delivery = asObject(event.delivery);
  if (!Array.isArray(delivery?.recipients)) return [];
  const diagnostic = asText(delivery.smtpResponse);
  return delivery.recipients.flatMap((addressText: unknown) =>
    typeof addressText === "string"
      ? [{ addressText, action: "delivered" as const, ...(diagnostic && { diagnostic }) }]
      : [],
  );
}

/** The first `{...}` of the text, line breaks taken out; what follows is the footer of the subscription. */
function balancedObject(text: string): string {
  const flat = text.replace(/\n/g, "");
  let depth = 0;
  let inString = false;
  for (let at = flat.indexOf("{"); at >= 0 && at < flat.length; at++) {
    const char = flat[at];
    if (char === "\\") at++;
    else if (char === '"') inString = !inString;
    else if (inString) continue;
    else if (char === "{") depth++;
    else if (char === "}" && --depth === 0) return flat.slice(flat.indexOf("{"), at + 1);
  }
  return "";
}

function parseObject(text: string): Json | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    // Not JSON after all: the mail is no report of this kind.
    return undefined;
  }
}

function asObject(value: unknown): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

function asList(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(asObject).filter((one) => one !== undefined) : [];
}

function asText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
