/** Mail -> JSON, in the form of the template and within the limit. Pure. */
import type { WebhookConfig } from "@triage/runtime";
import type { OutboundMail } from "../../../compose/outbound-mail.ts";
import { cutText } from "../../cut-text.ts";
import { renderGeneric } from "./render-generic.ts";
import { renderSlack } from "./render-slack.ts";
import { MAX_CARD_BYTES, renderTeams } from "./render-teams.ts";
import { renderZammad } from "./render-zammad.ts";

/** What a template makes JSON of. */
export interface WebhookContent {
  readonly mail: OutboundMail;
  readonly recipients: readonly string[];
  /** The mail's text, cut where the whole is too long. */
  readonly text: string;
  /** Whether the whole mail goes along. */
  readonly attach: boolean;
}

const CUT = "\n[...]";

export function renderWebhookBody(
  { template, attachMail, maxBodyBytes }: Pick<WebhookConfig, "template" | "attachMail" | "maxBodyBytes">,
  mail: OutboundMail,
  recipients: readonly string[],
): Buffer {
  const limit = template.kind === "teams" ? Math.min(maxBodyBytes, MAX_CARD_BYTES) : maxBodyBytes;
  const render = (text: string, attach: boolean) =>
    Buffer.from(JSON.stringify(fill(template, { mail, recipients, text, attach })));
  const whole = render(mail.text, attachMail);
  if (whole.length <= limit) return whole;
  let body = render(mail.text, false);
  for (let chars = mail.text.length; body.length > limit && chars > 0; ) {
    chars = Math.floor(chars / 2);
    body = render(cutText(mail.text, chars, CUT), false);
  }
  return body;
}

function fill(template: WebhookConfig["template"], content: WebhookContent): object {
  switch (template.kind) {
    case "generic":
      return renderGeneric(content);
    case "slack":
      return renderSlack(content);
    case "teams":
      return renderTeams(content);
    case "zammad":
      return renderZammad(content, template);
    default:
      return template satisfies never;
  }
}
