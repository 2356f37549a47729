/** What the provenance checks could have found: each one's outcome turned, where the message leaves that possible. */
import { type Evidence, type EvidenceOutcome, type ProvenanceCheckId, sentKeysOf } from "@triage/provenance";
import type { Case } from "./case.ts";
import type { Supposition } from "./supposition.ts";

type Turn = Extract<EvidenceOutcome, "pass" | "fail" | "neutral">;

/** As they fit after "if". A check that is not named here says its name and outcome. */
const SENTENCES: Readonly<Partial<Record<ProvenanceCheckId, Partial<Record<Turn, string>>>>> = {
  batv: {
    pass: "the forward-path carried a BATV token signed with a key of ours",
    fail: "the forward-path carried a BATV token that is not signed with our key",
  },
  srs: {
    pass: "the forward-path were an SRS address made with a secret of ours",
    fail: "the forward-path were an SRS address that is not made with our secret",
  },
  verp: {
    pass: "the forward-path fitted a VERP pattern of ours, with an HMAC of ours",
    fail: "the forward-path fitted a VERP pattern of ours, with an HMAC that is not ours",
  },
  "envelope-id": {
    pass: "the report gave back an ENVID with an HMAC of ours",
    fail: "the report gave back an ENVID of our form with an HMAC that is not ours",
  },
  "header-token": {
    pass: "the returned header carried the header token of our mail servers",
    fail: "the returned header carried a header token that is not ours",
  },
  "returned-dkim": {
    pass: "the returned header carried a DKIM signature of ours that verifies",
  },
  "sent-ledger": {
    pass: "the sent ledger knew the returned message",
    fail: "the sent ledger were complete and did not know the returned message",
  },
  "received-path": {
    pass: "the returned message had passed a relay of ours",
    fail: "the returned message had come from a host that is not ours",
  },
  spf: {
    pass: "SPF named the host that handed over the returned message as one of ours",
    fail: "SPF did not allow the host that handed over the returned message",
  },
  "message-id-domain": {
    pass: "the returned Message-ID ended in a domain of ours",
    fail: "the returned Message-ID ended in a foreign domain",
  },
  "reporting-mta": {
    pass: "a relay of ours had reported it",
    fail: "a host had reported it that does not get such mail from us",
  },
  "returned-sender-domain": {
    fail: "no sender of the returned message were of our domains",
  },
  storm: {
    fail: "it came in a storm of reports about mail under our name, none of it ours",
  },
};

/** Outcomes that these checks never have (docs/scoring.md). */
const NEVER: ReadonlySet<string> = new Set([
  "returned-dkim fail",
  "returned-sender-domain pass",
  "report-delay pass",
  "storm pass",
]);

/** Checks that read the returned header: without one, nothing could have been found in it. */
const OF_RETURNED_HEADER: ReadonlySet<ProvenanceCheckId> = new Set([
  "header-token",
  "returned-dkim",
  "received-path",
  "message-id-domain",
  "returned-sender-domain",
]);

/** @param evidence What the checks really found. */
export function supposeEvidence(actual: Case, evidence: readonly Evidence[]): Supposition[] {
  return evidence
    .filter(({ check }) => isPossible(check, actual))
    .flatMap((item) => turnsOf(item).map((turn) => supposeTurn(item.check, turn)));
}

function isPossible(check: ProvenanceCheckId, { report, site }: Case): boolean {
  if (check === "sent-ledger") return sentKeysOf(report, site) !== undefined;
  return !OF_RETURNED_HEADER.has(check) || report.returned.headers !== undefined;
}

/** A soft outcome may turn into a sure one of the same kind. Nothing to suppose where a check already found nothing. */
function turnsOf({ check, outcome, strength }: Evidence): Turn[] {
  const turns: Turn[] = outcome === "pass" || outcome === "fail" ? ["neutral", "pass", "fail"] : ["pass", "fail"];
  return turns.filter((turn) => (turn !== outcome || strength === "soft") && !NEVER.has(`${check} ${turn}`));
}

function supposeTurn(check: ProvenanceCheckId, turn: Turn): Supposition {
  return {
    about: check,
    sentence: SENTENCES[check]?.[turn] ?? OTHERWISE[turn](check),
    apply: (actual) => ({ ...actual, turned: new Map([...actual.turned, [check, turn]]) }),
  };
}

const OTHERWISE: Readonly<Record<Turn, (check: string) => string>> = {
  pass: (check) => `${check} had passed`,
  fail: (check) => `${check} had spoken against`,
  neutral: (check) => `${check} had found nothing`,
};
