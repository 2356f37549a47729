/** What the operator could have configured: names that stand in the returned header, supplied one at a time. */
import { type ProvenanceCheckId, returnedPath, type SiteProfile } from "@triage/provenance";
import { VERDICT_CLASSES, type Verdict, type VerdictClass } from "@triage/scoring";
import type { Case } from "./case.ts";
import type { Supposition } from "./supposition.ts";

/** LIMIT: names out of the returned header; a stranger chooses how many there are. */
const MAX_NAMES = 8;

/** Lists of the site, and the check that each is for. */
const CHECKS = {
  relays: "received-path",
  domains: "returned-sender-domain",
  messageIdDomains: "message-id-domain",
} as const satisfies Partial<Record<keyof SiteProfile, ProvenanceCheckId>>;

type NameList = keyof typeof CHECKS;

export function supposeConfiguration(actual: Case, verdict: Verdict): Supposition[] {
  return [
    ...listNames("relays", relaysOf(actual)),
    ...listNames("domains", senderDomainsOf(actual)),
    ...listNames("messageIdDomains", messageIdDomainsOf(actual)),
    ...supposeThreshold(actual, verdict),
    ...withoutOverride(actual),
  ].filter((supposition) => !isListed(supposition, actual.site));
}

interface ListedName extends Supposition {
  readonly list?: NameList;
  readonly name?: string;
}

function isListed({ list, name }: ListedName, site: SiteProfile): boolean {
  return list !== undefined && name !== undefined && site[list].includes(name);
}

function listNames(list: NameList, names: readonly string[]): ListedName[] {
  return [...new Set(names)].slice(0, MAX_NAMES).map((name) => ({
    about: CHECKS[list],
    list,
    name,
    sentence: `${name} were listed in site.${list}`,
    apply: (actual) => ({ ...actual, site: { ...actual.site, [list]: [...actual.site[list], name] } }),
  }));
}

/** The hosts of the returned Received chain, those that handed over first: the topmost writer is mostly the bounced site itself. */
function relaysOf({ report }: Case): string[] {
  const { headers } = report.returned;
  if (headers === undefined) return [];
  const hops = returnedPath(headers);
  const handedOver = hops.flatMap(({ clientName, clientIp }) => [clientName, clientIp]);
  const writers = [...hops.slice(1), ...hops.slice(0, 1)].map(({ by }) => by);
  return [...handedOver, ...writers].filter((name) => name !== undefined);
}

function senderDomainsOf({ report }: Case): string[] {
  const { from, reversePath } = report.returned;
  const domains = [from?.domain, reversePath?.kind === "address" ? reversePath.domain : undefined];
  return domains.filter((domain) => domain !== undefined);
}

/** A name that no configuration could hold (spaces, brackets) is left out. */
function messageIdDomainsOf({ report }: Case): string[] {
  const { messageId } = report.returned;
  const domain = messageId?.slice(messageId.lastIndexOf("@") + 1).replace(/>$/, "");
  return domain !== undefined && /^[\p{L}\p{N}._-]{1,253}$/u.test(domain) ? [domain.toLowerCase()] : [];
}

/** The site's own word, taken back. */
function withoutOverride({ override }: Case): Supposition[] {
  if (override === undefined) return [];
  const sentence = `the override "${override.id}" were not in the configuration`;
  return [{ about: "override", sentence, apply: (actual) => ({ ...actual, override: undefined }) }];
}

const HIDING: readonly VerdictClass[] = ["backscatter", "automated", "spam"];

/** The threshold that an undecided message would just have reached. */
function supposeThreshold({ thresholds }: Case, { verdict, scores }: Verdict): Supposition[] {
  if (verdict !== "undecided") return [];
  const leading = VERDICT_CLASSES.reduce((best, name) => (scores[name] > scores[best] ? name : best));
  const compared = HIDING.includes(leading) ? HIDING.reduce((sum, name) => sum + scores[name], 0) : scores[leading];
  const threshold = Math.floor(compared * 100) / 100;
  if (threshold <= 0) return [];
  return [
    {
      about: "thresholds",
      sentence: `thresholds.${leading} were ${threshold} instead of ${thresholds[leading]}`,
      apply: (actual) => ({ ...actual, thresholds: { ...actual.thresholds, [leading]: threshold } }),
    },
  ];
}
