/** What erasing a person does to one message: told by whom it is and whom it names, in whatever encoding. */
import type { Classification, MessageState } from "@triage/contracts";
import {
  type Envelope,
  ERASED_ADDRESS,
  type Person,
  parseAddressList,
  readHeader,
  searchableTexts,
} from "@triage/message";
import type { Row, Session } from "../database.ts";
import { toJsonText } from "../json-text.ts";
import { IS_SETTLED } from "../messages/settled-message.ts";
import { eraseFromValue } from "./erasure-texts.ts";

/** A message that this person's data left the service in, or could not be taken out of. */
export interface ErasureMessage {
  readonly id: string;
  readonly receivedAt: Date;
  readonly state: MessageState;
}

/** LIMIT: messages of one transaction, all in memory at once with their bytes; a single one may be larger. */
const BATCH = 50;
const BATCH_BYTES = 16_000_000;
/** One pass over the bytes, in the order of their partitions. */
export const MESSAGES_TO_ERASE = `
SELECT m.id, m.state, m.received_at, m.envelope, v.classification, v.uncorrected, r.raw,
       ${IS_SETTLED} AS settled,
       EXISTS (SELECT FROM delivery x WHERE x.message_id = m.id AND x.outcome = 'delivered') AS delivered
  FROM message m LEFT JOIN verdict v ON v.message_id = m.id LEFT JOIN message_raw r ON r.id = m.id
 WHERE m.id IN (
   SELECT id FROM (
     SELECT id, sum(size_bytes) OVER earlier AS bytes, row_number() OVER earlier AS place
       FROM (SELECT id, size_bytes FROM message WHERE id > $1 ORDER BY id LIMIT ${BATCH}) next
     WINDOW earlier AS (ORDER BY id)) sized
    WHERE place = 1 OR bytes <= ${BATCH_BYTES})
 ORDER BY m.id FOR UPDATE OF m`;

export interface FoundMessages {
  /** Messages that the person wrote, and others that name them. */
  written: number;
  mentioned: number;
  readonly delivered: ErasureMessage[];
  readonly unfinished: ErasureMessage[];
}

export interface MessageErasure {
  readonly row: Row;
  readonly person: Person;
  readonly dryRun: boolean;
  readonly at: Date;
  /** Is added to. */
  readonly found: FoundMessages;
}

export async function eraseMessage(
  session: Session,
  { row, person, dryRun, at, found }: MessageErasure,
): Promise<void> {
  const raw = (row.raw ?? undefined) as Buffer | undefined;
  const isWritten = isWrittenBy(person, row.envelope as Envelope, raw);
  const isNamed = isWritten || (raw !== undefined && isNamedIn(raw, person)) || isInFacts(row, person);
  if (!isNamed) return;
  const message = { id: String(row.id), receivedAt: row.received_at as Date, state: row.state as MessageState };
  if (row.delivered === true) found.delivered.push(message);
  if (row.settled !== true) {
    found.unfinished.push(message);
    return;
  }
  if (isWritten) found.written += 1;
  else found.mentioned += 1;
  if (dryRun) return;
  await session.query("DELETE FROM message_raw WHERE id = $1", [row.id]);
  await session.query("UPDATE message SET erased_at = $2 WHERE id = $1", [row.id, at]);
  await rewriteVerdict(session, row, (classification) =>
    isWritten ? stubOf(classification) : withoutPerson(classification, person),
  );
  await forgetWords(session, String(row.id), isWritten);
}

function isWrittenBy(person: Person, { reversePath }: Envelope, raw: Buffer | undefined): boolean {
  if (reversePath?.kind === "address" && person.is(reversePath)) return true;
  if (raw === undefined) return false;
  const header = readHeader(raw);
  return ["from", "sender", "reply-to", "return-path", "resent-from", "resent-sender"].some((name) =>
    header.all(name).some(({ rawValue }) => {
      const value = Buffer.from(rawValue, "latin1").toString("utf8");
      return person.isIn(value) || parseAddressList(value).some((address) => person.is(address));
    }),
  );
}

function isNamedIn(raw: Buffer, person: Person): boolean {
  for (const text of searchableTexts(raw)) if (person.isIn(text)) return true;
  return false;
}

function isInFacts({ envelope, classification, uncorrected }: Row, person: Person): boolean {
  return [envelope, classification, uncorrected].some((value) => eraseFromValue(value, person) !== value);
}

async function rewriteVerdict(
  session: Session,
  { id, classification, uncorrected }: Row,
  rewrite: (classification: Classification) => Classification,
): Promise<void> {
  const texts = [classification, uncorrected].map((value) =>
    value === null ? null : toJsonText(rewrite(value as Classification)),
  );
  await session.query("UPDATE verdict SET classification = $2::json, uncorrected = $3::json WHERE message_id = $1", [
    id,
    ...texts,
  ]);
}

/** What counts need, and no word of the message. */
function stubOf({
  verdict,
  score,
  scores,
  route,
  actionable,
  rule,
  report,
  returned,
  evidence,
}: Classification): Classification {
  return {
    ...{ verdict, score, scores, route, actionable, rule },
    why: "The message was erased on request.",
    report: { kind: report.kind, ...(report.format !== undefined && { format: report.format }) },
    returned: { form: returned.form },
    evidence: evidence.map(({ check, outcome, weight }) => ({ check, outcome, weight, detail: "" })),
  };
}

/** The subject of a returned message is in the words of who wrote it. */
function withoutPerson(classification: Classification, person: Person): Classification {
  const { subject, ...returned } = classification.returned;
  const isTheirs = [returned.from, returned.reversePath].some((text) => text !== undefined && person.isIn(text));
  const isKept = subject !== undefined && !isTheirs;
  const without = { ...classification, returned: isKept ? { ...returned, subject } : returned };
  return eraseFromValue(without, person) as Classification;
}

/** Words of the message that training learned from, what a person noted of it, and how it was handed on. */
async function forgetWords(session: Session, id: string, isWritten: boolean): Promise<void> {
  const forgotten = await session.query(
    `UPDATE correction SET learning = CASE learning WHEN 'kept' THEN 'forgotten' WHEN 'pending' THEN 'impossible' ELSE learning END,
            features = NULL, note = CASE WHEN $2 THEN NULL ELSE note END
      WHERE message_id = $1 RETURNING 1`,
    [id, isWritten],
  );
  if (forgotten.length > 0) await session.query("UPDATE learning_state SET wanted = wanted + 1");
  if (!isWritten) return;
  await session.query(
    "UPDATE message SET envelope = jsonb_set(envelope::jsonb, '{reversePath}', $2::jsonb)::json WHERE id = $1",
    [id, JSON.stringify(ERASED_ADDRESS)],
  );
}
