/**
 * Somebody who thinks again corrects the next copy, not the one that he was wrong about: what he said last of messages that
 * are nearly the same is what he means. Others are not overruled by it. Pure.
 */
import { NEAR_DUPLICATE_WEIGHTS } from "../weights.ts";
import type { Correction, StoredPrint } from "./correction.ts";
import { NearDuplicateIndex } from "./near-duplicate-index.ts";
import { filterInSlices, inSlices, type Pause } from "./slices.ts";

/** Corrections between two pauses: some 10 ms. */
const SLICE = 200;

/** Earlier ones first. */
export function byTime(left: Correction, right: Correction): number {
  return left.at.getTime() - right.at.getTime() || (left.id < right.id ? -1 : 1);
}

/** The same name under the same key: by another key anybody could speak for them. */
export function isSameCorrector(left: Correction, right: Correction): boolean {
  return left.by === right.by && left.key === right.key;
}

/** @returns Without those that the same corrector has contradicted since, in the order given. */
export async function withoutRevised(corrections: readonly Correction[], pause: Pause): Promise<Correction[]> {
  const newestFirst = [...corrections].sort((left, right) => byTime(right, left));
  const index = new NearDuplicateIndex<PrintedCorrection>();
  for await (const slice of inSlices(newestFirst, SLICE, pause)) index.add(slice.flatMap(toPrinted));
  const isRevised = (correction: Correction) => {
    const { print } = correction.features;
    if (print === null) return false;
    return index.near(print, NEAR_DUPLICATE_WEIGHTS.similarity.sure).some(({ entry: { correction: other } }) => {
      return (
        isSameCorrector(other, correction) && other.verdict !== correction.verdict && byTime(correction, other) < 0
      );
    });
  };
  return filterInSlices(corrections, (correction) => !isRevised(correction), SLICE, pause);
}

interface PrintedCorrection {
  readonly print: StoredPrint;
  readonly correction: Correction;
}

function toPrinted(correction: Correction): PrintedCorrection[] {
  const { print } = correction.features;
  return print === null ? [] : [{ print, correction }];
}
