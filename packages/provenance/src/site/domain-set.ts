/** Sets of host and domain names with wildcards, as the configuration writes them. */
export interface DomainSet {
  readonly isEmpty: boolean;
  /** @param domain Lower-cased, without a trailing dot. */
  has(domain: string): boolean;
}

/**
 * @param patterns Lower-cased names; a leading `*.` matches any subdomain, not the domain itself.
 * @returns        A set whose look-up costs one hash per label, however many wildcards there are.
 */
export function compileDomains(patterns: readonly string[]): DomainSet {
  const exact = new Set<string>();
  const parents = new Set<string>();
  for (const pattern of patterns) {
    if (pattern.startsWith("*.")) parents.add(pattern.slice(2));
    else exact.add(pattern);
  }
  return {
    isEmpty: exact.size + parents.size === 0,
    has: (domain) => exact.has(domain) || (parents.size > 0 && hasParent(domain, parents)),
  };
}

function hasParent(domain: string, parents: ReadonlySet<string>): boolean {
  for (let dot = domain.indexOf("."); dot > 0; dot = domain.indexOf(".", dot + 1)) {
    if (parents.has(domain.slice(dot + 1))) return true;
  }
  return false;
}
