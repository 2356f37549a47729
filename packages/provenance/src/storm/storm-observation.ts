/**
 * What one report tells about storms: by which keys it is counted, who reported it, and what was proven of it.
 *
 * A storm (a joe job) is many reports from many organisations about mail under one sender of ours that nobody can prove
 * to be ours. Pure: counting is the port's business.
 */
import { isIP } from "node:net";
import type { Address, Envelope } from "@triage/message";
import type { Report, ReportKind } from "@triage/reports";
import { getDomain } from "tldts";
import type { CheckInput } from "../checks/check.ts";
import type { Evidence, ProvenanceCheckId } from "../evidence.ts";
import type { SiteProfile } from "../site-profile.ts";
import { contentKeysOf } from "./content-keys.ts";

export type StormKeyKind = "address" | "domain" | "content";

/** One thing that the reports of a storm share. */
export interface StormKey {
  readonly kind: StormKeyKind;
  /** The forged address or its domain, both of ours; or what the returned mailings have in common. */
  readonly value: string;
}

/** `proven`: a check proved it ours. `contradicted`: a check that would know ours by sight did not. `silent`: neither. */
export type StormProof = "proven" | "contradicted" | "silent";

export interface StormObservation {
  /** Most telling first; at least one. */
  readonly keys: readonly StormKey[];
  /** The forged address; undefined when only its domain is known. */
  readonly sender: string | undefined;
  /** Registrable domain of the reporting MTA, or the network of an address; undefined when the report does not say. */
  readonly reporter: string | undefined;
  /** Lower-cased addresses that the message did not reach; at most MAX_RECIPIENTS. */
  readonly recipients: readonly string[];
  readonly proof: StormProof;
  /** An automatic reply that shows nothing answers a newsletter of ours as well as a forgery: it may ask, but adds nothing. */
  readonly counts: boolean;
  /** The site has configured something that could prove a message ours; else nothing proven says nothing. */
  readonly canProve: boolean;
  /** Of the returned message, for the human. */
  readonly subject: string | undefined;
}

/** Kinds that a forged reverse-path brings home. */
const STORM_KINDS: ReadonlySet<ReportKind> = new Set<ReportKind>(["dsn", "auto-reply", "challenge", "virus-notice"]);

/** A pass of these proves nothing: whoever forges us can write it. */
const NO_PROOF: ReadonlySet<ProvenanceCheckId> = new Set<ProvenanceCheckId>([
  "message-id-domain",
  "returned-sender-domain",
  "dnsbl",
]);

/** Their full `fail` says that mail of ours would look different, and not only that something is missing. */
const CONTRADICTING: ReadonlySet<ProvenanceCheckId> = new Set<ProvenanceCheckId>([
  "sent-ledger",
  "received-path",
  "spf",
]);

/** LIMIT: recipients of one report that are counted. */
const MAX_RECIPIENTS = 50;
/** LIMIT: forged addresses of one report (reverse-path, From, forward-paths). */
const MAX_SENDERS = 3;
const MAX_SUBJECT_CHARS = 200;

/** Tags of BATV in front of the address that was signed. */
const BATV_TAG = /^(?:prvs|btv1)=/;

/**
 * @param evidence  What the checks found about this report.
 * @returns         undefined for what no storm brings, for reports of our own relays, and where nothing names a sender.
 */
export function observeStorm(
  { report, envelope, site }: CheckInput,
  evidence: readonly Evidence[],
): StormObservation | undefined {
  if (!STORM_KINDS.has(report.kind)) return undefined;
  const reporter = reportingHost(report, envelope);
  // Our own relay took the message from somebody who may send: that is no forgery from outside.
  if (reporter !== undefined && (site.relays.hasName(reporter) || site.domains.has(reporter))) return undefined;
  const senders = forgedSenders(report, envelope, (domain) => site.domains.isEmpty || site.domains.has(domain));
  const keys: StormKey[] = senders.map((value) => ({ kind: "address", value }));
  if (senders[0] !== undefined) keys.push({ kind: "domain", value: domainOf(senders[0]) });
  for (const value of contentKeysOf(report.returned)) keys.push({ kind: "content", value });
  if (keys.length === 0) return undefined;
  const proof = proofOf(evidence, envelope, site.profile);
  return {
    keys,
    sender: senders[0],
    reporter: reporter === undefined ? undefined : organisationOf(reporter),
    recipients: recipientsOf(report),
    proof,
    counts: report.kind !== "auto-reply" || proof !== "silent",
    canProve: canProve(site.profile),
    subject: report.returned.subject?.slice(0, MAX_SUBJECT_CHARS),
  };
}

