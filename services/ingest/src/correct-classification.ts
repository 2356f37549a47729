/** The classification that a person's correction puts in the place of the machine's. Pure. */
import type { Classification, CorrectedVerdict } from "@triage/contracts";

/** What every class keeps, as in scoring: no score is 0 or 1. People err, too. */
const SMALLEST_DOUBT = 0.0001;
const SURE = 1 - 4 * SMALLEST_DOUBT;

/** Log-odds of SURE. */
const WEIGHT = Math.log(SURE / (1 - SURE));

const WORDS: Readonly<Record<CorrectedVerdict, string>> = {
  "genuine-dsn": "a report about mail that this site sent",
  "user-report": "a person's message",
  backscatter: "a report about mail that this site never sent",
  automated: "automatic mail",
  spam: "spam",
};

/** LIMIT: of a name in the sentence that the human reads. UTF-16 units. */
const MAX_NAME_CHARS = 60;

export interface PersonsWord {
  readonly verdict: CorrectedVerdict;
  readonly by: string;
  readonly at: Date;
}

type Routed = Pick<Classification, "route" | "actionable" | "urgency" | "rule"> & {
  readonly advice: string | undefined;
};

/**
 * The person's word is the first line and has all the weight; the lines of the checks stay for whoever wants to know
 * what was observed, with none.
 *
 * @param uncorrected  The machine's own classification.
 * @param routed       The policy: where a message with this verdict goes.
 */
export function correctClassification(
  uncorrected: Classification,
  { verdict, by, at }: PersonsWord,
  routed: () => Routed,
): Classification {
  const { advice: _, ...former } = uncorrected;
  const { route, actionable, urgency = "normal", rule, advice } = routed();
  const name = by.length > MAX_NAME_CHARS ? `${by.slice(0, MAX_NAME_CHARS)}...` : by;
  const shown = verdict === "user-report" || verdict === "genuine-dsn";
  const said = `${name} said on ${at.toISOString().slice(0, 10)} that this is ${WORDS[verdict]}`;
  const detail = `${said}; by itself it was ${uncorrected.verdict} (${Math.floor(uncorrected.score * 100)} %)`;
  return {
    ...former,
    verdict,
    score: SURE,
    scores: { ...NO_SCORES, [verdict]: SURE },
    route,
    actionable,
    urgency,
    rule,
    ...(advice !== undefined && { advice }),
    why: `${said}.`,
    evidence: [
      { check: "correction", outcome: shown ? "pass" : "fail", weight: WEIGHT, detail },
      ...uncorrected.evidence.map((line) => ({ ...line, weight: 0 })),
    ],
  };
}

const NO_SCORES: Classification["scores"] = {
  "genuine-dsn": SMALLEST_DOUBT,
  "user-report": SMALLEST_DOUBT,
  backscatter: SMALLEST_DOUBT,
  automated: SMALLEST_DOUBT,
  spam: SMALLEST_DOUBT,
};
