/**
 * The template `slack`: an incoming webhook with Block Kit. Pure.
 *
 * What strangers wrote stands in `plain_text` objects, which know no mentions, links or formatting; links are ours alone. The
 * one text of theirs that is mrkdwn, shown in notifications, has `&`, `<` and `>` escaped, without which there is no `<!channel>` and no link.
 *
 * @see https://docs.slack.dev/messaging/formatting-message-text (escaping), .../reference/block-kit/blocks (lengths)
 */
import { cutText } from "../../cut-text.ts";
import { linksOf } from "./links-of.ts";
import type { WebhookContent } from "./render-webhook-body.ts";

/** LIMIT: of Slack; in characters. */
const MAX_HEADER_CHARS = 150;
const MAX_SECTION_CHARS = 3_000;
const MAX_SECTIONS = 10;

export function renderSlack({ mail, text }: WebhookContent): object {
  const links = linksOf(mail.topic).map(({ title, url }) => `<${escapeMrkdwn(url)}|${title}>`);
  return {
    text: escapeMrkdwn(mail.subject),
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: "header", text: plainText(cutText(mail.subject, MAX_HEADER_CHARS)) },
      ...splitText(text).map((part) => ({ type: "section", text: plainText(part) })),
      ...(links.length === 0 ? [] : [{ type: "section", text: { type: "mrkdwn", text: links.join("   ") } }]),
      { type: "context", elements: [plainText(mail.id)] },
    ],
  };
}

function plainText(text: string): object {
  return { type: "plain_text", text, emoji: false };
}

function escapeMrkdwn(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** At line ends where there are any; an empty section is an error of Slack's. */
function splitText(text: string): readonly string[] {
  const parts: string[] = [];
  let rest = text.trim();
  while (rest !== "" && parts.length < MAX_SECTIONS) {
    const part = firstPart(rest);
    parts.push(part);
    rest = rest.slice(part.length).trimStart();
  }
  return parts;
}

function firstPart(text: string): string {
  if (text.length <= MAX_SECTION_CHARS) return text;
  const lineEnd = text.lastIndexOf("\n", MAX_SECTION_CHARS);
  return lineEnd > 0 ? text.slice(0, lineEnd) : cutText(text, MAX_SECTION_CHARS, "");
}
