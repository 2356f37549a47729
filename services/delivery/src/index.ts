export { type DeliveryParts, startDelivery } from "./start-delivery.ts";
