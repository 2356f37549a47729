/**
 * The verdict on a message that the classifier could not get through: `undecided`, to the human, with the defect named.
 *
 * Suppressing is the costly mistake, and losing is worse. A bug of ours must cost a person a minute, not a message. Pure.
 */
import type { Classification } from "@triage/contracts";

/** Id of the policy row that stands for "the classifier gave up"; not in the table, nothing can switch it off. */
export const GAVE_UP_RULE = "classifier-gave-up";

/** LIMIT: an error message of ours names a place, it does not carry a mail. */
const MAX_ERROR_CHARS = 300;

export function undecidedClassification(error: Error): Classification {
  const detail = `${error.name}: ${error.message}`.slice(0, MAX_ERROR_CHARS);
  return {
    verdict: "undecided",
    score: 0,
    scores: { "genuine-dsn": 0, "user-report": 0, backscatter: 0, automated: 0, spam: 0 },
    route: "human",
    actionable: true,
    why: "The classifier failed on this message, so nothing is known about it and a person has to look.",
    advice:
      "Read the attached original yourself. Please report the defect named here: this is a mistake in the classifier, not in the mail.",
    rule: GAVE_UP_RULE,
    report: { kind: "other", defects: [{ code: "classifier-error", detail }] },
    returned: { form: "none" },
    evidence: [],
  };
}
