export { CHECKS } from "./checks/index.ts";
export { type Evidence, type EvidenceOutcome, PROVENANCE_CHECK_IDS, type ProvenanceCheckId } from "./evidence.ts";
export { findOwnMail } from "./own-mail/find-own-mail.ts";
export { firstForeignHop } from "./path/first-foreign-hop.ts";
export { isMessageIdForm, MESSAGE_ID_FORMS } from "./path/message-id-form.ts";
export { reportingClientIp } from "./path/reporting-client.ts";
export { returnedPath } from "./path/returned-path.ts";
export * from "./ports.ts";
export { proveProvenance } from "./prove-provenance.ts";
export { sentKeysOf } from "./sent-keys.ts";
export { compileSite } from "./site/compile-site.ts";
export * from "./site-profile.ts";
export { assessStorm, type StormStrength, type StormThresholds } from "./storm/assess-storm.ts";
export { type Mark, markOf } from "./storm/hyperloglog.ts";
export { recallStorm } from "./storm/recall-storm.ts";
export type { StormKey, StormKeyKind, StormObservation, StormProof } from "./storm/storm-observation.ts";
export * from "./storm/storm-sketch.ts";
export { signBatv } from "./tokens/batv-token.ts";
export { type CanonicalFields, signHeaders } from "./tokens/header-token.ts";
export {
  type FilledToken,
  fillTokenPattern,
  type PatternedTokenProfile,
  type TokenValues,
} from "./tokens/patterned-token.ts";
export { signSrs } from "./tokens/srs-address.ts";
export { type BadPattern, hmacOf, parseTokenPattern, type TokenPattern } from "./tokens/token-pattern.ts";
