import fc from "fast-check";
import { expect, test } from "vitest";
import { retryDelayMs } from "../src/queues/retry-delay.ts";

const LIMITS = { backoffMs: 1_000, maxBackoffMs: 900_000 };

test("the wait doubles with each attempt, up to the limit", () => {
  expect([1, 2, 3, 4, 20].map((attempt) => retryDelayMs(attempt, LIMITS, 0))).toEqual([1e3, 2e3, 4e3, 8e3, 900e3]);
});

test("chance shortens the wait by at most a half, so that retries spread", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, chance) => {
      const delay = retryDelayMs(attempt, LIMITS, chance);
      expect(delay).toBeGreaterThanOrEqual(retryDelayMs(attempt, LIMITS, 0) / 2);
      expect(delay).toBeLessThanOrEqual(LIMITS.maxBackoffMs);
    }),
  );
});
