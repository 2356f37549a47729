/**
 * The first client in the returned Received chain that is not ours: whom the site that bounced the message got it from.
 *
 * This is the address that SPF (RFC 7208) speaks about and that block lists know: the last thing in the chain that a
 * forger did not write himself. Pure.
 */
import type { Report } from "@triage/reports";
import type { CompiledSite } from "../site/compile-site.ts";
import { returnedTrace } from "./returned-trace.ts";

export interface ForeignHop {
  /** As `parseIp` gives it; undefined where the receiving MTA wrote none. Never an internal address. */
  readonly ip: string | undefined;
  /** What the client called itself, lower-cased: its own claim. */
  readonly helo: string | undefined;
  /** The name that the receiving MTA looked up for the address, lower-cased. */
  readonly name: string | undefined;
  /** The host that saw the client and wrote the line, lower-cased. */
  readonly by: string | undefined;
  /** Of the Received fields, counted from the top, starting at 1. */
  readonly line: number;
  /** Every host above confirmed its client; else a program inside the bounced site could have written the line. */
  readonly firm: boolean;
}

/** @returns undefined when nothing came back, when our own relay handed the message over, or when the chain shows no client. */
export function firstForeignHop(report: Report, site: CompiledSite): ForeignHop | undefined {
  const headers = report.returned.headers;
  if (headers === undefined) return undefined;
  const finding = returnedTrace(headers, site);
  if (finding.kind !== "foreign-client") return undefined;
  const { clientIp, helo, clientName, by } = finding.hop;
  return { ip: clientIp, helo, name: clientName, by, line: finding.line, firm: finding.firm };
}
