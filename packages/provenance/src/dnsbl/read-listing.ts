/** What the addresses mean that a DNS block list answers with (RFC 5782 section 2.1). Pure. */

export type Listing =
  /** `codes`: the addresses in 127.0.0.0/8, by which the list tells why. */
  | { readonly kind: "listed"; readonly codes: readonly string[] }
  /** The list answered that it does not want to answer us. */
  | { readonly kind: "refused"; readonly codes: readonly string[] }
  /** No address that a block list gives: a parked domain, or a resolver that makes answers up. */
  | { readonly kind: "not-a-list"; readonly codes: readonly string[] };

/**
 * Spamhaus: a zone typed wrongly (.252), a public resolver (.254), too many questions (.255). Others (Barracuda, SORBS'
 * heirs) follow it. Taken for listings, these would call the whole world a backscatterer.
 */
const REFUSALS = "127.255.255.";
/** URIBL's and SURBL's "you are blocked"; no list may mean a listing by it, since 127.0.0.1 is what is never listed (section 5). */
const LOOPBACK = "127.0.0.1";

/** @param addresses A records, at least one. */
export function readListing(addresses: readonly string[]): Listing {
  const codes = addresses.filter((address) => address.startsWith("127."));
  const reasons = codes.filter((code) => !code.startsWith(REFUSALS) && code !== LOOPBACK);
  if (reasons.length > 0) return { kind: "listed", codes: reasons };
  return codes.length > 0 ? { kind: "refused", codes } : { kind: "not-a-list", codes: addresses };
}
