/** Whose host it is, near enough for grouping. Pure. */
import { isIP } from "node:net";

/** Second labels under which countries register organisations; a list of all of them is not worth its size here. */
const SHARED_LABELS = new Set(["ac", "co", "com", "edu", "go", "gob", "gov", "ne", "net", "or", "org"]);

/**
 * The registrable part of a host name: the last two labels, or three under `co.uk`, `ne.jp`, `com.br` and the like. Empty
 * for an IP address: which of them answered says nothing of the organisation.
 */
export function remoteOrganisation(host: string): string {
  const name = withoutBrackets(host.toLowerCase());
  if (isAddress(name)) return "";
  const top = name.lastIndexOf(".");
  const second = dotBefore(top, name);
  if (second < 0) return name;
  const isShared = name.length - top === 3 && SHARED_LABELS.has(name.slice(second + 1, top));
  return name.slice((isShared ? dotBefore(second, name) : second) + 1);
}

function dotBefore(dot: number, name: string): number {
  return dot > 0 ? name.lastIndexOf(".", dot - 1) : -1;
}

/** `[192.0.2.1]`, `[ipv6:2001:db8::1]` and the dot at the end of a full name. */
function withoutBrackets(host: string): string {
  const start = host.startsWith("[ipv6:") ? 6 : host.startsWith("[") ? 1 : 0;
  return host.slice(start, host.endsWith("]") || host.endsWith(".") ? -1 : undefined);
}

/** An address has a colon or ends in a digit; only then is the dear isIP asked. */
function isAddress(name: string): boolean {
  return (name.includes(":") || /\d$/.test(name)) && isIP(name) !== 0;
}
