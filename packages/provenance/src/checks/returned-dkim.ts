/**
 * Header-only DKIM: the returned header carries a signature that only we can make.
 *
 * b= covers the header fields and bh=, so `text/rfc822-headers` is enough and our own public key, from the configuration,
 * proves it offline. Only signatures whose d= is ours count. A signature of ours that does not fit is `neutral`, not
 * `fail`: MTAs rewrite what they return (decoded subjects, masked addresses), and a forger gains nothing from it
 * (docs/decisions/0002-broken-dkim-is-neutral.md).
 */
import type { HeaderList } from "@triage/message";
import type { Returned } from "@triage/reports";
import { hashBody } from "../dkim/body-hash.ts";
import { type DkimSignature, parseSignature } from "../dkim/signature.ts";
import { verifySignedHeader } from "../dkim/verify-signature.ts";
import { type Evidence, evidence } from "../evidence.ts";
import type { DkimKeyAnswer, ProvenancePorts } from "../ports.ts";
import type { CompiledSite } from "../site/compile-site.ts";
import type { DkimProfile } from "../site-profile.ts";
import type { CheckInput } from "./check.ts";

/** LIMIT: verifying costs some 50 us; a forger could return thousands of signatures in our name. */
const MAX_SIGNATURES = 5;
/** LIMIT: a message has one signature or two of each who sent it on; further ones are not read. */
const MAX_FIELDS = 50;
/** Clocks differ; a stamp this far ahead is worth a word to the postmaster (RFC 6376 section 3.5, t=). */
const MAX_CLOCK_SKEW_MS = 86_400_000;

const NOT_CONFIGURED = found("skip", "No DKIM keys are configured.");

export function checkReturnedDkim({ report, site, ports }: CheckInput): Evidence | Promise<Evidence> {
  const dkim = site.profile.dkim;
  if (dkim === undefined) return NOT_CONFIGURED;
  const headers = report.returned.headers;
  if (headers === undefined) return found("skip", "No header of a returned message, so no DKIM signature to verify.");
  const fields = headers.all("dkim-signature");
  if (fields.length === 0) return found("neutral", "The returned header carries no DKIM signature.");

  const ours: DkimSignature[] = [];
  let setback: Evidence | undefined;
  for (const field of fields.slice(0, MAX_FIELDS)) {
    if (isSomebodyElses(field.rawValue, site, dkim)) continue;
    const signature = parseSignature(field);
    if (!isOurs(signature, site)) continue;
    if (signature.kind === "unusable") {
      setback = found(
        "neutral",
        `The DKIM signature of ${signature.domain} in the returned header ${signature.reason}.`,
      );
    } else if (ours.length < MAX_SIGNATURES) ours.push(signature);
  }
  if (ours.length > 0) return judgeSignatures(ours, headers, report.returned, site, ports);
  return setback ?? found("neutral", "The DKIM signatures of the returned header are not of our domains.");
}

function found(outcome: Evidence["outcome"], detail: string): Evidence {
  return evidence("returned-dkim", outcome, detail);
}

/**
 * Whether the plain look of d= already says so: nearly all backscatter returns signatures of others, and to read one costs
 * as much as a check may cost.
 */
function isSomebodyElses(rawValue: string, site: CompiledSite, { keys }: DkimProfile): boolean {
  const domain = /(?:^|;)\s*d=([^;\s]+)\s*(?:;|$)/.exec(rawValue)?.[1]?.toLowerCase();
  if (domain === undefined || hasDomainOrParent(site, domain)) return false;
  const suffix = `._domainkey.${domain}`;
  for (const name of keys.keys()) if (name.endsWith(suffix)) return false;
  return true;
}

function isOurs(signature: ReturnType<typeof parseSignature>, site: CompiledSite): boolean {
  if (signature.domain === undefined) return false;
  // A key that the operator configured says "ours", whatever `site.domains` holds.
  return (
    hasDomainOrParent(site, signature.domain) ||
    (signature.kind === "signature" && site.profile.dkim?.keys.has(signature.keyName) === true)
  );
}

const WHY_INVALID = {
  "other-header":
    "our key made it, but over another header; this one was rewritten on its way, or it is pasted from another message",
  "other-key": "the key did not make it; it is forged, cut, or of an earlier key of that name",
  invalid: "it is forged, or the header was rewritten on its way",
} as const;

/** Below a domain of ours only we can publish keys, or those to whom we gave the subdomain to send for us. */
function hasDomainOrParent({ domains }: CompiledSite, domain: string): boolean {
  if (domains.has(domain)) return true;
  for (let dot = domain.indexOf("."); dot >= 0; dot = domain.indexOf(".", dot + 1)) {
    if (domains.has(domain.slice(dot + 1))) return true;
  }
  return false;
}

/** The first proof wins; else the most telling of the setbacks. Stays synchronous while no key must be asked for. */
function judgeSignatures(
  signatures: readonly DkimSignature[],
  headers: HeaderList,
  returned: Returned,
  site: CompiledSite,
  ports: ProvenancePorts,
): Evidence | Promise<Evidence> {
  let best: Evidence | undefined;
  const unknownKeys: DkimSignature[] = [];
  for (const signature of signatures) {
    const record = site.profile.dkim?.keys.get(signature.keyName);
    if (record === undefined) {
      unknownKeys.push(signature);
      continue;
    }
    const evidenceOfKey = judgeWithKey(signature, record, headers, returned, site, ports.now);
    if (evidenceOfKey.outcome === "pass") return evidenceOfKey;
    best = preferred(best, evidenceOfKey);
  }
  const ask = site.profile.dkim?.dns === true ? ports.dkimKey : undefined;
  if (ask !== undefined && unknownKeys.length > 0) {
    return judgeWithDns(unknownKeys, best, ask, (signature, record) =>
      judgeWithKey(signature, record, headers, returned, site, ports.now),
    );
  }
  for (const signature of unknownKeys) {
    best = preferred(
      best,
      found("skip", `The public key ${signature.keyName} of the returned DKIM signature is not configured.`),
    );
  }
  return best ?? found("neutral", "The returned header carries no DKIM signature.");
}

