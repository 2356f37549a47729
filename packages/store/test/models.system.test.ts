import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStore, type Store } from "../src/index.ts";
import { freshSchema } from "./fresh-schema.ts";

const AT = new Date("2026-11-22T12:00:00Z");
let store: Store;
beforeEach(async () => {
  store = await openStore(freshSchema());
});
afterEach(() => store.close());

const made = (activate = true) => ({
  data: { words: "w:free" },
  comparison: { groups: [] },
  corrections: 3,
  madeAt: AT,
  activate,
  why: activate ? "it is nowhere worse" : "it hides 1 of the letters",
});
const save = (activate = true, keep = 20) => store.saveModelVersion(made(activate), keep);
const versions = async () => (await store.modelVersions()).map(({ version }) => version);

describe("versions of the model", () => {
  test("the service begins with what it ships, version 0", async () => {
    expect(await store.activeModelVersion()).toBe(0);
    expect(await store.modelVersion(0)).toBeUndefined();
    expect(await store.modelVersions()).toEqual([]);
  });

  test("what is not worse becomes active, what is worse is kept for people to look at", async () => {
    expect(await save()).toEqual({ version: 1, outcome: "activated" });
    expect(await save(false)).toEqual({ version: 2, outcome: "refused" });
    expect(await store.activeModelVersion()).toBe(1);
    expect(await store.modelVersion(1)).toEqual({
      version: 1,
      madeAt: AT,
      outcome: "activated",
      why: "it is nowhere worse",
      corrections: 3,
      comparison: { groups: [] },
      data: { words: "w:free" },
    });
    expect(await versions()).toEqual([2, 1]);
  });

  test("a rollback goes to the activated version before, and holds: nothing is activated until training is asked for", async () => {
    await save();
    await save(false);
    await save();
    expect(await store.rollBackModel(undefined)).toBe(1);
    expect(await save()).toEqual({ version: 4, outcome: "held" });
    expect(await store.activeModelVersion()).toBe(1);
    expect(await store.rollBackModel(undefined)).toBe(0);
    await store.requestTraining();
    expect(await save()).toEqual({ version: 5, outcome: "activated" });
  });

  test("a rollback can name any version that was ever good enough, and no other", async () => {
    await save();
    await save();
    await save(false);
    for (const unusable of [3, 7]) expect(await store.rollBackModel(unusable)).toBeUndefined();
    expect(await store.activeModelVersion()).toBe(2);
    expect(await store.rollBackModel(0)).toBe(0);
    expect(await store.rollBackModel(2)).toBe(2);
  });

  test("old ones are forgotten, but never the active one and the one to go back to", async () => {
    for (let number = 1; number <= 3; number += 1) await save();
    for (let number = 4; number <= 8; number += 1) await save(false, 2);
    expect(await versions()).toEqual([8, 7, 3, 2]);
    expect(await store.rollBackModel(undefined)).toBe(2);
  });
});

describe("training", () => {
  test("is wanted by a request until one has ended that began after it", async () => {
    const view = await store.learningView();
    expect(view.wanted).toBe(view.trained);
    await store.requestTraining();
    const { wanted } = await store.learningView();
    await store.requestTraining();
    await store.finishTraining({ wanted, outcome: "refused", why: "worse", at: AT });
    const after = await store.learningView();
    expect(after).toMatchObject({ trained: wanted, trainedAt: AT, outcome: "refused", why: "worse" });
    expect(after.wanted).toBeGreaterThan(after.trained);
  });

  test("is done by one at a time, and by the next when that one is done or has failed", async () => {
    let finish = (_: string) => {};
    const done = new Promise<string>((resolve) => {
      finish = resolve;
    });
    const working = store.trainAlone(() => done);
    await expect.poll(() => store.trainAlone(async () => "mine"), { timeout: 30_000 }).toBe("busy");
    finish("done");
    expect(await working).toBe("done");
    await expect(store.trainAlone(() => Promise.reject(new Error("lost")))).rejects.toThrow("lost");
    expect(await store.trainAlone(async () => "mine")).toBe("mine");
  });
});
