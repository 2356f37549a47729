/**
 * Message-ID domain: is the right-hand side of the returned Message-ID one that our systems write?
 *
 * Weak both ways: a forger can copy it, and mail programs of our own people write the name of their computer there.
 */
import type { Report } from "@triage/reports";
import { type Evidence, evidence, softEvidence } from "../evidence.ts";
import { isPublicName } from "../path/host-name.ts";
import { messageIdDomain } from "../path/message-id.ts";
import type { MessageIdForm } from "../path/message-id-form.ts";
import type { DomainSet } from "../site/domain-set.ts";
import type { CheckInput } from "./check.ts";

const CHECK = "message-id-domain";
const NOT_CONFIGURED = evidence(CHECK, "skip", "No Message-ID domains are configured.");

export function checkMessageIdDomain({ report, site }: CheckInput): Evidence {
  if (site.messageIdDomains.isEmpty) return NOT_CONFIGURED;
  const messageId = messageIdOf(report);
  if (messageId === undefined) return found("neutral", "The report names no Message-ID of the returned message.");
  const domain = messageIdDomain(messageId);
  if (domain === undefined) return found("neutral", "The returned Message-ID has no domain.");
  if (site.messageIdDomains.has(domain)) return judgeOurs(messageId, domain, site.messageIdForms);
  if (isBelow(domain, site.messageIdDomains)) {
    return found("neutral", `The returned Message-ID ends in ${domain}, a host of our domain, but not as ours do.`);
  }
  if (!isPublicName(domain)) {
    return softEvidence(CHECK, "fail", `The returned Message-ID ends in ${domain}, which is some computer's own name.`);
  }
  const foreign = `The returned Message-ID ends in ${domain}, as none of ours does`;
  if (site.profile.messageIdDomainsAreAssumed !== true) return found("fail", `${foreign}.`);
  return softEvidence(CHECK, "fail", `${foreign}, if they end in our domains (site.messageIdDomains does not say).`);
}

/** Where the forms of our MTAs are known, an id of another form may still be a mail program's own, or a copied domain. */
function judgeOurs(messageId: string, domain: string, forms: readonly MessageIdForm[]): Evidence {
  const ours = `The returned Message-ID ends in ${domain}, as ours do`;
  if (forms.length === 0) return found("pass", `${ours}.`);
  const id = messageId.startsWith("<") && messageId.endsWith(">") ? messageId.slice(1, -1) : messageId;
  if (forms.some((fits) => fits(id))) return found("pass", `${ours}, and has a form that our servers give it.`);
  return softEvidence(CHECK, "pass", `${ours}, but has none of the forms that our servers give it.`);
}

/** Mail programs write the name of the computer, `ann-pc.example.com`, where the mail server writes its domain. */
function isBelow(host: string, domains: DomainSet): boolean {
  for (let dot = host.indexOf("."); dot > 0; dot = host.indexOf(".", dot + 1)) {
    if (domains.has(host.slice(dot + 1))) return true;
  }
  return false;
}

function found(outcome: Evidence["outcome"], detail: string): Evidence {
  return evidence(CHECK, outcome, detail);
}

/**
 * With angle brackets where they were sent. An MDN names it in a field of its own (RFC 8098 section 3.2.5), automatic
 * replies and challenges in the fields of a reply (RFC 3834 section 3.1.5).
 */
export function messageIdOf(report: Report): string | undefined {
  const own = report.kind === "mdn" ? report.originalMessageId : undefined;
  return report.returned.messageId ?? own ?? report.answersMessageId;
}
