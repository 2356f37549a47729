import { openStore, type Store } from "@triage/store";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useDatabase } from "../../../test/support/use-database.ts";
import { runCli } from "../src/cli.ts";

const database = useDatabase();
let store: Store;
let printed: string;

beforeEach(async () => {
  printed = "";
  vi.stubEnv("DATABASE_URL", database.url);
  vi.stubEnv("TRIAGE_CONFIG", "");
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  store = await openStore({ databaseUrl: database.url, poolSize: 2 });
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await store.close();
});

const digest = (...words: string[]) => runCli(["node", "triage", "digest", ...words]);

async function keepSpam(): Promise<string> {
  const raw = Buffer.from("Subject: Cheap pills\r\nFrom: joe@spam.example\r\n\r\nhello\r\n");
  const envelope = { reversePath: undefined, forwardPaths: [] };
  const [outcome] = await store.insertMessages([{ raw, envelope, envelopeKnown: false, source: "test" }]);
  const id = outcome?.id ?? "";
  await store.saveClassification(id, {
    verdict: "spam",
    score: 0.93,
    scores: { "genuine-dsn": 0, "user-report": 0.07, backscatter: 0, automated: 0, spam: 0.93 },
    route: "archive",
    urgency: "normal",
    actionable: false,
    why: "It is spam.",
    rule: "spam",
    report: { kind: "other" },
    returned: { form: "none" },
    evidence: [],
  });
  return id;
}

test("triage digest prints what a digest would say now, and changes nothing", async () => {
  const id = await keepSpam();
  expect(await digest()).toBe(0);
  expect(printed).toContain("1 message was judged: 0 for a person, 1 kept.");
  expect(printed).toContain("Cheap pills");
  expect(printed).toContain(id);
  expect(await store.digests(9)).toEqual([]);
});

test("--send leaves a digest for the delivery role", async () => {
  await keepSpam();
  expect(await digest("--send", "--since", "2026-01-01")).toBe(0);
  expect(printed).toMatch(/^Digest [0-9a-f-]{36}: the delivery role sends it within 120 seconds\.$/m);
  expect(await store.digests(9)).toMatchObject([{ state: "pending", asked: true }]);
});

test("--of is the period of a digest that nobody took: it is looked at anew, and can be sent again", async () => {
  await keepSpam();
  const since = new Date(Date.now() - 86_400_000);
  const id = await store.askForDigest({ since, until: new Date(Date.now() + 1_000) }, 5);
  await store.closeDigest(id, { at: new Date(), otherwise: "failed" });
  expect(await digest("--of", id)).toBe(0);
  expect(printed).toContain("Cheap pills");
  expect(await digest("--of", id, "--send")).toBe(0);
  const [again, failed] = await store.digests(9);
  expect(again).toMatchObject({ state: "pending", since: failed?.since, until: failed?.until });
  expect(await digest("--of", "019a9f00-0000-7000-8000-00000000dead")).toBe(1);
  expect(printed).toContain("there is no digest");
});

test("a period that ends before it begins, and a time that is none, are refused", async () => {
  expect(await digest("--since", "2026-11-20", "--until", "2026-11-19")).toBe(1);
  expect(printed).toContain("the period ends before it begins");
  expect(await digest("--since", "yesterday")).toBe(1);
});
