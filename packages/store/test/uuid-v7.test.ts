import fc from "fast-check";
import { expect, test } from "vitest";
import { isUuid, uuidFloor, uuidGenerator, uuidTimeMs } from "../src/uuid-v7.ts";

const MAX_TIME_MS = 2 ** 48 - 1;
const time = fc.integer({ min: 1, max: MAX_TIME_MS - 100_000 });

test("an id is a UUID of version 7 and the RFC 9562 variant, and carries its time", () => {
  fc.assert(
    fc.property(time, (timeMs) => {
      const id = uuidGenerator(() => timeMs)();
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(isUuid(id)).toBe(true);
      expect(uuidTimeMs(id)).toBe(timeMs);
    }),
  );
});

test("ids rise although the clock stands still or goes back", () => {
  fc.assert(
    fc.property(fc.array(time, { minLength: 2, maxLength: 50 }), (clock) => {
      let turn = 0;
      const newId = uuidGenerator(() => clock[turn++ % clock.length] ?? 0);
      const ids = Array.from({ length: 200 }, newId);
      expect(ids).toEqual(ids.toSorted());
      expect(new Set(ids).size).toBe(ids.length);
    }),
  );
});

test("ten thousand ids in one millisecond stay apart and in order", () => {
  const newId = uuidGenerator(() => 1_700_000_000_000);
  const ids = Array.from({ length: 10_000 }, newId);
  expect(ids).toEqual(ids.toSorted());
  expect(new Set(ids).size).toBe(ids.length);
});

test("the border of a day lies between its last id and the first of the next", () => {
  const midnight = Date.UTC(2026, 10, 22);
  const floor = uuidFloor(midnight);
  expect(uuidGenerator(() => midnight - 1)() < floor).toBe(true);
  expect(uuidGenerator(() => midnight)() > floor).toBe(true);
  expect(isUuid(floor)).toBe(true);
});
