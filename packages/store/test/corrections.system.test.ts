import type { Classification, CorrectedVerdict } from "@triage/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bringToHuman } from "../../../test/support/bring-to-human.ts";
import { openStore, type Store } from "../src/index.ts";
import { classification, freshSchema, newMessage } from "./fresh-schema.ts";

const NOBODY = "00000000-0000-7000-8000-000000000000";
const ARCHIVED = { verdict: "spam", route: "archive", actionable: false } as const;
const SINCE = { since: new Date(0), limit: 100, perKey: 100 };
let store: Store;

beforeAll(async () => {
  store = await openStore(freshSchema());
});
afterAll(() => store.close());

let count = 0;
async function received(): Promise<string> {
  count += 1;
  const [outcome] = await store.insertMessages([newMessage(`message ${count}`)]);
  return outcome?.id ?? "";
}
async function classified(more: Partial<Classification> = {}): Promise<string> {
  const id = await received();
  await store.saveClassification(id, classification(more));
  return id;
}
function correct(id: string, verdict: CorrectedVerdict, by = "ann", apiKey = "mx") {
  const route = verdict === "user-report" ? "human" : "archive";
  return store.saveCorrection(id, { verdict, by, apiKey }, (uncorrected) => ({
    ...uncorrected,
    verdict,
    route,
    actionable: route === "human",
    why: `${by} corrected ${uncorrected.verdict}`,
  }));
}
const stateOf = async (id: string) => (await store.message(id))?.state;

describe("where a corrected message goes", () => {
  test("out of the archive to the human, at once", async () => {
    const id = await classified(ARCHIVED);
    expect(await correct(id, "user-report")).toMatchObject({ kind: "corrected", deliver: true });
    expect(await store.message(id)).toMatchObject({
      state: "classified",
      classification: { verdict: "user-report", route: "human" },
      corrections: [{ verdict: "user-report", formerVerdict: "spam", by: "ann", learning: "pending" }],
    });
  });

  test("into the archive, when nobody has it yet; a deliver job that is on its way then finds nothing to do", async () => {
    const id = await classified();
    expect(await correct(id, "spam")).toMatchObject({ kind: "corrected", deliver: false });
    expect(await stateOf(id)).toBe("archived");
  });

  test("what the human has stays delivered", async () => {
    const id = await classified();
    await bringToHuman(store, id);
    expect(await correct(id, "spam")).toMatchObject({ deliver: false });
    expect(await correct(id, "user-report")).toMatchObject({ deliver: false });
    expect(await stateOf(id)).toBe("delivered");
  });

  test("a message that was given up on is tried again, or settled: its dead letter is gone", async () => {
    const [wanted, unwanted] = [await classified(), await classified()];
    for (const id of [wanted, unwanted]) {
      await store.markFailed(id, { stage: "deliver", error: "refused", at: new Date() });
    }
    expect(await correct(wanted, "user-report")).toMatchObject({ deliver: true });
    await correct(unwanted, "spam");
    expect(await store.message(wanted)).toMatchObject({ state: "classified", deadLetter: undefined });
    expect(await store.message(unwanted)).toMatchObject({ state: "archived", deadLetter: undefined });
  });

  test("the last of release and correction holds", async () => {
    const id = await classified(ARCHIVED);
    await store.release(id);
    expect((await store.message(id))?.classification?.route).toBe("human");
    await correct(id, "spam");
    expect(await store.message(id)).toMatchObject({ state: "archived", classification: { route: "archive" } });
    expect(await store.release(id)).toBe("released");
    expect((await store.message(id))?.classification?.route).toBe("human");
  });

  test("a message that is not classified, or is none, cannot be corrected", async () => {
    expect(await correct(await received(), "spam")).toEqual({ kind: "not-classified" });
    expect(await correct(NOBODY, "spam")).toEqual({ kind: "unknown-message" });
    expect(await correct("nonsense", "spam")).toEqual({ kind: "unknown-message" });
  });
});

