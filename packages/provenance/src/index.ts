export { CHECKS } from "./checks/index.ts";
export type { Evidence, EvidenceOutcome, ProvenanceCheckId } from "./evidence.ts";
export * from "./ports.ts";
export { proveProvenance } from "./prove-provenance.ts";
export { sentKeysOf } from "./sent-keys.ts";
export * from "./site-profile.ts";
export { signBatv } from "./tokens/batv-token.ts";
export { signSrs } from "./tokens/srs-address.ts";
