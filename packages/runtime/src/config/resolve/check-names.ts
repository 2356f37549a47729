/** Names out of a closed list, with the one that was probably meant. */
import type { ConfigPath } from "../config-document.ts";
import { suggestName } from "../suggest-name.ts";
import type { ReportProblem } from "./secret-files.ts";

/** @returns Those that are known; undefined: the condition is not given. */
export function checkNames<Name extends string>(
  texts: readonly string[] | undefined,
  known: readonly Name[],
  path: ConfigPath,
  report: ReportProblem,
): readonly Name[] | undefined {
  return texts?.flatMap((text, index) => {
    const name = known.find((candidate) => candidate === text);
    if (name !== undefined) return [name];
    const nearest = suggestName(text, known);
    const hint = nearest === undefined ? ` (known: ${known.join(", ")})` : `; did you mean ${nearest}?`;
    report([...path, index], `is not known: "${text}"${hint}`);
    return [];
  });
}
