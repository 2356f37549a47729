/** The `overrides` section: names lower-cased, addresses read, patterns compiled once for all messages. */
import { REPORT_KINDS } from "@triage/contracts";
import { parseAddress } from "@triage/message";
import type { AddressPattern, DomainPattern, Override, OverrideMatch, TextPattern } from "@triage/scoring";
import type { ConfigPath } from "../config-document.ts";
import type { Config } from "../config-file.ts";
import { DOMAIN_PATTERN } from "./domain-pattern.ts";
import type { ReportProblem } from "./secret-files.ts";
import { compileTextPattern } from "./text-pattern.ts";

type OverrideSection = NonNullable<Config["overrides"]>[number];
type MatchSection = OverrideSection["match"];
type OneOrMore = string | readonly string[];

export function resolveOverrides(sections: readonly OverrideSection[], report: ReportProblem): readonly Override[] {
  const ids = new Set<string>();
  return sections.map((section, index) => {
    const path = ["overrides", index];
    const { id, match, verdict, route, because } = section;
    if (ids.has(id)) report([...path, "id"], `is given twice: "${id}"`);
    ids.add(id);
    if (verdict === undefined && route === undefined) report(path, "needs verdict or route, or both");
    return {
      id,
      because,
      match: resolveMatch(match, [...path, "match"], report),
      ...(verdict !== undefined && { verdict }),
      ...(route !== undefined && { route }),
    };
  });
}

function resolveMatch(match: MatchSection, path: ConfigPath, report: ReportProblem): OverrideMatch {
  const addresses = (key: "from" | "forwardPath") => readEach(match[key], [...path, key], report, readAddress);
  const domains = (key: "fromDomain" | "listId" | "returnedFromDomain") =>
    readEach(match[key], [...path, key], report, readDomain);
  const pattern = (key: "subject" | "body") => readPattern(match[key], [...path, key], report);
  const header = match.header && readPattern(match.header.pattern, [...path, "header", "pattern"], report);
  return withoutUndefined({
    from: addresses("from"),
    fromDomain: domains("fromDomain"),
    reversePath: readEach(match.reversePath, [...path, "reversePath"], report, readReversePath),
    forwardPath: addresses("forwardPath"),
    listId: domains("listId"),
    kind: readEach(match.kind, [...path, "kind"], report, readKind),
    returnedFromDomain: domains("returnedFromDomain"),
    subject: pattern("subject"),
    header: header && match.header && { name: match.header.name.toLowerCase(), pattern: header },
    body: pattern("body"),
  });
}

/** A condition that is not given is not there: one that is undefined would be one that nothing fulfils. */
function withoutUndefined(match: { [Key in keyof OverrideMatch]: OverrideMatch[Key] | undefined }): OverrideMatch {
  return Object.fromEntries(Object.entries(match).filter(([, value]) => value !== undefined)) as OverrideMatch;
}

/** @param read  What it cannot read is undefined; `expected` then says what would have been right. */
function readEach<Pattern>(
  value: OneOrMore | undefined,
  path: ConfigPath,
  report: ReportProblem,
  read: { readonly parse: (text: string) => Pattern | undefined; readonly expected: string },
): readonly Pattern[] | undefined {
  if (value === undefined) return undefined;
  const texts = typeof value === "string" ? [value] : value;
  return texts.flatMap((text, index) => {
    const pattern = read.parse(text.trim());
    if (pattern !== undefined) return [pattern];
    report(typeof value === "string" ? path : [...path, index], `must be ${read.expected}, not "${text}"`);
    return [];
  });
}

function parseDomain(text: string): DomainPattern | undefined {
  return DOMAIN_PATTERN.test(text) ? text.toLowerCase().replace(/\.$/, "") : undefined;
}

/** `joe@example.net`, `*@example.net`, `*@*.example.net` */
function parseAddressPattern(text: string): AddressPattern | undefined {
  if (text.startsWith("*@")) {
    const domain = parseDomain(text.slice(2));
    return domain === undefined ? undefined : { localPart: undefined, domain };
  }
  const address = parseAddress(text);
  if (address === undefined || address.domain === "" || text.includes("*")) return undefined;
  return { localPart: address.localPart.toLowerCase(), domain: address.domain };
}

const readKind = {
  parse: (text: string) => REPORT_KINDS.find((kind) => kind === text),
  expected: `one of ${REPORT_KINDS.join(", ")}`,
};
const readDomain = { parse: parseDomain, expected: "a domain such as example.net or *.example.net" };
const readAddress = { parse: parseAddressPattern, expected: "an address such as joe@example.net or *@example.net" };
const readReversePath = {
  parse: (text: string) => (text === "<>" ? text : parseAddressPattern(text)),
  expected: "<>, or an address such as joe@example.net or *@example.net",
} as const;

function readPattern(source: string | undefined, path: ConfigPath, report: ReportProblem): TextPattern | undefined {
  if (source === undefined) return undefined;
  const pattern = compileTextPattern(source);
  if (pattern.kind === "pattern") return pattern;
  report(path, pattern.message);
  return undefined;
}
