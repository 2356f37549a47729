/**
 * The template `zammad`: a ticket with one article, for `POST /api/v1/tickets`. Pure.
 *
 * The article is an internal note of plain text, which Zammad shows as it is: no e-mail goes out, and no trigger takes it for the
 * first mail of a customer and answers it.
 *
 * @see https://docs.zammad.org/en/latest/api/ticket/index.html#create
 */
import type { WebhookTemplate } from "@triage/runtime";
import { cutText } from "../../cut-text.ts";
import type { WebhookContent } from "./render-webhook-body.ts";

/** LIMIT: of Zammad's column. */
const MAX_TITLE_CHARS = 250;

export function renderZammad(
  { mail, text, attach }: WebhookContent,
  { group, customer }: Extract<WebhookTemplate, { kind: "zammad" }>,
): object {
  const { subject, raw, id } = mail;
  const title = cutText(subject, MAX_TITLE_CHARS);
  const attachment = { filename: `${id}.eml`, data: raw.toString("base64"), "mime-type": "message/rfc822" };
  return {
    title,
    group,
    // Made where there is none of this address.
    customer_id: `guess:${customer}`,
    article: {
      subject: title,
      body: text,
      content_type: "text/plain",
      type: "note",
      internal: true,
      ...(attach && { attachments: [attachment] }),
    },
  };
}
