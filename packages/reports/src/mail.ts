/** One mail on its way through the readers of this package: its outline, its envelope, and what was noticed so far. */
import type { Defect, Envelope, HeaderList, Message } from "@triage/message";
import { type Outline, outlineMail } from "./outline.ts";
import type { Report, Returned, Trait } from "./report.ts";
import { messageIdOf } from "./returned/describe.ts";
import { findTraits } from "./traits.ts";

export interface Mail {
  readonly outline: Outline;
  readonly envelope: Envelope;
  readonly traits: ReadonlySet<Trait>;
}

export function openMail(message: Message, envelope: Envelope): Mail {
  const outline = outlineMail(message);
  return { outline, envelope, traits: findTraits(outline, envelope) };
}

/** What every report has. Called last, because decoding a part may still add to the defects of the message. */
export function reportBase(
  mail: Mail,
  returned: Returned,
  extra: { readonly traits?: readonly Trait[]; readonly defects?: readonly Defect[] } = {},
): Pick<Report, "returned" | "answersMessageId" | "reporterDomain" | "date" | "traits" | "defects"> {
  const { header, from } = mail.outline;
  return {
    returned,
    answersMessageId: answeredMessageId(header),
    reporterDomain: from.slice(from.lastIndexOf("@") + 1) || undefined,
    date: header.first("date")?.rawValue.trim(),
    traits: [...mail.traits, ...(extra.traits ?? [])],
    defects: [...mail.outline.message.defects, ...(extra.defects ?? [])],
  };
}

/** The ids in References stand in the order of the thread: the last one is answered (RFC 5322 section 3.6.4). */
function answeredMessageId(header: HeaderList): string | undefined {
  const inReplyTo = header.value("in-reply-to");
  const answered = inReplyTo === undefined ? undefined : messageIdOf(inReplyTo);
  if (answered !== undefined) return answered;
  const references = header.value("references");
  return references === undefined ? undefined : messageIdOf(references.slice(references.lastIndexOf("<") + 1));
}
