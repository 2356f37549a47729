/** Humans without an address: a chat, a ticket system, a program. Their outlets need none, deliveries and headers do. */
const PREFIX = "human:";

/** What is recorded as the recipient. */
export function recipientWithoutAddress(human: string): string {
  return `${PREFIX}${human}`;
}

/** The values of To: who has no address is an empty group by the name of the human (RFC 5322 section 3.4). */
export function headerTo(recipients: readonly string[]): readonly string[] {
  return recipients.map((recipient) =>
    recipient.startsWith(PREFIX) ? `${recipient.slice(PREFIX.length)}:;` : recipient,
  );
}
