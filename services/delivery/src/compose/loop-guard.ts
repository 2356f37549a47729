/**
 * Keeps the service from writing to itself.
 *
 * Our mail to the human can come back: an alias that points to postmaster@ again, a second triage site whose human is
 * our postmaster. Every mail that we compose therefore names the message it is about in `X-Triage-Loop`, and carries
 * the ids that it found there on, as Received fields are carried on. A message that names an id which our own
 * store knows has been here before. The value of the field decides and not its mere presence: else a spammer could keep
 * a complaint from the human by adding the field, and ids cannot be guessed (74 random bits, RFC 9562 section 5.7).
 *
 * Our mail is known by its signed Message-ID as well, also where a gateway has taken our fields away. What is no mail of ours
 * can loop around us, too: there, the guards are those of MTAs, the hop count (RFC 5321 section 6.3: one Received field for
 * each hop), and an address that the message has been delivered to again and again (RFC 9228).
 */
import type { HeaderList } from "@triage/message";

export const LOOP_FIELD = "X-Triage-Loop";

/**
 * LIMIT: each id is looked up. The last ones count, because each site appends its own: a loop over as many sites is found,
 * and made-up ids in front of it hide nothing.
 */
const MAX_LOOP_IDS = 20;

/** LIMIT: who resends adds such a field each time (RFC 5322 section 3.6.6). */
const MAX_OWN_IDS = 5;
const MAX_DELIVERED_TO = 100;
/**
 * Postfix and qmail write Delivered-To once for each delivery (RFC 9228), and a mail that is piped by an alias may get it twice.
 * A human's address there is no sign: people redirect letters of theirs to postmaster@.
 */
const MAX_SAME_DELIVERIES = 3;
const MAX_ADDRESS_CHARS = 100;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The ids in the X-Triage-Loop fields of a header, top to bottom; values that are no UUID are ignored. The last MAX_LOOP_IDS. */
export function loopIdsOf(headers: HeaderList): readonly string[] {
  const values = headers.all(LOOP_FIELD.toLowerCase()).map(({ rawValue }) => rawValue.trim().toLowerCase());
  return values.filter((value) => UUID.test(value)).slice(-MAX_LOOP_IDS);
}

/** What the guard asks. */
export interface LoopQuestions {
  /** Received fields at most. */
  readonly hopLimit: number;
  /** Whether the store knows a message or notice of that id. */
  readonly isOurs: (id: string) => Promise<boolean>;
  /** Whether a Message-ID is one that we signed. */
  readonly isOurMailId: (messageId: string) => boolean;
}

/**
 * Looks for the signs of a loop in the message's own header (not in what it returns or attaches: a bounce of our own
 * mail is no loop).
 *
 * @returns  One sentence that says what was found, for the dead letter; undefined when the mail may be delivered.
 */
export async function findLoop(
  headers: HeaderList,
  { hopLimit, isOurs, isOurMailId }: LoopQuestions,
): Promise<string | undefined> {
  const hops = headers.all("received").length;
  if (hops > hopLimit) return `Mail loop: ${hops} Received fields, more than the limit of ${hopLimit}`;
  const ownId = ownIdFields(headers).find(isOurMailId);
  if (ownId !== undefined) return `Mail loop: it is our own mail ${ownId}`;
  const again = deliveredOftenTo(headers);
  if (again !== undefined)
    return `Mail loop: it was delivered to ${again} ${MAX_SAME_DELIVERIES + 1} times (Delivered-To)`;
  for (const id of loopIdsOf(headers)) {
    if (await isOurs(id)) return `Mail loop: it carries our own ${LOOP_FIELD} field for message ${id}`;
  }
  return undefined;
}

function ownIdFields(headers: HeaderList): readonly string[] {
  const ids = ["message-id", "resent-message-id"].flatMap((name) => headers.all(name).slice(0, MAX_OWN_IDS));
  return ids.map(({ rawValue }) => rawValue.trim());
}

/** One address that it has been delivered to too often. LIMIT: the topmost fields count; MTAs put theirs on top. */
function deliveredOftenTo(headers: HeaderList): string | undefined {
  const counts = new Map<string, number>();
  for (const { rawValue } of headers.all("delivered-to").slice(0, MAX_DELIVERED_TO)) {
    const address = rawValue.trim().toLowerCase();
    const count = (counts.get(address) ?? 0) + 1;
    if (count > MAX_SAME_DELIVERIES) return address.slice(0, MAX_ADDRESS_CHARS);
    counts.set(address, count);
  }
  return undefined;
}
