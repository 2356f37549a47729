/** A mail of ours to a human that came back, and whom it had reached: the words of this folder. */
import type { BounceFacts } from "@triage/contracts";
import type { OwnMail } from "@triage/message";
import { toStorableText } from "../json-text.ts";

/** LIMIT: the remote's words in facts and dead letters. */
const MAX_WORDS_CHARS = 500;

/** Whom the mail did not reach, as the report says. */
export interface BouncedRecipient {
  /** As the report spells it, the one that we gave first; none: it names nobody. */
  readonly addresses: readonly string[];
  readonly reason: BounceFacts["reason"];
  readonly words: string | undefined;
}

export interface OwnBounce {
  /** Id of the report here. */
  readonly reportId: string;
  readonly mail: Pick<OwnMail, "id" | "step">;
  readonly failures: readonly BouncedRecipient[];
  readonly at: Date;
}

/** One address that took the mail, at least once. */
export interface Sent {
  readonly human: string | undefined;
  readonly outlet: string;
  readonly recipient: string;
  /** Nothing has come back from there yet. */
  readonly stands: boolean;
  readonly mail: SentMail;
}

/** What the mail was. */
export type SentMail =
  | { readonly kind: "message" }
  | { readonly kind: "notice"; readonly id: string }
  | { readonly kind: "digest"; readonly id: string };

export interface Blamed {
  readonly failure: BouncedRecipient;
  readonly sent: Sent | undefined;
}

export function wordsOf({ words, reason }: BouncedRecipient): string {
  return toStorableText(words ?? reason).slice(0, MAX_WORDS_CHARS);
}
