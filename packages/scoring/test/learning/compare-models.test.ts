/** No model that hides a letter of the check set is let in, whoever taught it. */
import { join } from "node:path";
import {
  type Correction,
  compareModels,
  DEFAULT_LEARNING_LIMITS,
  LearnedModel,
  learn,
  loadCheckSet,
  NOTHING_LEARNED,
} from "@triage/scoring";
import { describe, expect, test } from "vitest";
import { readWrittenMessages } from "../../training/written-messages.ts";
import { correct, isShown, NOW, read, score, spam } from "./build.ts";

const checkSet = await loadCheckSet();
const checkedLetters = checkSet.filter(({ label }) => label === "letter");
const groupOf = (comparison: Awaited<ReturnType<typeof compareModels>>, name: string) =>
  comparison.groups.find(({ group }) => group === name);

describe("the check set", () => {
  test("has letters and look-alikes in all languages of the training set, at least two of each", () => {
    const languages = new Set(
      readWrittenMessages(join(import.meta.dirname, "../../training/letters.txt")).map(({ language }) => language),
    );
    for (const language of languages) {
      for (const label of ["letter", "spam"]) {
        const some = checkSet.filter((item) => item.language === language && item.label === label);
        expect(some.length, `${label} ${language}`).toBeGreaterThanOrEqual(2);
      }
    }
  });

  test("the service as it is shipped hides no letter of it", () => {
    for (const letter of checkedLetters) expect(isShown(score(letter)), letter.id).toBe(true);
  });

  test("its ids are its own", () => {
    expect(new Set(checkSet.map(({ id }) => id)).size).toBe(checkSet.length);
  });
});

describe("poisoning", () => {
  const letters = readWrittenMessages(join(import.meta.dirname, "../../training/letters.txt")).map(({ raw }) =>
    read(raw),
  );
  /** 1,000 letters, each of them marked as spam. */
  const poison = (by: (index: number) => string, minutesApart: number): Correction[] =>
    Array.from({ length: 1000 }, (_, index) =>
      correct(letters[(index * 7) % letters.length] ?? spam(), "spam", {
        by: by(index),
        at: new Date(NOW.getTime() - (index + 1) * minutesApart * 60_000),
      }),
    );

  test("one corrector who marks 1,000 letters as spam in a day hides none of the check set's letters", async () => {
    const corrections = poison(() => "mallory", 0.5);
    const candidate = new LearnedModel(await learn({ corrections, now: NOW, checkSet }));
    expect((await compareModels({ live: undefined, candidate, checkSet, corrections })).lettersSuppressed).toEqual([]);
  });

  test("nor do twenty who do it for weeks", async () => {
    const corrections = poison((index) => `mallory-${index % 20}`, 40);
    const data = await learn({ corrections, now: NOW, checkSet });
    expect(data.leftOut.length).toBeGreaterThan(100);
    const candidate = new LearnedModel(data);
    expect((await compareModels({ live: undefined, candidate, checkSet, corrections })).lettersSuppressed).toEqual([]);
  });

  test("a model that was not kept from hiding some is refused, and says which", async () => {
    const corrections = poison(() => "mallory", 0.5);
    const candidate = new LearnedModel(await learn({ corrections, now: NOW }));
    const comparison = await compareModels({ live: undefined, candidate, checkSet, corrections });
    expect(comparison.notWorse).toBe(false);
    expect(comparison.lettersSuppressed.length).toBeGreaterThan(0);
    expect(comparison.reason).toContain("letters of the check set");
    for (const id of comparison.lettersSuppressed) {
      const letter = checkSet.find((item) => item.id === id);
      expect(letter && isShown(score(letter, candidate))).toBe(false);
    }
  });

  test("an honest correction teaches beside them", async () => {
    const corrections = [...poison(() => "mallory", 0.5), correct(spam(), "spam", { by: "ann" })];
    const candidate = new LearnedModel(await learn({ corrections, now: NOW, checkSet }));
    expect((await compareModels({ live: undefined, candidate, checkSet, corrections })).notWorse).toBe(true);
    expect(score(spam({ name: "Joe" }), candidate).verdict).toBe("spam");
  });
});

