/** The few messages that a digest lists, and by the first of them what their cause is called. */
import type { Classification, DigestCause, DigestEntry } from "@triage/contracts";
import { readMessage } from "@triage/message";
import type { Session } from "../database.ts";

/** LIMIT: octets of a message that are looked at for its subject and author. */
const HEADER_BYTES = 16_384;
/** LIMIT: UTF-16 units of a stranger's words that are kept. */
const MAX_TEXT_CHARS = 300;

export interface CauseRow {
  readonly verdict: DigestCause["verdict"];
  readonly kind: DigestCause["kind"];
  readonly route: DigestCause["route"];
  readonly messages: number;
  /** Of messages, nearest to the threshold first; at least one. */
  readonly ids: readonly string[];
}

const LISTED = `
SELECT v.message_id AS id, v.score, v.classification, m.received_at, substring(r.raw FROM 1 FOR $2::integer) AS header
  FROM verdict v JOIN message m ON m.id = v.message_id LEFT JOIN message_raw r ON r.id = v.message_id
 WHERE v.message_id = ANY($1::uuid[])`;

interface ListedMessage {
  readonly entry: DigestEntry;
  readonly classification: Classification;
}

export async function describeCauses(
  session: Session,
  rows: readonly CauseRow[],
  maxEntries: number,
): Promise<readonly DigestCause[]> {
  const ids = rows.flatMap((row) => row.ids);
  const found = await session.query(LISTED, [ids, HEADER_BYTES]);
  const listed = new Map(
    found.map(({ id, score, classification, received_at, header }) => [
      String(id),
      toListed(
        String(id),
        Number(score),
        classification as Classification,
        received_at as Date,
        header as Buffer | null,
      ),
    ]),
  );
  return rows.map((row) => describeCause(row, listed, maxEntries));
}

function describeCause(row: CauseRow, listed: ReadonlyMap<string, ListedMessage>, maxEntries: number): DigestCause {
  const { verdict, kind, route, messages, ids } = row;
  const members = ids.flatMap((id) => listed.get(id) ?? []);
  const example = members[0]?.classification;
  const recipient = example?.report.recipients?.[0];
  const remote = recipient?.remoteMta ?? example?.report.reportingMta;
  return {
    ...{ verdict, kind, route, messages },
    rule: example?.rule ?? "",
    why: shorten(example?.why ?? ""),
    ...(recipient && { reason: recipient.reason }),
    ...(remote !== undefined && recipient && { remote: shorten(remote) }),
    ...(recipient?.diagnostic !== undefined && { words: shorten(recipient.diagnostic) }),
    entries: members.slice(0, maxEntries).map(({ entry }) => entry),
  };
}

function toListed(
  id: string,
  score: number,
  classification: Classification,
  receivedAt: Date,
  header: Buffer | null,
): ListedMessage {
  const { headers } = readMessage(header ?? Buffer.alloc(0)).root;
  const recipient = classification.report.recipients?.[0]?.address;
  const subject = classification.returned.subject ?? headers.text("subject");
  const from = headers.text("from") ?? classification.returned.from;
  return {
    classification,
    entry: {
      ...{ id, receivedAt: receivedAt.toISOString(), score },
      ...(from !== undefined && { from: shorten(from) }),
      ...(subject !== undefined && { subject: shorten(subject) }),
      ...(recipient !== undefined && { recipient: shorten(recipient) }),
    },
  };
}

function shorten(text: string): string {
  return text.slice(0, MAX_TEXT_CHARS);
}
