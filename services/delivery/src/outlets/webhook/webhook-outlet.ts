/**
 * Delivery as JSON by HTTP POST, signed by Standard Webhooks, in the form that the receiver wants.
 *
 * At least once: a repeat carries the same webhook-id, by which a receiver knows it (Slack, Teams and Zammad do not look).
 * When the server asks to be left alone (Retry-After), every mail is retried later without asking it again.
 */
import { createHash } from "node:crypto";
import type { WebhookConfig } from "@triage/runtime";
import type { OutboundMail } from "../../compose/outbound-mail.ts";
import { shortenDetail } from "../cut-text.ts";
import type { Outlet, OutletResult } from "../outlet.ts";
import { openSlots } from "../slots.ts";
import { openWebhookClient } from "./post-webhook.ts";
import { readRetryAfter, readWebhookAnswer } from "./read-webhook-answer.ts";
import { signWebhook } from "./sign-webhook.ts";
import { renderWebhookBody } from "./templates/render-webhook-body.ts";

type Outcome = Omit<OutletResult, "recipient">;

export function openWebhookOutlet(config: WebhookConfig, now: () => number = Date.now): Outlet {
  const { url, timeoutMs, concurrency, certificate, secrets, authorization } = config;
  const client = openWebhookClient({ url, timeoutMs, connections: concurrency, certificate });
  const slots = openSlots(concurrency);
  let pausedUntil = 0;
  const post = async (mail: OutboundMail, recipients: readonly string[]): Promise<Outcome> => {
    const at = now();
    if (at < pausedUntil) {
      return {
        outcome: "error",
        detail: `the server asked to be left alone until ${new Date(pausedUntil).toISOString()}`,
      };
    }
    const body = renderWebhookBody(config, mail, recipients);
    const headers = {
      "User-Agent": "postmaster-triage",
      ...signWebhook({ id: idOf(mail, recipients), at: new Date(at), body, secrets }),
      ...(authorization === undefined ? {} : { Authorization: authorization }),
    };
    try {
      const answer = await client.post(headers, body);
      pausedUntil = now() + readRetryAfter(answer.status < 300 ? undefined : answer.retryAfter, now());
      return readWebhookAnswer(answer);
    } catch (error) {
      return { outcome: "error", detail: shortenDetail(error instanceof Error ? error.message : String(error)) };
    }
  };
  return {
    id: config.id,
    lineEnd: "crlf",
    async deliver(mail, recipients) {
      const outcome = await slots.run(() => post(mail, recipients));
      return recipients.map((recipient) => ({ recipient, ...outcome }));
    },
    async close() {
      await slots.idle();
      client.close();
    },
  };
}

/** The same for every repeat; another one for another human. */
function idOf(mail: OutboundMail, recipients: readonly string[]): string {
  const human = createHash("sha256").update(recipients.join("\n")).digest("hex").slice(0, 12);
  return `${mail.id.replace(/[^\w-]/g, "_")}-${human}`;
}
