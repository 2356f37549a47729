/** Reports, envelopes and sites for the tests of this package. */
import { type Address, type Envelope, parseAddress, parseReversePath, readHeader } from "@triage/message";
import type { DsnReport, PlainReport, Returned } from "@triage/reports";
import type { Evidence, ProvenanceCheckId, ProvenancePorts, SiteProfile } from "../src/index.ts";
import { proveProvenance } from "../src/index.ts";

/** Noon of the day of the BATV vector in the design. */
export const NOW = new Date("2026-11-22T12:00:00Z");
export const DAY_MS = 86_400_000;

export function address(text: string): Address {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new Error(`not an address: ${text}`);
  return parsed;
}

export function daysFrom(now: Date, days: number): Date {
  return new Date(now.getTime() + days * DAY_MS);
}

/** A site that has nothing configured but its domain. */
export function siteOf(overrides: Partial<SiteProfile> = {}): SiteProfile {
  return {
    domains: ["example.com"],
    relays: [],
    messageIdDomains: [],
    batv: undefined,
    srs: undefined,
    dkim: undefined,
    ledger: { complete: false, days: 14 },
    ...overrides,
  };
}

export function envelopeTo(...forwardPaths: readonly string[]): Envelope {
  return { reversePath: { kind: "null" }, forwardPaths: forwardPaths.map(address) };
}

/** @param header Lines of a returned header; undefined when nothing came back. */
export function returnedWith(header: string | Buffer | undefined, body?: string | Buffer): Returned {
  const bytes = header === undefined ? undefined : Buffer.from(header);
  const headers = bytes === undefined ? undefined : readHeader(bytes);
  return {
    form: headers === undefined ? "none" : body === undefined ? "headers" : "message",
    headers,
    bytes,
    body: body === undefined ? undefined : Buffer.from(body),
    from: parseAddress(headers?.value("from") ?? ""),
    reversePath: parseReversePath(headers?.value("return-path") ?? "?"),
    messageId: headers?.value("message-id"),
    subject: headers?.value("subject"),
  };
}

export function dsnReturning(returned: Returned, overrides: Partial<DsnReport> = {}): DsnReport {
  return {
    kind: "dsn",
    format: "rfc3464",
    returned,
    traits: [],
    defects: [],
    reportingMta: undefined,
    envelopeId: undefined,
    arrivalDate: undefined,
    queueId: undefined,
    recipients: [],
    ...overrides,
  };
}

export function plainReport(kind: PlainReport["kind"], returned = returnedWith(undefined)): PlainReport {
  return { kind, returned, traits: [], defects: [] };
}

/** Runs the whole stage and gives the evidence of one check. */
export async function evidenceOf(
  check: ProvenanceCheckId,
  input: {
    report?: Parameters<typeof proveProvenance>[0];
    envelope?: Envelope;
    site: SiteProfile;
    ports?: Partial<ProvenancePorts>;
  },
): Promise<Evidence> {
  const report = input.report ?? dsnReturning(returnedWith(undefined));
  const ports = { now: NOW, ...input.ports };
  const all = await proveProvenance(report, input.envelope ?? envelopeTo(), input.site, ports);
  const found = all.find((item) => item.check === check);
  if (found === undefined) throw new Error(`no evidence of ${check}`);
  return found;
}
