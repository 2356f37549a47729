export { DEFAULT_POLICY } from "./default-policy.ts";
export { fingerprintIncident } from "./fingerprint-incident.ts";
export * from "./route.ts";
export { routeMessage } from "./route-message.ts";
