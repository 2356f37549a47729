/** One mail on its way through the readers of this package: its outline, its envelope, and what was noticed so far. */
import type { Defect, Envelope, Message } from "@triage/message";
import { type Outline, outlineMail } from "./outline.ts";
import type { Report, Returned, Trait } from "./report.ts";
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
): Pick<Report, "returned" | "traits" | "defects"> {
  return {
    returned,
    traits: [...mail.traits, ...(extra.traits ?? [])],
    defects: [...mail.outline.message.defects, ...(extra.defects ?? [])],
  };
}
