/**
 * Arrays of 64-bit values in PostgreSQL's binary form. Twenty thousand keys as text cost more than storing them does:
 * node-postgres quotes each one, and the server reads each one back.
 */

/** Object ids of pg_type, the same in every server. */
const TYPE_OIDS = { bigint: 20, timestamptz: 1184 } as const;
const HEADER_BYTES = 20;
const VALUE_BYTES = 8;
/** PostgreSQL counts time in microseconds since 2000-01-01 UTC. */
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);

/** @returns A parameter for `$n::bigint[]`. */
export function bigintArray(values: readonly bigint[]): Buffer {
  return encode(TYPE_OIDS.bigint, values);
}

/** @param timesMs Milliseconds since 1970. @returns A parameter for `$n::timestamptz[]`. */
export function timestampArray(timesMs: readonly number[]): Buffer {
  return encode(
    TYPE_OIDS.timestamptz,
    timesMs.map((timeMs) => BigInt(Math.round((timeMs - POSTGRES_EPOCH_MS) * 1_000))),
  );
}

/** array_recv of PostgreSQL: dimensions, has nulls, element type, then length and lower bound, then size and value. */
function encode(oid: number, values: readonly bigint[]): Buffer {
  if (values.length === 0) return Buffer.concat([int32(0), int32(0), int32(oid)]);
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + values.length * (4 + VALUE_BYTES));
  for (const [index, word] of [1, 0, oid, values.length, 1].entries()) buffer.writeInt32BE(word, index * 4);
  let offset = HEADER_BYTES;
  for (const value of values) {
    buffer.writeInt32BE(VALUE_BYTES, offset);
    buffer.writeBigInt64BE(value, offset + 4);
    offset += 4 + VALUE_BYTES;
  }
  return buffer;
}

function int32(value: number): Buffer {
  const buffer = Buffer.allocUnsafe(4);
  buffer.writeInt32BE(value);
  return buffer;
}
