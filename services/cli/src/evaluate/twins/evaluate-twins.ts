/**
 * Twins: each bounce of a corpus judged for a site that sent the returned message and for sites that did not.
 *
 * The corpus says nothing of who sent what, but each returned header names hosts and domains. The site that owns them
 * must keep its bounce; a site that only had its address forged must see it as backscatter; and the forger must not
 * gain by writing that site's relay into the lines that are his.
 */
import type { Envelope, Message } from "@triage/message";
import { proveProvenance, type SiteProfile } from "@triage/provenance";
import { type DsnReport, NOTHING_RETURNED } from "@triage/reports";
import { scoreMessage, type Verdict } from "@triage/scoring";
import { forgeRelay } from "./forge-received.ts";
import { forgetfulSenderOf, sendersOf, strangerTo, withForgedSender } from "./twin-sites.ts";

export const TWIN_KINDS = [
  "genuine",
  "genuine, relay not listed",
  "spoofed, sender not ours",
  "spoofed, sender ours",
  "spoofed, relay forged",
  "no returned header",
  "returned header taken away",
] as const;
export type TwinKind = (typeof TWIN_KINDS)[number];

/** One bounce of the corpus. */
export interface TwinSample {
  readonly path: string;
  readonly message: Message;
  readonly report: DsnReport;
}

export interface Twin {
  readonly kind: TwinKind;
  readonly path: string;
  readonly variant: string;
  readonly verdict: Verdict;
}

/** The corpus tells nothing of the envelope. */
const UNKNOWN_ENVELOPE: Envelope = { reversePath: undefined, forwardPaths: [] };

/** Judges all twins of one bounce, each as if it had come on the day that it names. */
export async function judgeTwins(sample: TwinSample): Promise<readonly Twin[]> {
  const { path, message, report } = sample;
  const now = dateOf(message);
  const judge = async (kind: TwinKind, variant: string, site: SiteProfile, twin = report): Promise<Twin> => {
    const evidence = await proveProvenance(twin, UNKNOWN_ENVELOPE, site, { now });
    const verdict = scoreMessage({ message, report: twin, envelope: UNKNOWN_ENVELOPE, evidence });
    return { kind, path, variant, verdict };
  };
  const stranger = strangerTo();
  const forged = withForgedSender(report);
  const judged: Promise<Twin>[] = [];
  if (report.returned.headers === undefined) judged.push(judge("no returned header", "", stranger));
  else judged.push(judge("returned header taken away", "", stranger, { ...report, returned: NOTHING_RETURNED }));
  if (!namesItsWay(report)) return Promise.all(judged);
  for (const { variant, site } of sendersOf(report)) judged.push(judge("genuine", variant, site));
  judged.push(judge("genuine, relay not listed", "", forgetfulSenderOf(report)));
  judged.push(judge("spoofed, sender not ours", "", stranger), judge("spoofed, sender ours", "", stranger, forged));
  for (const forgery of forgeRelay(forged)) {
    judged.push(judge("spoofed, relay forged", forgery.variant, stranger, forgery.report));
  }
  return Promise.all(judged);
}

/** Without a Received field or Message-ID nobody, human or not, could tell the twins apart. */
function namesItsWay({ returned: { headers, messageId } }: DsnReport): boolean {
  return headers !== undefined && (headers.has("received") || messageId !== undefined);
}

function dateOf(message: Message): Date {
  const date = new Date(message.root.headers.value("date") ?? "");
  return Number.isNaN(date.getTime()) ? new Date() : date;
}
