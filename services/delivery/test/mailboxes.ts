/** Mailboxes in the place of outlets, for tests about who gets what. */
import type { OutboundMail } from "../src/compose/outbound-mail.ts";
import type { Outlet, OutletResult } from "../src/outlets/outlet.ts";

/** The edge, with what came out of it; `answer` decides, else everything is taken. */
export interface Mailbox extends Outlet {
  readonly mails: { readonly to: string; readonly mail: OutboundMail }[];
  answer: (recipient: string) => Promise<Omit<OutletResult, "recipient">>;
}

export function aMailbox(id: string): Mailbox {
  const mailbox: Mailbox = {
    id,
    lineEnd: "lf",
    mails: [],
    answer: async () => ({ outcome: "delivered", detail: "taken" }),
    deliver: (mail, recipients) =>
      Promise.all(
        recipients.map(async (recipient) => {
          const result = await mailbox.answer(recipient);
          if (result.outcome === "delivered") mailbox.mails.push({ to: recipient, mail });
          return { recipient, ...result };
        }),
      ),
    close: async () => {},
  };
  return mailbox;
}

/** These addresses, for good; all others are taken. */
export const refuses = (...addresses: readonly string[]) => answers("failed", "550 no such user", addresses);
/** These addresses, for now; all others are taken. */
export const putsOff = (...addresses: readonly string[]) => answers("error", "451 try later", addresses);

function answers(outcome: "failed" | "error", detail: string, addresses: readonly string[]): Mailbox["answer"] {
  return async (to) => (addresses.includes(to) ? { outcome, detail } : { outcome: "delivered", detail: "taken" });
}

export const recipientsOf = ({ mails }: Mailbox) => mails.map(({ to }) => to);
