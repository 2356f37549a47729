export { DEFAULT_POLICY } from "./default-policy.ts";
export { fingerprintIncident } from "./fingerprint-incident.ts";
export * from "./route.ts";
export { routeFacts, routeMessage } from "./route-message.ts";
export type { RoutedFacts } from "./routed-facts.ts";
