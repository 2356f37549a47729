/**
 * Somebody who thinks again corrects the next copy, not the one that he was wrong about: what he said last of messages that
 * are nearly the same is what he means. Others are not overruled by it. Pure.
 */
import { NEAR_DUPLICATE_WEIGHTS } from "../weights.ts";
import type { Correction } from "./correction.ts";
import { NearDuplicateIndex } from "./near-duplicate-index.ts";

/** Earlier ones first. */
export function byTime(left: Correction, right: Correction): number {
  return left.at.getTime() - right.at.getTime() || (left.id < right.id ? -1 : 1);
}

/** @returns Without those that the same corrector has contradicted since, in the order given. */
export function withoutRevised(corrections: readonly Correction[]): Correction[] {
  const newestFirst = [...corrections].sort((left, right) => byTime(right, left));
  const index = new NearDuplicateIndex(
    newestFirst.flatMap((correction) => {
      const { print } = correction.features;
      return print === null ? [] : [{ print, correction }];
    }),
  );
  const isRevised = (correction: Correction) => {
    const { print } = correction.features;
    if (print === null) return false;
    return index.near(print, NEAR_DUPLICATE_WEIGHTS.similarity.sure).some(({ entry: { correction: other } }) => {
      return other.by === correction.by && other.verdict !== correction.verdict && byTime(correction, other) < 0;
    });
  };
  return corrections.filter((correction) => !isRevised(correction));
}
