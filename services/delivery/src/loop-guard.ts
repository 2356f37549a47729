/**
 * Keeps the service from writing to itself.
 *
 * Our mail to the human can come back: an alias that points to postmaster@ again, a second triage site whose human is
 * our postmaster. Every mail that we compose therefore names the message it is about in `X-Triage-Loop`, and carries
 * the ids that it found there on, as Received fields are carried on. A message that names an id which our own
 * store knows has been here before. The value of the field decides and not its mere presence: else a spammer could keep
 * a complaint from the human by adding the field, and ids cannot be guessed (74 random bits, RFC 9562 section 5.7).
 *
 * The second guard is the hop count that MTAs use (RFC 5321 section 6.3): one Received field for each hop.
 */
import type { HeaderList } from "@triage/message";

export const LOOP_FIELD = "X-Triage-Loop";

/**
 * LIMIT: each id is looked up. The last ones count, because each site appends its own: a loop over as many sites is found,
 * and made-up ids in front of it hide nothing.
 */
const MAX_LOOP_IDS = 20;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The ids in the X-Triage-Loop fields of a header, top to bottom; values that are no UUID are ignored. The last MAX_LOOP_IDS. */
export function loopIdsOf(headers: HeaderList): readonly string[] {
  const values = headers.all(LOOP_FIELD.toLowerCase()).map(({ rawValue }) => rawValue.trim().toLowerCase());
  return values.filter((value) => UUID.test(value)).slice(-MAX_LOOP_IDS);
}

/**
 * Looks for the signs of a loop in the message's own header (not in what it returns or attaches: a bounce of our own
 * mail is no loop).
 *
 * @param isOurs  Whether the store knows a message of that id.
 * @returns       One sentence that says what was found, for the dead letter; undefined when the mail may be delivered.
 */
export async function findLoop(
  headers: HeaderList,
  hopLimit: number,
  isOurs: (id: string) => Promise<boolean>,
): Promise<string | undefined> {
  const hops = headers.all("received").length;
  if (hops > hopLimit) return `Mail loop: ${hops} Received fields, more than the limit of ${hopLimit}`;
  for (const id of loopIdsOf(headers)) {
    if (await isOurs(id)) return `Mail loop: it carries our own ${LOOP_FIELD} field for message ${id}`;
  }
  return undefined;
}
