/** What an override adds to the ladder, and how it is said. */
import { type Contribution, NOTHING } from "../add-up.ts";
import { CLASS_WORDS } from "../class-words.ts";
import { OVERRIDE_LOG_ODDS } from "../weights.ts";
import { type Override, overrideCheckId, type RouteId } from "./override.ts";

const ROUTE_WORDS: Readonly<Record<RouteId, string>> = {
  human: "it goes to the human",
  digest: "it goes into the digest",
  archive: "it goes into the archive",
};

/** "an override of this site says that it is spam and that it goes into the archive: they never stop" */
function sentenceOf({ verdict, route, because }: Override): string {
  const says = [
    ...(verdict === undefined ? [] : [`that it is ${CLASS_WORDS[verdict]}`]),
    ...(route === undefined ? [] : [`that ${ROUTE_WORDS[route]}`]),
  ];
  return `an override of this site says ${says.join(" and ")}: ${because}`;
}

/** The last line of the ladder. One that only says where a message goes adds nothing to what the message is. */
export function contributionsOfOverride(override: Override | undefined): readonly Contribution[] {
  if (override === undefined) return [];
  const { verdict } = override;
  const check = overrideCheckId(override);
  const detail = sentenceOf(override);
  if (verdict === undefined) return [{ check, outcome: "neutral", logOdds: NOTHING, detail }];
  const outcome = verdict === "genuine-dsn" || verdict === "user-report" ? "pass" : "fail";
  return [{ check, outcome, logOdds: { [verdict]: OVERRIDE_LOG_ODDS }, detail }];
}

/** For the one sentence of the verdict: who decided, by name. */
export function overrideWords(override: Override): string {
  const { id, verdict, route, because } = override;
  const reason = because.replace(/\.$/, "");
  const where = route === undefined ? "" : ` ${ROUTE_WORDS[route]}`;
  if (verdict === undefined) return `the override "${id}" of this site says that${where}: ${reason}`;
  return `so says the override "${id}" of this site${where === "" ? "" : `, and${where}`}: ${reason}`;
}
