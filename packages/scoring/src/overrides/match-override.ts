/** Which override, if any, decides about a message. Pure; the patterns come in compiled. */
import type { Address, Envelope, Message } from "@triage/message";
import type { Report } from "@triage/reports";
import { MessageFacts } from "./message-facts.ts";
import type { AddressPattern, DomainPattern, Override, OverrideMatch } from "./override.ts";

function matchesDomain(domain: string, pattern: DomainPattern): boolean {
  if (!pattern.startsWith("*.")) return domain === pattern;
  return domain.length > pattern.length - 1 && domain.endsWith(pattern.slice(1));
}

function matchesAddress({ localPart, domain }: Address, pattern: AddressPattern): boolean {
  return (
    matchesDomain(domain, pattern.domain) &&
    (pattern.localPart === undefined || localPart.toLowerCase() === pattern.localPart)
  );
}

function isAnyAddress(address: Address | undefined, patterns: readonly AddressPattern[]): boolean {
  return address !== undefined && patterns.some((pattern) => matchesAddress(address, pattern));
}

function isAnyDomain(domain: string | undefined, patterns: readonly DomainPattern[]): boolean {
  return domain !== undefined && patterns.some((pattern) => matchesDomain(domain, pattern));
}

function isAnyReversePath({ reversePath }: Envelope, patterns: NonNullable<OverrideMatch["reversePath"]>): boolean {
  if (reversePath === undefined) return false;
  return patterns.some((pattern) => {
    if (pattern === "<>") return reversePath.kind === "null";
    return reversePath.kind === "address" && matchesAddress(reversePath, pattern);
  });
}

type Wanted = Required<OverrideMatch>;
type Condition<Key extends keyof Wanted> = (wanted: Wanted[Key], facts: MessageFacts) => boolean;
type Conditions = { readonly [Key in keyof Wanted]: Condition<Key> };

/** The cheap ones first: a pattern is tried only where all else fits. */
const CONDITIONS: Conditions = {
  kind: (kinds, { report }) => kinds.includes(report.kind),
  reversePath: (patterns, { envelope }) => isAnyReversePath(envelope, patterns),
  forwardPath: (patterns, { envelope }) => envelope.forwardPaths.some((path) => isAnyAddress(path, patterns)),
  returnedFromDomain: (patterns, { report }) => isAnyDomain(report.returned.from?.domain, patterns),
  from: (patterns, { from }) => isAnyAddress(from, patterns),
  fromDomain: (patterns, { from }) => isAnyDomain(from?.domain, patterns),
  listId: (patterns, { listId }) => isAnyDomain(listId, patterns),
  subject: (pattern, facts) => pattern.test(facts.field("subject") ?? ""),
  header: ({ name, pattern }, facts) => {
    const value = facts.field(name);
    return value !== undefined && pattern.test(value);
  },
  body: (pattern, { body }) => pattern.test(body),
};

const CONDITION_NAMES = Object.keys(CONDITIONS) as readonly (keyof Wanted)[];

type Check = (facts: MessageFacts) => boolean;

function checkOf<Key extends keyof Wanted>(name: Key, match: OverrideMatch): Check[] {
  const wanted = match[name] as Wanted[Key] | undefined;
  const condition: Condition<Key> = CONDITIONS[name];
  return wanted === undefined ? [] : [(facts) => condition(wanted, facts)];
}

/** Made once for each override: most have one or two conditions, and every message asks all of them. */
const CHECKS = new WeakMap<OverrideMatch, readonly Check[]>();

function checksOf(match: OverrideMatch): readonly Check[] {
  let checks = CHECKS.get(match);
  if (checks === undefined) {
    checks = CONDITION_NAMES.flatMap((name) => checkOf(name, match));
    CHECKS.set(match, checks);
  }
  return checks;
}

/** What is known of a message before it is scored. */
export interface OverrideInput {
  readonly message: Message;
  readonly report: Report;
  /** Completed from the header, where the MTA did not tell it. */
  readonly envelope: Envelope;
}

/** @returns The first of the overrides all of whose conditions hold; undefined when there is none. */
export function matchOverride(
  overrides: readonly Override[] | undefined,
  { message, report, envelope }: OverrideInput,
): Override | undefined {
  if (overrides === undefined || overrides.length === 0) return undefined;
  const facts = new MessageFacts(message, report, envelope);
  return overrides.find(({ match }) => checksOf(match).every((check) => check(facts)));
}