describe("several corrections of one message", () => {
  test("the same again changes nothing; another one wins, and starts from what the machine said", async () => {
    const id = await classified(ARCHIVED);
    await correct(id, "user-report");
    expect(await correct(id, "user-report")).toEqual({ kind: "repeated", deliver: true });
    expect(await correct(id, "automated", "bob")).toMatchObject({ kind: "corrected" });
    const message = await store.message(id);
    expect(message?.corrections.map(({ formerVerdict, verdict }) => [formerVerdict, verdict])).toEqual([
      ["spam", "user-report"],
      ["user-report", "automated"],
    ]);
    expect(message).toMatchObject({ state: "archived", classification: { why: "bob corrected spam" } });
  });

  test("the same by two people at once is one correction of each", async () => {
    const id = await classified();
    const outcomes = await Promise.all(["ann", "ann", "bob", "bob"].map((by) => correct(id, "spam", by)));
    const kinds = outcomes.map(({ kind }) => kind);
    const kept = (await store.message(id))?.corrections ?? [];
    expect(new Set(kept.map(({ by }) => by))).toEqual(new Set(["ann", "bob"]));
    expect(kinds.filter((kind) => kind === "corrected")).toHaveLength(kept.length);
  });

  test("training hears the last word of each person", async () => {
    const id = await classified();
    await correct(id, "spam");
    await correct(id, "automated", "bob");
    await correct(id, "user-report");
    for (const pending of await store.pendingCorrections(100)) await store.keepFeatures(pending.id, { format: 1 });
    const heard = (await store.keptCorrections(SINCE)).filter(({ messageId }) => messageId === id);
    expect(heard.map(({ by, verdict }) => [by, verdict])).toEqual([
      ["bob", "automated"],
      ["ann", "user-report"],
    ]);
    expect(heard[0]).toMatchObject({ features: { format: 1 }, key: "mx" });
  });

  test("of one API key it hears the newest, whatever names it gives; those of others are not crowded out", async () => {
    const anns = await classified();
    await correct(anns, "spam", "ann", "console");
    const id = await classified();
    for (const by of ["a", "b", "c", "ann"]) await correct(id, "spam", by, "mallory");
    for (const pending of await store.pendingCorrections(100)) await store.keepFeatures(pending.id, { format: 1 });
    const heard = await store.keptCorrections({ since: new Date(0), limit: 3, perKey: 2 });
    expect(heard.map(({ key, by }) => [key, by])).toEqual([
      ["console", "ann"],
      ["mallory", "c"],
      ["mallory", "ann"],
    ]);
  });
});

describe("what there is to learn", () => {
  test("the features of a correction stay, and want a training; a second reader of it changes nothing", async () => {
    const id = await classified();
    await correct(id, "spam");
    const [pending] = await store.pendingCorrections(1);
    const before = await store.learningView();
    await store.keepFeatures(pending?.id ?? "", { tokens: ["nul \0 and \ud800"] });
    await store.keepFeatures(pending?.id ?? "", { tokens: [] });
    expect((await store.learningView()).wanted).toBe(before.wanted + 1n);
    expect((await store.message(id))?.corrections).toMatchObject([{ learning: "kept" }]);
    expect((await store.keptCorrections(SINCE)).at(-1)?.features).toEqual({ tokens: ["nul \ufffd and \ufffd"] });
  });

  test("is dropped when it is older than the site learns from; the correction itself stays", async () => {
    const id = await classified();
    await correct(id, "spam");
    for (const pending of await store.pendingCorrections(100)) await store.keepFeatures(pending.id, { format: 1 });
    await store.forgetFeatures(new Date(Date.now() + 1_000));
    expect(await store.keptCorrections(SINCE)).toEqual([]);
    expect((await store.message(id))?.corrections).toMatchObject([{ verdict: "spam", learning: "forgotten" }]);
  });

  test("nothing, where retention has dropped the bytes: the verdict holds, and the message stays where it is", async () => {
    const schema = freshSchema();
    let nowMs = Date.parse("2026-11-01T12:00:00Z");
    const aged = await openStore({ ...schema, now: () => nowMs });
    try {
      const [outcome] = await aged.insertMessages([newMessage("old")]);
      const id = outcome?.id ?? "";
      await aged.saveClassification(id, classification(ARCHIVED));
      nowMs += 10 * 86_400_000;
      await aged.runRetention({ human: 20, digest: 1, archive: 1, facts: 20 });
      const correction = { verdict: "user-report", by: "ann", apiKey: "mx" } as const;
      const human = { ...classification(), verdict: "user-report" } as const;
      expect(await aged.saveCorrection(id, correction, () => human)).toMatchObject({
        kind: "corrected",
        correction: { learning: "impossible" },
        deliver: false,
      });
      expect((await aged.message(id))?.state).toBe("archived");
      expect(await aged.pendingCorrections(10)).toEqual([]);
    } finally {
      await aged.close();
    }
  });
});
