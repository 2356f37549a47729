/**
 * Who reports: the host or domain that says of itself that it could not deliver, and whether it is ours.
 *
 * Anybody could write any name there, but who forges a sender does not write the report: an honest, deceived host does.
 */
import type { Report } from "@triage/reports";
import type { CompiledSite } from "../site/compile-site.ts";
import { isPublicName } from "./host-name.ts";

export type Reporter =
  /** `named`: by the name of a relay; else by a domain of ours alone. */
  | { readonly kind: "ours"; readonly name: string; readonly named: boolean }
  | { readonly kind: "foreign"; readonly name: string }
  | { readonly kind: "unknown" };

const UNKNOWN: Reporter = { kind: "unknown" };

/** The Reporting-MTA (RFC 3464 section 2.2.2) where that is a public name, else the domain of the report's header From. */
export function reporterOf(report: Report, { relays, domains, ownHosts }: CompiledSite): Reporter {
  const mta = report.kind === "dsn" ? report.reportingMta?.toLowerCase() : undefined;
  if (mta !== undefined && relays.hasName(mta)) return { kind: "ours", name: mta, named: true };
  const name = [mta, report.reporterDomain].find(isPublicName);
  if (name === undefined) return UNKNOWN;
  // An MTA of ours completes a bare MAILER-DAEMON with our domain, whoever sent it.
  if (ownHosts.has(name) || domains.has(name)) return { kind: "ours", name, named: false };
  return { kind: "foreign", name };
}
