/** What an HTTP answer says of a mail. Pure. */

import { shortenDetail } from "../cut-text.ts";
import type { OutletResult } from "../outlet.ts";
import type { WebhookAnswer } from "./post-webhook.ts";

/**
 * Refusals that are not about what was sent: a token that has run out, a URL that is wrong, a server that has no time.
 * As with a refused login by SMTP, somebody will mend it, and no mail should be given up for it before the retries are.
 */
const RETRIED = new Set([401, 403, 404, 407, 408, 421, 423, 425, 429]);

/** LIMIT: a server that asks for a year is asked again after an hour. */
const MAX_PAUSE_MS = 3_600_000;

/** 2xx delivered; 4xx failed, those apart; everything else (5xx, and a redirect: the URL has to be mended) is retried. */
export function readWebhookAnswer({ status, words }: WebhookAnswer): Omit<OutletResult, "recipient"> {
  const detail = shortenDetail(words === "" ? `HTTP ${status}` : `HTTP ${status}: ${words}`);
  if (status >= 200 && status < 300) return { outcome: "delivered", detail };
  const permanent = status >= 400 && status < 500 && !RETRIED.has(status);
  return { outcome: permanent ? "failed" : "error", detail };
}

/**
 * How long the server wants to be left alone (RFC 9110 section 10.2.3): seconds or a date.
 *
 * @returns Milliseconds, at most an hour; 0 where it does not say.
 */
export function readRetryAfter(value: string | undefined, now: number): number {
  if (value === undefined) return 0;
  const text = value.trim();
  const pauseMs = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isNaN(pauseMs) ? 0 : Math.min(Math.max(pauseMs, 0), MAX_PAUSE_MS);
}
