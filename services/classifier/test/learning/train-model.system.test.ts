import { createLog, loadConfig } from "@triage/runtime";
import { describeForLearning, LearnedModel, loadCheckSet, scoreMessage } from "@triage/scoring";
import { openStore, type Store } from "@triage/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { useDatabase } from "../../../../test/support/use-database.ts";
import { describeCorrections } from "../../src/learning/describe-corrections.ts";
import { readLearnedData } from "../../src/learning/learned-data.ts";
import { trainModel } from "../../src/learning/train-model.ts";

const OFFER = `From: Martin <martin@events.example.net>\r\nSubject: Exhibition space\r\n\r\n
Our team prepares the autumn fair for building materials, and a stand next to the northern entrance has become
available because an exhibitor had to withdraw. Would your company like to take the place until Thursday?\r\n`;

const database = useDatabase();
const log = createLog({ level: "silent" });
let store: Store;
let schema = 0;
beforeEach(async () => {
  schema += 1;
  store = await openStore({ databaseUrl: database.url, schema: `s${schema}` });
});
afterEach(() => store.close());

function train() {
  const { learning } = loadConfig({ env: {} });
  if (learning === undefined) throw new Error("learning is on by default");
  return trainModel({ store, config: learning, thresholds: {}, now: () => new Date() });
}

let serial = 0;
/** A message that is shown, and the correction that a person makes of it. */
async function corrected(raw: string, verdict: "spam" | "user-report", by = "ann"): Promise<string> {
  serial += 1;
  const bytes = Buffer.from(raw.replace("\r\n\r\n", `\r\nMessage-ID: <${serial}@example.net>\r\n\r\n`));
  const envelope = { reversePath: undefined, forwardPaths: [] };
  const [stored] = await store.insertMessages([{ raw: bytes, envelope, envelopeKnown: false, source: "mx" }]);
  const id = stored?.id ?? "";
  await store.saveClassification(id, {
    verdict: "undecided",
    score: 0.6,
    scores: { "genuine-dsn": 0, "user-report": 0.4, backscatter: 0, automated: 0, spam: 0.6 },
    route: "human",
    actionable: true,
    why: "It is not certain what this is.",
    rule: "undecided",
    report: { kind: "person" },
    returned: { form: "none" },
    evidence: [],
  });
  await store.saveCorrection(id, { verdict, by, apiKey: "mx" }, (machine) => ({ ...machine, verdict }));
  return id;
}

const described = () => describeCorrections({ store, log });
const learningOf = async (id: string) => (await store.message(id))?.corrections[0]?.learning;

describe("what there is to learn of a corrected message", () => {
  test("is read from its bytes and kept", async () => {
    const id = await corrected(OFFER, "spam");
    await described();
    expect(await learningOf(id)).toBe("kept");
    const [kept] = await store.keptCorrections({ since: new Date(0), limit: 10, perKey: 10 });
    const features = { kind: "person", tokens: expect.arrayContaining(["w:exhibitor"]) };
    expect(kept).toMatchObject({ verdict: "spam", by: "ann", features });
  });

  test("is nothing when the bytes are gone meanwhile", async () => {
    const id = await corrected(OFFER, "spam");
    await database.query(`DELETE FROM s${schema}.message_raw`);
    await described();
    expect(await learningOf(id)).toBe("impossible");
  });
});

describe("a training", () => {
  test("makes a version of the corrections and activates it; the same corrections again make none", async () => {
    await corrected(OFFER, "spam");
    await described();
    expect(await train()).toMatchObject({ outcome: "activated", version: 1 });
    expect(await train()).toMatchObject({ outcome: "unchanged" });
    expect(await store.modelVersions()).toMatchObject([
      { version: 1, corrections: 1, comparison: { notWorse: true, lettersSuppressed: [] } },
    ]);
  });

  test("without any correction leaves the service as it was shipped", async () => {
    expect(await train()).toMatchObject({ outcome: "unchanged" });
    expect(await store.activeModelVersion()).toBe(0);
  });

  test("activates nothing after a rollback", async () => {
    await corrected(OFFER, "spam");
    await described();
    await train();
    await store.rollBackModel(undefined);
    expect(await train()).toEqual({ outcome: "held", why: "a rollback holds version 0 until training is asked for" });
    await store.requestTraining();
    expect(await train()).toMatchObject({ outcome: "activated", version: 2 });
  });

  test("hides no letter of the check set, though four people call all of them spam", async () => {
    const checkSet = await loadCheckSet();
    const letters = checkSet.filter(({ label }) => label === "letter");
    for (const [index, { message, report }] of letters.entries()) {
      const raw = `Subject: letter ${index}\r\n\r\nplease help\r\n`;
      await corrected(raw, "spam", `person ${index % 4}`);
      const [pending] = await store.pendingCorrections(1);
      await store.keepFeatures(pending?.id ?? "", describeForLearning(message, report));
    }
    expect((await train()).why).toContain("corrections that would hide a letter are left out");
    const active = await store.modelVersion(await store.activeModelVersion());
    const data = active && readLearnedData(active.data);
    const learned = data && new LearnedModel(data);
    const hidden = letters.filter(({ message, report }) => {
      const envelope = { reversePath: undefined, forwardPaths: [] };
      const judge = (model: LearnedModel | undefined) =>
        scoreMessage({ message, report, envelope, evidence: [], learned: model }).verdict;
      return judge(learned) === "spam" && judge(undefined) !== "spam";
    });
    expect(hidden.map(({ id }) => id)).toEqual([]);
  });
});
