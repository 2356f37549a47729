/**
 * Storm: do many organisations report mail under the same sender of ours, none of which can be proven ours?
 *
 * Runs after the other checks, because it counts what they found. A message that they proved ours goes its way in the
 * middle of a storm.
 */
import type { CheckInput } from "../checks/check.ts";
import { type Evidence, evidence, softEvidence } from "../evidence.ts";
import type { StormAnswer, StormPort } from "../ports.ts";
import { FULL_STORM_WORDS, SHARED_WORDS, UNPROVABLE_STORM_WORDS } from "./recall-storm.ts";
import { observeStorm, type StormObservation } from "./storm-observation.ts";

/** @returns undefined for what no storm brings, which then gets no line. */
export async function checkStorm(
  input: CheckInput,
  found: readonly Evidence[],
  port: StormPort,
): Promise<Evidence | undefined> {
  const observation = observeStorm(input, found);
  if (observation === undefined) return undefined;
  return judge(await port.note(observation), observation);
}

function judge(answer: StormAnswer, { proof }: StormObservation): Evidence {
  switch (answer.kind) {
    case "calm":
      return evidence("storm", "neutral", "No storm of reports about this sender or this mailing.");
    case "temperror":
      return evidence("storm", "temperror", `Whether there is a storm could not be asked: ${answer.detail}.`);
    case "storm":
      return proof === "proven"
        ? evidence("storm", "neutral", `${describe(answer)}; but this message is proven ours.`)
        : weigh(answer);
    default:
      return answer satisfies never;
  }
}

type Storm = Extract<StormAnswer, { kind: "storm" }>;

function weigh(storm: Storm): Evidence {
  switch (storm.strength) {
    case "full":
      return evidence("storm", "fail", `${describe(storm)}${FULL_STORM_WORDS}`);
    case "soft":
      return softEvidence("storm", "fail", `${describe(storm)}.`);
    case "unprovable":
      return evidence("storm", "neutral", `${describe(storm)}${UNPROVABLE_STORM_WORDS}`);
    default:
      return storm.strength satisfies never;
  }
}

function describe({ by, messages, reporters, hours }: Storm): string {
  return `About ${messages} reports from ${reporters} organisations in ${hours} hours ${SHARED_WORDS[by]}, hardly any of it proven ours`;
}
