/** What would have changed: the result of judging stored messages again. `--format json` prints it as it is. */
import type { Classification, CorrectedVerdict } from "@triage/contracts";

/** What is decided about a message. */
export interface Decision {
  readonly verdict: Classification["verdict"];
  readonly route: Classification["route"];
}

/** One message that would be decided otherwise. Holds words of the message, so it is not for logs. */
export interface ChangedMessage {
  readonly id: string;
  readonly receivedAt: string;
  /** Domain of the header From; left out where there is none. */
  readonly fromDomain?: string;
  /** Shortened. */
  readonly subject: string;
  /** As it was decided, before anybody corrected it. */
  readonly before: Decision;
  readonly after: Decision;
  /** The sentence of the new verdict. */
  readonly why: string;
  /** It would be decided so today without the options as well; undefined: that cannot be told. */
  readonly alsoWithout?: boolean;
  /** What a person says that it is. */
  readonly corrected?: CorrectedVerdict;
}

export interface ChangeCount {
  readonly before: Decision;
  readonly after: Decision;
  readonly messages: number;
}

export interface ChangedList {
  readonly messages: number;
  /** The first of them, at most MAX_LISTED; those that the options change come first. */
  readonly list: readonly ChangedMessage[];
}

export interface WhatIf {
  readonly since: string;
  readonly days: number;
  /** What is supposed; empty: nothing, so that only what has changed since shows. */
  readonly supposed: readonly string[];
  /** Judged again. */
  readonly messages: number;
  /** Not judged: retention has dropped their bytes. */
  readonly withoutBytes: number;
  /** The classifier failed on them; they count as undecided, to the human, as in the service. */
  readonly failed: number;
  readonly changed: number;
  /** Of the changed ones, those that would be decided so today without the options as well; undefined: cannot be told. */
  readonly changedAnyway?: number;
  /** Most messages first. */
  readonly changes: readonly ChangeCount[];
  /** From the human to the digest or the archive. */
  readonly newlyHidden: ChangedList;
  readonly newlyShown: ChangedList;
  readonly corrections: CorrectionCount;
}

/** Messages that a person corrected, and how many have the verdict that the person gave. */
export interface CorrectionCount {
  readonly messages: number;
  readonly rightBefore: number;
  readonly rightAfter: number;
}