/**
 * The addresses of ours that the returned message bore, and the one that the report came to, which is the reverse-path
 * that the receiver saw. postmaster@ among the forward-paths is the last resort: all reports may be sent on to it.
 */
function forgedSenders(report: Report, envelope: Envelope, isOurs: (domain: string) => boolean): readonly string[] {
  const { reversePath, from } = report.returned;
  const named = [reversePath?.kind === "address" ? reversePath : undefined, from];
  const cameTo = envelope.forwardPaths.filter((path) => !isPostmaster(path));
  const senders = new Set<string>();
  for (const address of [...named, ...cameTo]) {
    if (address === undefined || !isOurs(address.domain) || senders.size === MAX_SENDERS) continue;
    senders.add(plainAddress(address));
  }
  const [forwarded] = envelope.forwardPaths;
  if (senders.size === 0 && forwarded !== undefined && isOurs(forwarded.domain)) senders.add(plainAddress(forwarded));
  return [...senders];
}

/** RFC 5321 section 4.5.1: in any case of letters. */
function isPostmaster({ localPart }: Address): boolean {
  return localPart.toLowerCase() === "postmaster";
}

function plainAddress({ localPart, domain }: Address): string {
  const tagged = BATV_TAG.test(localPart.toLowerCase());
  const local = tagged ? localPart.slice(localPart.lastIndexOf("=") + 1) : localPart;
  return `${local.toLowerCase()}@${domain}`;
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1);
}

/** The host that reports, as it says; else the client that brought the report. */
function reportingHost(report: Report, envelope: Envelope): string | undefined {
  const named = report.kind === "dsn" ? report.reportingMta : undefined;
  return (named ?? envelope.clientHelo ?? envelope.clientIp)?.trim().toLowerCase();
}

/** `mx3.example.net` -> `example.net`; an address -> its /24 or /48. */
function organisationOf(host: string): string {
  const bare = host.replace(/^\[(?:ipv6:)?|\]$/g, "");
  const family = isIP(bare);
  if (family === 4) return bare.split(".").slice(0, 3).join(".");
  if (family === 6) return bare.split(":").slice(0, 3).join(":");
  return getDomain(bare, { extractHostname: false, validateHostname: false }) ?? bare;
}

function recipientsOf(report: Report): readonly string[] {
  if (report.kind !== "dsn") return [];
  const recipients = report.recipients.slice(0, MAX_RECIPIENTS).map(({ addressText }) => addressText.toLowerCase());
  return recipients.filter((recipient) => recipient !== "");
}

function proofOf(evidence: readonly Evidence[], envelope: Envelope, { batv }: SiteProfile): StormProof {
  if (evidence.some(provesOurs)) return "proven";
  if (evidence.some(contradicts)) return "contradicted";
  // The site says that it signs all mail, and this report came to an address without a tag.
  const untagged = envelope.forwardPaths.every(({ localPart }) => !BATV_TAG.test(localPart.toLowerCase()));
  const missing = evidence.some(({ check, outcome }) => check === "batv" && outcome === "fail");
  return batv?.signsAllMail === true && missing && untagged ? "contradicted" : "silent";
}

function provesOurs({ check, outcome, strength }: Evidence): boolean {
  return outcome === "pass" && strength === undefined && !NO_PROOF.has(check);
}

function contradicts({ check, outcome, strength }: Evidence): boolean {
  return outcome === "fail" && strength === undefined && CONTRADICTING.has(check);
}

function canProve(site: SiteProfile): boolean {
  const { batv, srs, verp = [], envelopeId, headerToken, dkim, relays, ledger } = site;
  const patterns = envelopeId === undefined ? verp : [...verp, envelopeId];
  if (batv !== undefined || srs !== undefined || headerToken !== undefined || dkim !== undefined) return true;
  return relays.length > 0 || ledger.complete || patterns.some(({ secrets }) => secrets.length > 0);
}
