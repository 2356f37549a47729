/** What can be done about a mail with one click: our own URLs, signed; opening one asks, and does nothing yet. Pure. */
import type { MailTopic } from "../../../compose/outbound-mail.ts";

export interface TitledLink {
  readonly title: string;
  readonly url: string;
}

export function linksOf(topic: MailTopic): readonly TitledLink[] {
  if (topic.kind !== "message") return [];
  const { acknowledge, release } = topic.links ?? {};
  return [
    ...(acknowledge === undefined ? [] : [{ title: "I see to it", url: acknowledge }]),
    ...(release === undefined ? [] : [{ title: "Release it", url: release }]),
  ];
}
