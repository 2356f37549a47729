import type { HeaderList } from "@triage/message";
import { parseReceived, type ReceivedHop } from "./received-hop.ts";

/** LIMIT: MTAs stop a loop at 25 to 100 hops (RFC 5321 section 6.3); more lines are made up. */
const MAX_HOPS = 50;

/**
 * What was read last: the checks of one message ask one after the other. A WeakMap with a key per message costs the
 * garbage collector more than reading the chain again would.
 */
let last: { readonly headers: HeaderList; readonly hops: readonly ReceivedHop[] } | undefined;

/** The Received chain of a returned header, latest first, at most MAX_HOPS; read once per header. */
export function returnedPath(headers: HeaderList): readonly ReceivedHop[] {
  if (last?.headers === headers) return last.hops;
  const hops = headers
    .all("received")
    .slice(0, MAX_HOPS)
    .map((field) => parseReceived(field.rawValue));
  last = { headers, hops };
  return hops;
}
