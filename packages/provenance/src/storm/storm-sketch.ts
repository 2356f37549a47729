/**
 * What is counted of one storm key: six distinct counts in one block of bytes, and its form in the database.
 *
 * Sketches only grow, and merging is a maximum per register: commutative, and the same however often it is done. Pure.
 */
import { estimateDistinct, type Mark, REGISTERS } from "./hyperloglog.ts";

/** The order is the layout in the database: only ever append. */
export const STORM_MEASURES = ["unproven", "proven", "contradicted", "reporters", "recipients", "senders"] as const;
export type StormMeasure = (typeof STORM_MEASURES)[number];

/** Distinct ones of each; estimates (see hyperloglog.ts). */
export type StormCounts = Readonly<Record<StormMeasure, number>>;

/** One byte a register, measure after measure. */
export type StormSketch = Uint8Array;

const SKETCH_BYTES = REGISTERS * STORM_MEASURES.length;

/** Register (two bytes) and rank (one): most keys are seen once and need a few of these, not three kilobytes. */
const SPARSE_ENTRY_BYTES = 3;

export function emptySketch(): StormSketch {
  return new Uint8Array(SKETCH_BYTES);
}

export function addMark(sketch: StormSketch, measure: StormMeasure, { register, rank }: Mark): void {
  const at = STORM_MEASURES.indexOf(measure) * REGISTERS + register;
  if ((sketch[at] ?? 0) < rank) sketch[at] = rank;
}

/** @returns Whether `target` has learned something. */
export function mergeSketch(target: StormSketch, source: StormSketch): boolean {
  let grown = false;
  for (let at = 0; at < SKETCH_BYTES; at += 1) {
    const rank = source[at] ?? 0;
    if (rank <= (target[at] ?? 0)) continue;
    target[at] = rank;
    grown = true;
  }
  return grown;
}

export function countsOf(sketch: StormSketch): StormCounts {
  const count = (measure: StormMeasure) => {
    const start = STORM_MEASURES.indexOf(measure) * REGISTERS;
    return estimateDistinct(sketch.subarray(start, start + REGISTERS));
  };
  return {
    unproven: count("unproven"),
    proven: count("proven"),
    contradicted: count("contradicted"),
    reporters: count("reporters"),
    recipients: count("recipients"),
    senders: count("senders"),
  };
}

/** The sparse form while it is the shorter one, else all registers: never more than SKETCH_BYTES (3,072). */
export function encodeSketch(sketch: StormSketch): Buffer {
  const used: number[] = [];
  for (const [at, rank] of sketch.entries()) if (rank > 0) used.push(at);
  if (used.length * SPARSE_ENTRY_BYTES >= SKETCH_BYTES) return Buffer.from(sketch);
  const bytes = Buffer.allocUnsafe(used.length * SPARSE_ENTRY_BYTES);
  for (const [index, at] of used.entries()) {
    bytes.writeUInt16BE(at, index * SPARSE_ENTRY_BYTES);
    bytes.writeUInt8(sketch[at] ?? 0, index * SPARSE_ENTRY_BYTES + 2);
  }
  return bytes;
}

/** Reads both forms. What lies outside of the sketch (a newer version's measure) is left out. */
export function decodeSketch(bytes: Buffer): StormSketch {
  const sketch = emptySketch();
  if (bytes.length >= SKETCH_BYTES) {
    sketch.set(bytes.subarray(0, SKETCH_BYTES));
    return sketch;
  }
  for (let at = 0; at + SPARSE_ENTRY_BYTES <= bytes.length; at += SPARSE_ENTRY_BYTES) {
    const index = bytes.readUInt16BE(at);
    if (index < SKETCH_BYTES) sketch[index] = bytes.readUInt8(at + 2);
  }
  return sketch;
}
