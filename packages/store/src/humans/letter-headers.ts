/** Who wrote a letter, and about what, as its header says: what a list of letters needs. */
import { readMessage } from "@triage/message";
import type { Session } from "../database.ts";

/** LIMIT: octets of a message that are looked at. */
const HEADER_BYTES = 16_384;
/** LIMIT: UTF-16 units of a stranger's words that are kept. */
const MAX_TEXT_CHARS = 300;

/** Decoded, not cleaned; a field is left out where the letter has none, or its bytes are gone. */
export interface LetterHeader {
  readonly from?: string;
  readonly subject?: string;
}

export async function readLetterHeaders(
  session: Session,
  ids: readonly string[],
): Promise<ReadonlyMap<string, LetterHeader>> {
  if (ids.length === 0) return new Map();
  const rows = await session.query(
    "SELECT id, substring(raw FROM 1 FOR $2::integer) AS header FROM message_raw WHERE id = ANY($1::uuid[])",
    [ids, HEADER_BYTES],
  );
  return new Map(rows.map(({ id, header }) => [String(id), readHeader(header as Buffer)]));
}

function readHeader(bytes: Buffer): LetterHeader {
  const { headers } = readMessage(bytes).root;
  const [from, subject] = [headers.text("from"), headers.text("subject")];
  return {
    ...(from !== undefined && { from: from.slice(0, MAX_TEXT_CHARS) }),
    ...(subject !== undefined && { subject: subject.slice(0, MAX_TEXT_CHARS) }),
  };
}