describe("a candidate", () => {
  const taught = async (corrections: readonly Correction[]) =>
    new LearnedModel(await learn({ corrections, now: NOW, checkSet }));

  test("that learned a spam is let in, and gets that spam right", async () => {
    const corrections = [correct(spam(), "spam")];
    const comparison = await compareModels({
      live: undefined,
      candidate: await taught(corrections),
      checkSet,
      corrections,
    });
    expect(comparison).toMatchObject({ notWorse: true, lettersSuppressed: [] });
    expect(groupOf(comparison, "corrected-to-hidden")).toMatchObject({ messages: 1, wrongLive: 1, wrongCandidate: 0 });
  });

  test("that has forgotten what the live one knows is refused", async () => {
    const corrections = [correct(spam(), "spam")];
    const [live, candidate] = [await taught(corrections), await taught([])];
    const comparison = await compareModels({ live, candidate, checkSet, corrections });
    expect(comparison.notWorse).toBe(false);
    expect(comparison.reason).toBe("it shows 1 more of the messages that humans have called spam");
  });

  test("that shows a letter again is let in, though it then shows a spam like it", async () => {
    const before = [correct(spam(), "spam")];
    const after = [...before, correct(spam({ name: "Joe" }), "user-report", { by: "bob" })];
    const comparison = await compareModels({
      live: await taught(before),
      candidate: await taught(after),
      checkSet,
      corrections: after,
    });
    expect(comparison.notWorse).toBe(true);
    expect(groupOf(comparison, "corrected-to-shown")).toMatchObject({ wrongLive: 1, wrongCandidate: 0 });
    expect(groupOf(comparison, "corrected-to-hidden")).toMatchObject({ wrongLive: 0, wrongCandidate: 1 });
  });

  test("is compared in slices of ten messages at most: between them the classifier does its work", async () => {
    const corrections = lookAlikes.slice(0, 100).map((lookAlike) => correct(lookAlike, "spam"));
    const candidate = await taught(corrections);
    let pauses = 0;
    const pause = async () => {
      pauses += 1;
    };
    await compareModels({ live: undefined, candidate, checkSet, corrections, pause });
    const judgements = 2 * (checkSet.length + corrections.length);
    expect(pauses).toBeGreaterThanOrEqual(judgements / 10);
  });

  test("is no worse than itself", async () => {
    const corrections = [correct(spam(), "spam"), correct(spam({ name: "Joe" }), "automated")];
    const model = await taught(corrections);
    expect((await compareModels({ live: model, candidate: model, checkSet, corrections })).notWorse).toBe(true);
  });

  const lookAlikes = readWrittenMessages(join(import.meta.dirname, "../../training/look-alikes.txt")).map(({ raw }) =>
    read(raw),
  );
  const calledLetters = lookAlikes
    .slice(0, 300)
    .map((lookAlike, index) => correct(lookAlike, "user-report", { by: `corrector-${index % 10}` }));

  test("whose words let phishing through is refused", async () => {
    const { words } = await learn({ corrections: calledLetters, now: NOW, checkSet });
    const candidate = new LearnedModel({ ...NOTHING_LEARNED, words });
    const comparison = await compareModels({ live: undefined, candidate, checkSet, corrections: [] });
    expect(comparison.notWorse).toBe(false);
    expect(comparison.reason).toContain("look-alikes of the check set");
  });

  test("that shows a look-alike because a human wants to see it is let in", async () => {
    const limits = { ...DEFAULT_LEARNING_LIMITS, words: 0 };
    const corrections = lookAlikes.slice(0, 50).map((lookAlike) => correct(lookAlike, "user-report"));
    const candidate = new LearnedModel(await learn({ corrections, now: NOW, checkSet, limits }));
    const comparison = await compareModels({ live: undefined, candidate, checkSet, corrections });
    expect(comparison.notWorse).toBe(true);
    expect(groupOf(comparison, "look-alikes")?.messages).toBeLessThan(96);
  });

  test("is not blamed for a letter that the service hides without it", async () => {
    const hiddenAnyway = checkSet
      .filter((item) => !isShown(score(item)))
      .map((item) => ({ ...item, label: "letter" as const }));
    const input = { live: undefined, candidate: await taught([]), checkSet: hiddenAnyway, corrections: [] };
    expect(groupOf(await compareModels(input), "letters")?.wrongCandidate).toBe(hiddenAnyway.length);
    expect(await compareModels(input)).toMatchObject({ notWorse: true, lettersSuppressed: [] });
  });
});
