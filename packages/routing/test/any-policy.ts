/** Arbitrary policies and facts, over few enough values that rows often match. */
import type { PolicyRow, RoutedFacts } from "@triage/routing";
import fc from "fast-check";

type Recipient = RoutedFacts["recipients"][number];

const someOf = <Value>(...values: readonly Value[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 });
const REASONS = ["blocked", "user-unknown", "expired"] as const;
const FAILING = ["failed", "delayed"] as const;
const DOMAINS = ["example.net", "example.org"] as const;

const conditions = {
  verdict: someOf("genuine-dsn" as const, "undecided" as const),
  kind: someOf("dsn" as const, "other" as const),
  doubleBounce: fc.boolean(),
  forwardPathDomain: someOf("example.com", "*.example.com"),
  volume: fc.record({ atLeast: fc.constantFrom(2, 10), withinHours: fc.constantFrom(1, 24) }),
  novelty: fc.record({ days: fc.constantFrom(1, 30) }),
  action: someOf(...FAILING, "delivered"),
  reason: someOf(...REASONS),
  reasonRule: someOf("greylisted", "spamhaus"),
  statusClass: someOf("5.7", "x.7", "4", "5.1.1"),
  remoteOrganisation: someOf(...DOMAINS),
  recipientDomain: someOf("example.net", "*.example.net"),
};

const anyRow: fc.Arbitrary<PolicyRow> = fc.record(
  {
    id: fc.constantFrom("a", "b", "c", "d"),
    because: fc.constant("A test."),
    route: fc.constantFrom("human" as const, "digest" as const, "archive" as const),
    urgency: fc.constantFrom("high" as const, "normal" as const, "low" as const),
    ...conditions,
  },
  { requiredKeys: ["id", "because", "route"] },
);

export const anyPolicy = fc.array(anyRow, { maxLength: 6 });

const anyRecipientThat = (...actions: readonly Recipient["action"][]): fc.Arbitrary<Recipient> =>
  fc.record({
    action: fc.constantFrom(...actions),
    reason: fc.constantFrom(...REASONS),
    reasonRule: fc.constantFrom("greylisted", "spamhaus", "other"),
    status: fc.constantFrom(undefined, "5.7.1", "4.7.0", "5.1.1"),
    remoteMta: fc.constantFrom(undefined, "mx.example.org", "[192.0.2.1]"),
    address: fc.constantFrom(undefined, { domain: "example.net" }, { domain: "mail.example.net" }),
  });

export const anyFailing = anyRecipientThat(...FAILING);

export const anyFacts: fc.Arbitrary<RoutedFacts> = fc.record({
  verdict: fc.constantFrom("genuine-dsn" as const, "undecided" as const),
  kind: fc.constantFrom("dsn" as const, "other" as const),
  recipients: fc.array(anyRecipientThat(...FAILING, "delivered"), { maxLength: 3 }),
  doubleBounce: fc.boolean(),
  forwardPathDomains: fc.constantFrom(undefined, ["example.com"], ["example.com", "lists.example.com"]),
  causes: fc.constantFrom(
    undefined,
    { messagesWithin: () => 1, isNew: () => true },
    { messagesWithin: () => 12, isNew: () => false },
    { messagesWithin: () => undefined, isNew: () => undefined },
  ),
});
