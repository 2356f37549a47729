/**
 * What a check is: a function from facts to one Evidence.
 *
 * Synchronous where nothing has to be asked, because most messages need neither the ledger nor DNS and a promise per
 * check would cost more than the check itself.
 */
import type { Envelope } from "@triage/message";
import type { Report } from "@triage/reports";
import type { Evidence, ProvenanceCheckId } from "../evidence.ts";
import type { ProvenancePorts } from "../ports.ts";
import type { CompiledSite } from "../site/compile-site.ts";

export interface CheckInput {
  readonly report: Report;
  readonly envelope: Envelope;
  readonly site: CompiledSite;
  readonly ports: ProvenancePorts;
}

export interface ProvenanceCheck {
  readonly id: ProvenanceCheckId;
  readonly run: (input: CheckInput) => Evidence | Promise<Evidence>;
}
