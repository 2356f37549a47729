/** What the message itself could have been: the null reverse-path where it had another one, and each trait gone. */
import { NULL_REVERSE_PATH } from "@triage/message";
import { readReport, type Trait } from "@triage/reports";
import type { Case } from "./case.ts";
import type { Supposition } from "./supposition.ts";

export function supposeMessage({ envelope, report }: Case): Supposition[] {
  const traits = report.traits.filter((trait) => trait !== "null-reverse-path");
  return [...(envelope.reversePath?.kind === "null" ? [] : [nullReversePath]), ...traits.map(withoutTrait)];
}

const nullReversePath: Supposition = {
  about: "reverse-path",
  sentence: "it had come with the null reverse-path (--reverse-path '')",
  apply(actual) {
    const envelope = { ...actual.envelope, reversePath: NULL_REVERSE_PATH };
    return { ...actual, envelope, report: readReport(actual.message, envelope) };
  },
};

function withoutTrait(trait: Trait): Supposition {
  return {
    about: trait,
    sentence: `it had not the trait ${trait}`,
    apply: (actual) => {
      const traits = actual.report.traits.filter((other) => other !== trait);
      return { ...actual, report: { ...actual.report, traits } };
    },
  };
}
