/**
 * Counting distinct things in 512 bytes (Flajolet and others, "HyperLogLog", 2007).
 *
 * What is counted is only ever raised to a maximum, so that the same thing twice, in any order, by any number of workers,
 * gives the same registers: that is why storms are counted this way and not with a number that is added to. Pure.
 */

/** 2^9 registers: the error is 1.04 / sqrt(512) = 4.6 % (one standard deviation); below some hundred things, 3 % and less. */
export const REGISTERS = 512;
const REGISTER_BITS = 9;

/** Correction of the harmonic mean for 128 registers and more (section 4 of the paper). */
const ALPHA = 0.7213 / (1 + 1.079 / REGISTERS);
/** Below this many the registers still empty say more than the full ones (linear counting). */
const LINEAR_LIMIT = 2.5 * REGISTERS;

/** 2^-rank; ranks are 0 (empty) to 33. */
const SHARES = Float64Array.from({ length: 64 }, (_, rank) => 2 ** -rank);

/** Where a thing is counted. */
export interface Mark {
  /** 0 to REGISTERS - 1. */
  readonly register: number;
  /** 1 to 33. */
  readonly rank: number;
}

/** @param digest  At least 8 bytes of a keyed hash: who knows the key could fill the registers at will. */
export function markOf(digest: Buffer): Mark {
  return {
    register: digest.readUInt32BE(0) >>> (32 - REGISTER_BITS),
    rank: Math.clz32(digest.readUInt32BE(4)) + 1,
  };
}

/** @returns How many distinct things the registers have seen, rounded; 0 when all of them are empty. */
export function estimateDistinct(registers: Uint8Array): number {
  let sum = 0;
  let empty = 0;
  for (const rank of registers) {
    sum += SHARES[rank] ?? 0;
    if (rank === 0) empty += 1;
  }
  const raw = (ALPHA * REGISTERS * REGISTERS) / sum;
  const linear = raw <= LINEAR_LIMIT && empty > 0;
  return Math.round(linear ? REGISTERS * Math.log(REGISTERS / empty) : raw);
}
