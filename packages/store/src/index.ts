export type { ReleaseOutcome, SaveOutcome } from "./classifications.ts";
export type { Failure } from "./dead-letters.ts";
export type { Expiry } from "./retention.ts";
export { openStore, type Store, type StoreOptions } from "./store.ts";
export { StoreQueryError, StoreSetupError, StoreUnavailableError } from "./store-error.ts";
export type {
  DeadLetter,
  Delivery,
  InsertOutcome,
  MessageSource,
  NewDelivery,
  NewMessage,
  SentMessage,
  StoredMessage,
} from "./stored-message.ts";
