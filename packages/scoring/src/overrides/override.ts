/**
 * An organisation's own word on some of its mail: an override says what a message is, or where it goes, whatever the
 * evidence says. They are tried in order and the first that matches decides; it is shown in the evidence as what it is.
 *
 * Most conditions are about what a sender writes (From, Subject, List-Id, ...), which anybody can forge: see
 * docs/judging.md before an override hides mail.
 */
import type { ReportKind } from "@triage/reports";
import type { VerdictClass } from "../verdict.ts";

/** Where a message goes. Named here and not in routing, because an override names one and scoring explains it. */
export type RouteId = "human" | "digest" | "archive";

/** `joe@example.net`; lower-cased, both parts are compared without case. */
export interface AddressPattern {
  /** undefined: any. */
  readonly localPart: string | undefined;
  readonly domain: DomainPattern;
}

/** `example.net`, or `*.example.net` for any name below it; lower-cased. */
export type DomainPattern = string;

/** A compiled regular expression that takes linear time. The engine is the caller's: this package has none. */
export interface TextPattern {
  /** As it was written. */
  readonly source: string;
  /** Whether it is found anywhere in the text. Never throws. */
  test(text: string): boolean;
}

/** All conditions that are given must hold; of the entries of a list, one. At least one condition is given. */
export interface OverrideMatch {
  /** First address of the header From. */
  readonly from?: readonly AddressPattern[];
  readonly fromDomain?: readonly DomainPattern[];
  /** `<>` is the null reverse-path. An unknown reverse-path matches nothing. */
  readonly reversePath?: readonly (AddressPattern | "<>")[];
  /** Any recipient of the envelope. */
  readonly forwardPath?: readonly AddressPattern[];
  /** Identifier in the List-Id field (RFC 2919). */
  readonly listId?: readonly DomainPattern[];
  readonly kind?: readonly ReportKind[];
  /** Domain of the header From of the returned message. */
  readonly returnedFromDomain?: readonly DomainPattern[];
  readonly subject?: TextPattern;
  /** Topmost field of that lower-case name: the MTA that is nearest to us wrote it last. */
  readonly header?: { readonly name: string; readonly pattern: TextPattern };
  /** Plain text, or the text of the HTML where there is no other. */
  readonly body?: TextPattern;
}

export interface Override {
  /** Kebab-case; stands as `override:<id>` in the evidence. */
  readonly id: string;
  readonly match: OverrideMatch;
  /** What the message is. At least one of `verdict` and `route` is given. */
  readonly verdict?: VerdictClass;
  /** Where it goes; undefined: where the policy sends the verdict. */
  readonly route?: RouteId;
  /** Why it is there, for the human who reads the evidence. */
  readonly because: string;
}

/** Its name in the evidence, as the rule of the route, and in metrics. */
export function overrideCheckId({ id }: Override): string {
  return `override:${id}`;
}
