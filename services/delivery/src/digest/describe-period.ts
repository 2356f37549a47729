import type { ResolvedConfig } from "@triage/runtime";
import type { DigestPeriod, Store } from "@triage/store";
import { openLinkMaker } from "../compose/link-maker.ts";
import { describeDigest } from "./digest-page.ts";
import { formatDigestText } from "./digest-text.ts";
import { openWallClock } from "./wall-clock.ts";

/** LIMIT: entries of a cause, where the configuration switches the digest off. */
const MAX_ENTRIES = 5;

/** What a digest of this period would say, as plain text with working links; nothing is written. */
export async function describePeriod(
  period: DigestPeriod,
  config: Pick<ResolvedConfig, "digest" | "http">,
  store: Pick<Store, "previewDigest" | "linkSecret">,
): Promise<string> {
  const facts = await store.previewDigest(period, config.digest?.maxEntries ?? MAX_ENTRIES);
  const links = await openLinkMaker(config.http.links, store);
  const clock = openWallClock(config.digest?.timeZone ?? "UTC");
  return formatDigestText(describeDigest({ ...period, at: period.until, facts, clock, links }));
}
