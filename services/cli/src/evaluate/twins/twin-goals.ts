/** What is right for each kind of twin, and how much of it must be. */
import type { Verdict } from "@triage/scoring";
import { TWIN_KINDS, type Twin, type TwinKind } from "./evaluate-twins.ts";

interface TwinGoal {
  readonly means: string;
  readonly isRight: (verdict: Verdict) => boolean;
  /** Least share in percent; undefined: shown, and held against nothing. */
  readonly minimum: number | undefined;
}

const isShown = ({ verdict }: Verdict): boolean =>
  verdict === "genuine-dsn" || verdict === "undecided" || verdict === "user-report";
const NOT_HIDDEN = { means: "not kept from the human", isRight: isShown };
const FOUND_OUT = { means: "backscatter", isRight: ({ verdict }: Verdict): boolean => verdict === "backscatter" };

export const TWIN_GOALS: Readonly<Record<TwinKind, TwinGoal>> = {
  genuine: { ...NOT_HIDDEN, minimum: 100 },
  "genuine, relay not listed": { ...NOT_HIDDEN, minimum: undefined },
  "spoofed, sender not ours": { ...FOUND_OUT, minimum: 97 },
  "spoofed, sender ours": { ...FOUND_OUT, minimum: 97 },
  "spoofed, relay forged": {
    means: "not genuine-dsn",
    isRight: ({ verdict }) => verdict !== "genuine-dsn",
    minimum: 100,
  },
  "no returned header": { ...NOT_HIDDEN, minimum: 100 },
  "returned header taken away": { ...NOT_HIDDEN, minimum: 100 },
};

export function shareRight(twins: readonly Twin[], kind: TwinKind): number | undefined {
  const judged = twins.filter((twin) => twin.kind === kind);
  const right = judged.filter(({ verdict }) => TWIN_GOALS[kind].isRight(verdict));
  return judged.length === 0 ? undefined : (100 * right.length) / judged.length;
}

/** One sentence for each goal that is missed; a corpus without such twins misses it, too. */
export function checkTwinGoals(twins: readonly Twin[]): readonly string[] {
  return TWIN_KINDS.flatMap((kind) => {
    const { minimum, means } = TWIN_GOALS[kind];
    const percent = shareRight(twins, kind);
    if (minimum === undefined || (percent !== undefined && percent >= minimum)) return [];
    if (percent === undefined) return [`twins, ${kind}: the corpus has none`];
    return [`twins, ${kind}: ${percent.toFixed(2)} % are ${means}, the goal is ${minimum}`];
  });
}