/** All keys side by side: the slowest alone counts. */
async function judgeWithDns(
  signatures: readonly DkimSignature[],
  bestSoFar: Evidence | undefined,
  ask: NonNullable<ProvenancePorts["dkimKey"]>,
  judge: (signature: DkimSignature, record: string) => Evidence,
): Promise<Evidence> {
  let best = bestSoFar;
  const answers = await Promise.all(signatures.map(({ keyName }) => ask(keyName)));
  for (const [index, signature] of signatures.entries()) {
    const next = judgeAnswer(signature, answers[index] ?? { kind: "none" }, judge);
    if (next.outcome === "pass") return next;
    best = preferred(best, next);
  }
  return best ?? found("neutral", "The returned header carries no DKIM signature.");
}

function judgeAnswer(
  signature: DkimSignature,
  answer: DkimKeyAnswer,
  judge: (signature: DkimSignature, record: string) => Evidence,
): Evidence {
  const { keyName } = signature;
  switch (answer.kind) {
    case "found":
      return judge(signature, answer.record);
    case "none":
      return found("neutral", `The public key ${keyName} of the returned DKIM signature does not exist (any more).`);
    case "temperror":
      return found("temperror", `The public key ${keyName} could not be looked up: ${answer.detail}.`);
    default:
      return answer satisfies never;
  }
}

/** A look-up that failed may be repeated and prove everything; a signature that was looked at says more than one that was not. */
function preferred(best: Evidence | undefined, next: Evidence): Evidence {
  const rank = { temperror: 3, neutral: 2, skip: 1, pass: 0, fail: 0 } as const;
  return best !== undefined && rank[best.outcome] >= rank[next.outcome] ? best : next;
}

function judgeWithKey(
  signature: DkimSignature,
  record: string,
  headers: HeaderList,
  returned: Returned,
  site: CompiledSite,
  now: Date,
): Evidence {
  const reading = site.dkimKey(record);
  const whose = `of ${signature.domain} (${signature.keyName})`;
  if (reading.kind === "unusable") {
    return found(
      "neutral",
      `The returned DKIM signature ${whose} cannot be verified: the public key ${reading.reason}.`,
    );
  }
  if (!signature.algorithm.startsWith(reading.type)) {
    return found(
      "neutral",
      `The returned DKIM signature ${whose} names ${signature.algorithm}, but the key is ${reading.type}.`,
    );
  }
  if (reading.strictIdentity && signature.identityDomain !== signature.domain) {
    return found("neutral", `The returned DKIM signature ${whose} is for a subdomain, which its key forbids (t=s).`);
  }
  const result = verifySignedHeader(headers, signature, reading.key);
  if (result !== "valid" && result !== "refolded") {
    return found(
      "neutral",
      `The returned header carries a DKIM signature ${whose} that does not verify: ${WHY_INVALID[result]}.`,
    );
  }
  const refolded = result === "refolded" ? " (after its folding was restored)" : "";
  const signed = `signed with our DKIM key ${signature.keyName}${describeDate(signature)}${refolded}`;
  return found(
    "pass",
    `The returned header is ${signed}; ${describeBody(signature, returned)}${describeTimes(signature, now)}.`,
  );
}

/** bh= is signed, so what it says of the body holds; a body that bouncing MTAs cut or re-encoded is no contradiction. */
function describeBody({ bodyForm, bodyHash, bodyLength }: DkimSignature, returned: Returned): string {
  const body = returned.form === "message" ? returned.body : undefined;
  if (body === undefined) return "header proven, body not returned";
  if (bodyLength === 0) return "header proven, the body is not signed (l=0)";
  const hash = hashBody(body, bodyForm, bodyLength);
  if (hash === undefined || !hash.equals(bodyHash)) return "header proven, body not returned whole and unchanged";
  return bodyLength === undefined ? "header and body proven" : "header and the signed part of the body proven";
}

function describeDate({ signedAt }: DkimSignature): string {
  return signedAt === undefined ? "" : ` on ${dayOf(signedAt)}`;
}

/**
 * x= ends the signature's use for acceptance, and a t= ahead of us is a clock that is wrong; that we made it stays true
 * (RFC 6376 section 3.5).
 */
function describeTimes({ signedAt, expiresAt }: DkimSignature, now: Date): string {
  if (signedAt !== undefined && signedAt * 1000 > now.getTime() + MAX_CLOCK_SKEW_MS) {
    return "; that day is still to come: the clock of the signing host is wrong, or ours";
  }
  if (expiresAt === undefined || expiresAt * 1000 >= now.getTime()) return "";
  return `; it expired on ${dayOf(expiresAt)}, but we made it all the same`;
}

/** @param seconds Since 1970, at most 12 digits: past the year 9999 the day has a sign and six digits. */
function dayOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/T.*/, "");
}
