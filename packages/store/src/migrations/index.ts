import { messages } from "./0001-messages.ts";
import { sentLedger } from "./0002-sent-ledger.ts";
import type { Migration } from "./migration.ts";

/** In the order in which they are applied. */
export const MIGRATIONS: readonly Migration[] = [messages, sentLedger];
