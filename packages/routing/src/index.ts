export { type CauseFacts, type CauseQuestions, causeQuestions } from "./cause-facts.ts";
export { DEFAULT_POLICY } from "./default-policy.ts";
export { fingerprintIncident } from "./fingerprint-incident.ts";
export * from "./route.ts";
export { type RouteContext, routeFacts, routeMessage } from "./route-message.ts";
export type { RoutedFacts } from "./routed-facts.ts";
