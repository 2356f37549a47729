/** What the store knows of our own mail that came back, of alerts, and of the secret that our mail is known by. */

import type { Database } from "../database.ts";
import { closeQuietAlerts, watchDeadLetters } from "../incidents/alerts.ts";
import { mailSecret } from "./mail-secret.ts";
import type { OwnBounce } from "./own-bounce.ts";
import { noteOwnBounce } from "./own-bounces.ts";

export interface OwnMailStore {
  /** Signs the Message-IDs of our mail where the site gives no secret: the same for all roles. */
  mailSecret(): Promise<string>;
  /** Marks what did not arrive, and raises an alert. Ids of the notices that tell it; a report counts once. */
  noteOwnBounce(bounce: OwnBounce): Promise<readonly string[]>;
  /** Looks how many dead letters wait; ids of the notices that this makes necessary. */
  watchDeadLetters(): Promise<readonly string[]>;
  /** Ends the alerts of bounces and of notices of which nothing was heard since then, without a notice. */
  closeQuietAlerts(quietSince: Date): Promise<void>;
}

export interface OwnMailParts {
  readonly database: Database;
  readonly newId: () => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function bindOwnMail({ database, newId, now }: OwnMailParts): OwnMailStore {
  return {
    mailSecret: () => mailSecret(database),
    noteOwnBounce: (bounce) => noteOwnBounce(database, bounce, newId),
    watchDeadLetters: () => watchDeadLetters(database, new Date(now()), newId),
    closeQuietAlerts: (quietSince) => closeQuietAlerts(database, quietSince, new Date(now())),
  };
}
