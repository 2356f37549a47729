/** The built command in a process of its own, against the service's HTTP interface on a real database. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findFreePort } from "../../../test/support/free-port.ts";
import { SPAM } from "../../ingest/test/classifications.ts";
import { freshMessage, KEY, openTestIngest, type TestIngest } from "../../ingest/test/ingest-app.ts";

const TRIAGE = fileURLToPath(new URL("../bin/triage.js", import.meta.url));
const GROUP = { messages: 186, wrongLive: 0, wrongCandidate: 0 };
const COMPARISON = { groups: [{ group: "letters", ...GROUP }], lettersSuppressed: ["letter-fr-3"] };
const MADE = { data: {}, comparison: COMPARISON, corrections: 3, madeAt: new Date("2026-11-22T12:00:00Z") };

let ingest: TestIngest;
let url: string;
beforeAll(async () => {
  ingest = await openTestIngest();
  url = await ingest.app.listen({ port: 0, host: "127.0.0.1" });
});
afterAll(() => ingest.close());

function triage(
  words: readonly string[],
  key = KEY,
  base = url,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, TRIAGE_CONFIG: "", TRIAGE_API_KEY: key };
  return new Promise((resolve) => {
    execFile(process.execPath, [TRIAGE, ...words, "--url", base], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
    });
  });
}

describe("triage release", () => {
  test("sends what was kept to the human after all, and says why not", async () => {
    const { id } = (await ingest.post(freshMessage())).json();
    await ingest.store.saveClassification(id, SPAM);
    const first = await triage(["release", id]);
    expect(first).toMatchObject({ code: 0, stdout: `${id} is on its way to the human\n` });
    expect((await ingest.store.message(id))?.state).toBe("classified");
    const again = await triage(["release", id]);
    expect(again.stderr).toContain("Only what was archived, is held back or was told of by a notice can be released");
    expect(again.code).toBe(1);
  });
});

describe("triage correct", () => {
  test("says what became of the message, and whether the service learns from it", async () => {
    const { id } = (await ingest.post(freshMessage())).json();
    await ingest.store.saveClassification(id, SPAM);
    const { code, stdout } = await triage(["correct", id, "user-report", "--by", "ann", "--note", "a customer"]);
    expect(stdout).toBe(
      `${id} is user-report, not spam (ann): route human, classified\n` +
        "Later messages like this one will be judged with this in mind.\n",
    );
    expect(code).toBe(0);
    expect((await ingest.store.message(id))?.corrections).toMatchObject([{ by: "ann", note: "a customer" }]);
  });

  test("says in one sentence why not", async () => {
    const nobody = "00000000-0000-7000-8000-000000000000";
    expect(await triage(["correct", nobody, "spam"])).toEqual({
      code: 1,
      stdout: "",
      stderr: "triage: There is no message with this id.\n",
    });
    expect((await triage(["correct", nobody, "spam"], "wrong")).stderr).toContain("the key is not known");
    expect((await triage(["correct", nobody, "rubbish"])).stderr).toContain("genuine-dsn, user-report");
    const nothing = `http://127.0.0.1:${await findFreePort()}`;
    const { code, stderr } = await triage(["correct", nobody, "spam"], KEY, nothing);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`${nothing} cannot be reached: connect ECONNREFUSED`)]);
  });
});

describe("triage model", () => {
  test("lists, shows, goes back, and trains", async () => {
    const { store } = ingest;
    expect((await triage(["model", "list"])).stdout).toContain("*     0  the model that the service ships");
    await store.saveModelVersion({ ...MADE, activate: true, why: "it is nowhere worse" }, 20);
    await store.saveModelVersion({ ...MADE, activate: false, why: "it hides 1 of the letters" }, 20);
    expect((await triage(["model", "list"])).stdout.split("\n").slice(0, 4)).toEqual([
      "  version  made (UTC)        corrections  outcome    why",
      "      2  2026-11-22 12:00            3  refused    it hides 1 of the letters",
      "*     1  2026-11-22 12:00            3  activated  it is nowhere worse",
      "      0  the model that the service ships",
    ]);
    const shown = (await triage(["model", "show", "2"])).stdout;
    expect(shown).toContain("version 2, made 2026-11-22 12:00 UTC from 3 corrections: refused");
    expect(shown).toContain("hides letter-fr-3");
    expect((await triage(["model", "rollback"])).stdout).toContain("version 0 is active");
    expect((await triage(["model", "show"])).stderr).toContain("it has learned from no correction");
    expect((await triage(["model", "rollback", "9"])).stderr).toContain("There is no such version to use");

    const training = triage(["model", "train"]);
    await expect.poll(async () => (await store.learningView()).held, { timeout: 60_000 }).toBe(false);
    const { wanted } = await store.learningView();
    await store.finishTraining({ wanted, outcome: "refused", why: "it hides 1 of the letters", at: MADE.madeAt });
    expect(await training).toMatchObject({
      code: 1,
      stdout: "last trained 2026-11-22 12:00: refused, it hides 1 of the letters\n",
    });
    expect(JSON.parse((await triage(["model", "list", "--json"])).stdout)).toMatchObject({ active: 0, held: false });
  });
});
