export { describePeriod } from "./digest/describe-period.ts";
export { type OutletTest, testOutlets } from "./outlets/test-outlets.ts";
export { type DeliveryParts, startDelivery } from "./start-delivery.ts";
