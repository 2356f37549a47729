import { createLog, createMetrics } from "@triage/runtime";
import { NOTHING_LEARNED } from "@triage/scoring";
import { expect, test } from "vitest";
import { ModelWatch } from "../../src/learning/model-watch.ts";

function watchOf(versions: Readonly<Record<number, unknown>>) {
  const lines: Record<string, unknown>[] = [];
  const state = { active: 0, reads: 0 };
  const metrics = createMetrics({ processMetrics: false });
  const watch = new ModelWatch({
    metrics,
    log: createLog({ destination: { write: (line) => void lines.push(JSON.parse(line)) }, pretty: false }),
    store: {
      activeModelVersion: async () => state.active,
      modelVersion: async (version) => {
        state.reads += 1;
        const rest = { madeAt: new Date(0), outcome: "activated", why: "", corrections: 1, comparison: {} } as const;
        return version in versions ? { version, data: versions[version], ...rest } : undefined;
      },
    },
  });
  const gauge = async () => (await metrics.modelVersion.get()).values[0]?.value;
  return { watch, state, lines, gauge };
}

test("a new version is read once and used from then on; version 0 is what the service ships", async () => {
  const { watch, state, gauge } = watchOf({ 3: NOTHING_LEARNED });
  await watch.refresh();
  expect(watch.current()).toBeUndefined();
  state.active = 3;
  await watch.refresh();
  await watch.refresh();
  expect(watch.current()).toBeDefined();
  expect([state.reads, await gauge()]).toEqual([1, 3]);
  state.active = 0;
  await watch.refresh();
  expect([watch.current(), await gauge()]).toEqual([undefined, 0]);
});

test("a version of another release, or one that is gone, leaves the one before in use, and is reported once", async () => {
  const { watch, state, lines, gauge } = watchOf({ 1: NOTHING_LEARNED, 2: { format: 99 } });
  state.active = 1;
  await watch.refresh();
  for (const version of [2, 2, 7, 7]) {
    state.active = version;
    await watch.refresh();
  }
  expect(watch.current()).toBeDefined();
  expect(await gauge()).toBe(1);
  expect(lines.filter(({ level }) => level === "error").map(({ version }) => version)).toEqual([2, 7]);
});
