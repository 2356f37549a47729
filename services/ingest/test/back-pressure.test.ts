import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BackPressure } from "../src/back-pressure.ts";

const LIMITS = { maxWaiting: 100, maxEventLoopDelayMs: 50, maxInFlightBytes: 1_000 };

function pressure(state: { waiting?: number | Error; delayMs?: number } = {}) {
  const clock = { ms: 0 };
  const lines: string[] = [];
  const line = (...args: unknown[]) => void lines.push(String(args.at(-1)));
  const back = new BackPressure({
    limits: LIMITS,
    queueDepth: async () => {
      if (state.waiting instanceof Error) throw state.waiting;
      return state.waiting ?? 0;
    },
    eventLoopDelayMs: () => state.delayMs ?? 0,
    log: { warn: line, info: line } as never,
    now: () => clock.ms,
  });
  /** Lets the next look be due, and the answer of the queue arrive. */
  const settle = async () => {
    clock.ms += 1_000;
    back.admit(0);
    await turn();
  };
  return { back, clock, lines, settle, state };
}
const codeOf = (back: BackPressure, bytes = 1) => {
  const admission = back.admit(bytes);
  return admission.kind === "overloaded" ? admission.overload.code : "admitted";
};

describe("the queue", () => {
  test("too many waiting jobs mean 429 with Retry-After, until they are worked off", async () => {
    const { back, settle, state } = pressure({ waiting: 101 });
    await settle();
    const admission = back.admit(1);
    expect(admission).toMatchObject({ kind: "overloaded", overload: { status: 429, code: "queue-full" } });
    expect(admission.kind === "overloaded" && admission.overload.retryAfterSeconds).toBeGreaterThan(0);
    state.waiting = 100;
    await settle();
    expect(codeOf(back)).toBe("admitted");
  });

  test("that does not answer keeps no mail out: messages are stored in the database, not in the queue", async () => {
    const { back, settle, state } = pressure({ waiting: 101 });
    await settle();
    state.waiting = new Error("Redis is away");
    await settle();
    expect(codeOf(back)).toBe("admitted");
  });
});

test("an event loop that is late means 503 until it is on time again", async () => {
  const { back, clock, state } = pressure({ delayMs: 51 });
  expect(back.admit(1)).toMatchObject({ kind: "overloaded", overload: { status: 503, code: "event-loop-late" } });
  state.delayMs = 50;
  clock.ms += 1_000;
  expect(codeOf(back)).toBe("admitted");
});

describe("memory", () => {
  test("bodies are counted while they are in flight, and no longer", () => {
    const { back } = pressure();
    const first = back.admit(600);
    expect(back.admit(401)).toMatchObject({ kind: "overloaded", overload: { status: 503, code: "memory-full" } });
    expect(codeOf(back, 400)).toBe("admitted");
    if (first.kind === "admitted") {
      first.release();
      first.release();
    }
    expect(codeOf(back, 600)).toBe("admitted");
    expect(codeOf(back, 1)).toBe("memory-full");
  });

  test("one message always fits, however small the limit", () => {
    expect(codeOf(pressure().back, 5_000)).toBe("admitted");
  });

  test("never more than the limit is in flight, unless it is one message", () => {
    const step = fc.record({ bytes: fc.integer({ min: 0, max: 700 }), release: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { back } = pressure();
        const held: { bytes: number; release: () => void }[] = [];
        for (const { bytes, release } of steps) {
          if (release) held.shift()?.release();
          const admission = back.admit(bytes);
          if (admission.kind === "admitted") held.push({ bytes, release: admission.release });
          const total = held.reduce((sum, item) => sum + item.bytes, 0);
          expect(total <= LIMITS.maxInFlightBytes || held.filter((item) => item.bytes > 0).length === 1).toBe(true);
        }
      }),
    );
  });
});

test("refusing is logged once when it begins and once when it ends", () => {
  const { back, clock, lines, state } = pressure({ delayMs: 60 });
  for (let request = 0; request < 5; request += 1) back.admit(1);
  expect(lines).toHaveLength(1);
  state.delayMs = 0;
  clock.ms += 1_000;
  for (let request = 0; request < 5; request += 1) back.admit(1);
  expect(lines).toHaveLength(2);
});
