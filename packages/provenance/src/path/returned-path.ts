import type { HeaderList } from "@triage/message";
import { parseReceived, type ReceivedHop } from "./received-hop.ts";

/** LIMIT: MTAs stop a loop at 25 to 100 hops (RFC 5321 section 6.3); more lines are made up. */
const MAX_HOPS = 50;

const parsed = new WeakMap<HeaderList, readonly ReceivedHop[]>();

/** The Received chain of a returned header, latest first, at most MAX_HOPS; read once per header. */
export function returnedPath(headers: HeaderList): readonly ReceivedHop[] {
  const known = parsed.get(headers);
  if (known !== undefined) return known;
  const hops = headers
    .all("received")
    .slice(0, MAX_HOPS)
    .map((field) => parseReceived(field.rawValue));
  parsed.set(headers, hops);
  return hops;
}
