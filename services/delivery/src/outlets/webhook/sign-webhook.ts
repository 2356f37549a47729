/**
 * The signature of Standard Webhooks (https://www.standardwebhooks.com, specification 1.0): HMAC-SHA256 over id, time
 * and body. A receiver refuses what is old, and knows a repeat by its id. Pure.
 */
import { createHmac } from "node:crypto";

export interface WebhookToSign {
  /** The same for every repeat; without a full stop, which separates what is signed. */
  readonly id: string;
  /** Of this attempt. */
  readonly at: Date;
  readonly body: Buffer;
  /** The newest first; none: not signed. All of them sign, so that a receiver may change over at any time. */
  readonly secrets: readonly Buffer[];
}

/** @returns Header fields. */
export function signWebhook({ id, at, body, secrets }: WebhookToSign): Readonly<Record<string, string>> {
  const seconds = String(Math.floor(at.getTime() / 1_000));
  const signatures = secrets.map(
    (secret) => `v1,${createHmac("sha256", secret).update(`${id}.${seconds}.`).update(body).digest("base64")}`,
  );
  return {
    "webhook-id": id,
    "webhook-timestamp": seconds,
    ...(signatures.length === 0 ? {} : { "webhook-signature": signatures.join(" ") }),
  };
}
