/**
 * The template `generic`: type, timestamp and data, as Standard Webhooks recommends. Pure.
 *
 * What strangers wrote stands in JSON strings and is not escaped any further: that is for whoever shows it.
 */
import type { MailTopic } from "../../../compose/outbound-mail.ts";
import type { WebhookContent } from "./render-webhook-body.ts";

export function renderGeneric({ mail, recipients, text, attach }: WebhookContent): object {
  const { id, messageId, subject, topic, raw } = mail;
  return {
    type: `triage.${topic.kind}`,
    timestamp: timeOf(topic).toISOString(),
    data: {
      id,
      messageId,
      recipients,
      subject,
      text,
      ...factsOf(topic),
      ...(attach && { mail: { contentType: "message/rfc822", base64: raw.toString("base64") } }),
    },
  };
}

function timeOf(topic: MailTopic): Date {
  switch (topic.kind) {
    case "message":
      return topic.receivedAt;
    case "notice":
      return topic.notice.at;
    case "digest":
    case "test":
      return topic.at;
    default:
      return topic satisfies never;
  }
}

function factsOf(topic: MailTopic): object {
  switch (topic.kind) {
    case "message": {
      const { verdict, score, route, urgency, why, advice, report, returned } = topic.classification;
      return { verdict, score, route, urgency, why, advice, report, returned, links: topic.links };
    }
    case "notice": {
      const { incidentId, kind, step, facts } = topic.notice;
      return { incidentId, kind, step, facts };
    }
    case "digest": {
      const { since, until, facts } = topic;
      return { since: since.toISOString(), until: until.toISOString(), facts };
    }
    case "test":
      return {};
    default:
      return topic satisfies never;
  }
}
