/**
 * The template `teams`: an Adaptive Card, as the Workflows trigger "When a Teams webhook request is received" takes it. Pure.
 *
 * What strangers wrote stands in TextRuns, which know no Markdown (a TextBlock would make links of it), one paragraph a line,
 * because line breaks inside of one are not shown by every client.
 *
 * @see https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
 * @see https://adaptivecards.io/explorer/TextRun.html
 */
import { linksOf } from "./links-of.ts";
import type { WebhookContent } from "./render-webhook-body.ts";

/** LIMIT: of Teams: 28 KB; more is refused. */
export const MAX_CARD_BYTES = 28_000;
/** LIMIT: nobody reads more on a card; the mail has it all. */
const MAX_LINES = 100;

export function renderTeams({ mail, text }: WebhookContent): object {
  const links = linksOf(mail.topic);
  const lines = text.trimEnd().split("\n");
  const shown = lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES), "[...]"] : lines;
  const card = {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
    msteams: { width: "Full" },
    body: [
      paragraph(mail.subject, { weight: "Bolder", size: "Medium" }, "Default"),
      ...shown.map((line) => paragraph(line === "" ? " " : line, { fontType: "Monospace", size: "Small" }, "None")),
      paragraph(mail.id, { size: "Small", isSubtle: true }, "Default"),
    ],
    ...(links.length > 0 && { actions: links.map(({ title, url }) => ({ type: "Action.OpenUrl", title, url })) }),
  };
  return {
    type: "message",
    attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", contentUrl: null, content: card }],
  };
}

function paragraph(text: string, look: object, spacing: "Default" | "None"): object {
  return { type: "RichTextBlock", spacing, inlines: [{ type: "TextRun", text, ...look }] };
}
