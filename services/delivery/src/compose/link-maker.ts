/** Makes the links by which a reader of a mail acts on a message (@triage/contracts, action-link.ts). */
import { type LinkAction, signActionLink } from "@triage/contracts";
import type { LinkConfig } from "@triage/runtime";
import type { Store } from "@triage/store";

const DAY_MS = 86_400_000;

export interface LinkMaker {
  /** Days for which a link works. */
  readonly days: number;
  /**
   * @param from  When its time begins to run: a point that stays the same, so that a repeat of the mail is the same mail.
   * @returns     An absolute URL.
   */
  linkTo(action: LinkAction, messageId: string, from: Date): string;
}

/** @returns undefined: the site has no address for people's browsers, and mails carry no links. */
export async function openLinkMaker(
  { publicUrl, days, secrets: [configured] }: LinkConfig,
  store: Pick<Store, "linkSecret">,
): Promise<LinkMaker | undefined> {
  if (publicUrl === undefined) return undefined;
  const secret = configured === undefined ? await store.linkSecret() : Buffer.from(configured, "utf8");
  return {
    days,
    linkTo(action, id, from) {
      const expires = new Date(from.getTime() + days * DAY_MS);
      return `${publicUrl}/l/${signActionLink({ action, id, expires }, secret)}`;
    },
  };
}
