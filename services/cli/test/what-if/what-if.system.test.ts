/** The command on a real PostgreSQL, with messages that the service has decided about. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClassifyContext, classify, emptySite } from "@triage/classifier";
import { runCli } from "@triage/cli";
import type { Classification, CorrectedVerdict } from "@triage/contracts";
import { NULL_REVERSE_PATH, parseAddress, readMessage } from "@triage/message";
import type { StormAnswer } from "@triage/provenance";
import { readReport } from "@triage/reports";
import { describeForLearning, learn } from "@triage/scoring";
import { openStore, type Store } from "@triage/store";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { useDatabase } from "../../../../test/support/use-database.ts";

const BOUNCE = readFileSync(new URL("../../../standalone/samples/bounce.eml", import.meta.url));

const database = useDatabase();
let store: Store;
let folder: string;
let letters = 0;

beforeEach(async () => {
  await database.query("DROP SCHEMA IF EXISTS triage CASCADE");
  store = await openStore({ databaseUrl: database.url });
  folder = mkdtempSync(join(tmpdir(), "triage-what-if-"));
  configuration = "";
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let configuration = "";

/** The command line in this process: starting another one for each question would take most of the time. */
async function whatIf(...words: readonly string[]): Promise<Run> {
  const run = { code: 0, stdout: "", stderr: "" };
  vi.stubEnv("DATABASE_URL", database.url);
  vi.stubEnv("TRIAGE_CONFIG", configuration);
  for (const stream of ["stdout", "stderr"] as const) {
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      run[stream] += String(text);
      return true;
    });
  }
  run.code = await runCli(["node", "triage", "what-if", ...words]);
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  return run;
}

async function asJson(...words: readonly string[]) {
  const { code, stdout, stderr } = await whatIf("--format", "json", ...words);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

const SITE: ClassifyContext = { site: emptySite(), ports: () => ({ now: new Date() }) };

/** A letter with words of its own: the store knows the same bytes again. */
function letter(subject: string, body: string, from = "Joe <joe@example.net>"): Buffer {
  letters += 1;
  const lines = [`From: ${from}`, "To: postmaster@example.com", `Message-ID: <${letters}@example.net>`];
  return Buffer.from([...lines, `Subject: ${subject}`, "", body, ""].join("\r\n"));
}

const HELP = "Hello, since yesterday your server refuses our mail. Could you have a look, please? Thank you, Joe";
const OFFER =
  "Dear office manager, our company delivers chairs, desks and lamps of the best quality to offices in your town. " +
  "We would be glad to send our new catalogue of this spring to you. Kind regards, Robin of the furniture house";
const SPAM =
  "Dear beneficiary, you won 4,500,000 USD in the lottery. Click here now to claim your prize money, 100% free, act now, " +
  "limited offer!!! http://198.51.100.7/claim?id=1 http://198.51.100.7/claim?id=2 unsubscribe viagra cheap loans";

/** Stores a message as the service would have: received, classified, its verdict kept. */
async function decided(
  raw: Buffer,
  change: Partial<Classification> = {},
  context: ClassifyContext = SITE,
): Promise<string> {
  const reversePath = raw === BOUNCE ? NULL_REVERSE_PATH : parseAddress("joe@example.net");
  const forwardPaths = [parseAddress("postmaster@example.com")].filter((path) => path !== undefined);
  const envelope = { reversePath, forwardPaths };
  const [outcome] = await store.insertMessages([{ raw, envelope, envelopeKnown: true, source: "test" }]);
  const { classification } = await classify(raw, envelope, context);
  const id = outcome?.id ?? "";
  expect(await store.saveClassification(id, { ...classification, ...change })).toBe("saved");
  return id;
}

function correct(id: string, verdict: CorrectedVerdict): Promise<unknown> {
  return store.saveCorrection(id, { verdict, by: "ann", apiKey: "ann" }, (uncorrected) => ({
    ...uncorrected,
    verdict,
  }));
}

function config(text: string, name = "new.yaml"): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test("what the service decided is decided so again, and nothing is said to change", async () => {
  await decided(letter("your server", HELP));
  await decided(letter("You won", SPAM));
  await decided(BOUNCE);
  const { code, stdout } = await whatIf();
  expect(stdout).toContain("3 messages of the last 7 days, judged again as they would be today.");
  expect(stdout).toContain("0 messages would be decided otherwise");
  expect(stdout).toContain("Newly hidden from the human: 0");
  expect(code).toBe(0);
});

describe("another threshold", () => {
  test("shows what would be hidden first, with what it is, from where, and why", async () => {
    const id = await decided(letter("You won", SPAM), {}, { ...SITE, thresholds: { spam: 1 } });
    await decided(letter("your server", HELP));
    configuration = config("thresholds: { spam: 1 }", "triage.yaml");
    const { stdout } = await whatIf("--threshold", "spam=0.9");
    expect(stdout.split("\n").slice(0, 6)).toEqual([
      "2 messages of the last 7 days, judged again with thresholds.spam 0.9.",
      "1 message would be decided otherwise than it was, all because of that.",
      "",
      "Newly hidden from the human: 1",
      `  ${id}  example.net  "You won"`,
      "    undecided, human -> spam, archive",
    ]);
    expect(stdout).toContain("    This is spam; it reads like spam");
    expect(stdout).toMatch(/as decided +as it would be +messages\n {2}undecided, human +spam, archive +1\n/);
    expect(stdout.indexOf("Newly hidden")).toBeLessThan(stdout.indexOf("Newly shown"));
  });

  test("what a higher one would show is listed too, and several may be given", async () => {
    const id = await decided(letter("You won", SPAM));
    const result = await asJson("--threshold", "spam=1", "--threshold", "automated=0.6");
    expect(result).toMatchObject({
      supposed: ["thresholds.spam 1", "thresholds.automated 0.6"],
      messages: 1,
      changed: 1,
      changedAnyway: 0,
      changes: [
        { before: { verdict: "spam", route: "archive" }, after: { verdict: "undecided", route: "human" }, messages: 1 },
      ],
      newlyHidden: { messages: 0, list: [] },
      newlyShown: { messages: 1, list: [{ id, fromDomain: "example.net", subject: "You won", alsoWithout: false }] },
    });
  });

  test("that is none is refused in words", async () => {
    const { code, stderr } = await whatIf("--threshold", "spam=2");
    expect(stderr).toContain("A threshold must be a probability from 0.5 to 1, as in spam=0.95.");
    expect(code).toBe(1);
  });
});

describe("another configuration", () => {
  const NOC = "overrides: [{ id: noc, match: { fromDomain: example.net }, route: archive, because: they call us }]";

  test("is tried as a whole: an override that would hide letters is seen before it does", async () => {
    const id = await decided(letter("your server", HELP));
    configuration = config("site: { domains: [] }", "triage.yaml");
    const { newlyHidden } = await asJson("--config", config(NOC));
    expect(newlyHidden).toMatchObject({
      messages: 1,
      list: [{ id, after: { verdict: "user-report", route: "archive" } }],
    });
    expect(newlyHidden.list[0].why).toContain(
      'the override "noc" of this site says that it goes into the archive: they call us.',
    );
  });

  test("what has changed since a message was decided is told apart from what the options change", async () => {
    await decided(letter("an older verdict", HELP), { verdict: "undecided" });
    await decided(letter("You won", SPAM));
    configuration = config("site: { domains: [] }", "triage.yaml");
    const { stdout } = await whatIf("--threshold", "spam=1");
    expect(stdout.replace(/\s+/g, " ")).toContain(
      "2 messages would be decided otherwise than they were, 1 of them also without that",
    );
    expect(await asJson()).toMatchObject({ supposed: [], changed: 1 });
  });

  test("with a mistake in it is refused with its line", async () => {
    const { code, stderr } = await whatIf("--config", config("site:\n  domians: []\n"));
    expect(stderr).toMatch(/new\.yaml:2: site\.domians is not a key that is known here/);
    expect(code).toBe(1);
  });
});

test("corrections are the truth: how many would now be right, and how many were", async () => {
  await correct(await decided(letter("an offer", SPAM), {}, { ...SITE, thresholds: { spam: 1 } }), "spam");
  await correct(await decided(letter("your server", HELP)), "user-report");
  const hidden = await decided(letter("You won", SPAM));
  await correct(hidden, "automated");
  await correct(hidden, "user-report");
  const { stdout } = await whatIf();
  expect(stdout).toContain("Of 3 corrected messages 2 would now be right (1 before).");
  const { newlyHidden } = await asJson();
  expect(newlyHidden.list).toMatchObject([{ before: { verdict: "undecided", route: "human" }, corrected: "spam" }]);
});

test("what was learned since a message was decided shows, as the workers would judge it now", async () => {
  await decided(letter("An offer for your office", OFFER));
  const message = readMessage(letter("An offer for your office", OFFER));
  const features = describeForLearning(message, readReport(message, { reversePath: undefined, forwardPaths: [] }));
  const now = new Date();
  const correction = { id: "1", messageId: "1", verdict: "spam", by: "ann", key: "ann", at: now, features } as const;
  const data = await learn({ corrections: [correction], now });
  await store.saveModelVersion({ data, comparison: {}, corrections: 1, madeAt: now, activate: true, why: "a test" }, 5);
  expect(await asJson()).toMatchObject({
    changed: 1,
    newlyHidden: { messages: 1, list: [{ before: { route: "human" }, after: { verdict: "spam" } }] },
  });
  configuration = config("learning: { enabled: false }", "triage.yaml");
  expect(await asJson()).toMatchObject({ changed: 0 });
});

test("a report that was part of a storm is judged with that storm, and counts in none of today", async () => {
  const storm: StormAnswer = { kind: "storm", by: "address", strength: "full", messages: 900, reporters: 90, hours: 6 };
  const context: ClassifyContext = { ...SITE, ports: () => ({ now: new Date(), storms: { note: async () => storm } }) };
  await decided(BOUNCE, {}, context);
  expect(await asJson()).toMatchObject({ messages: 1, changed: 0 });
  expect(await database.query("SELECT * FROM triage.storm_sketch")).toEqual([]);
});

test("only the days that are asked for, what is classified, and what has its bytes", async () => {
  await decided(letter("gone", HELP));
  await database.query("DELETE FROM triage.message_raw");
  await decided(letter("your server", HELP));
  await store.insertMessages([
    {
      raw: letter("new", HELP),
      envelope: { reversePath: undefined, forwardPaths: [] },
      envelopeKnown: false,
      source: "t",
    },
  ]);
  const old = openStore({ databaseUrl: database.url, now: () => Date.now() - 3 * 86_400_000 });
  const today = store;
  store = await old;
  await decided(letter("three days ago", HELP));
  await store.close();
  store = today;
  expect(await asJson("--days", "2")).toMatchObject({ messages: 1, withoutBytes: 1, changed: 0 });
  expect(await asJson("--days", "4")).toMatchObject({ messages: 2, withoutBytes: 1, changed: 0 });
  const { code, stderr } = await whatIf("--days", "0");
  expect(stderr).toContain("It must be a whole number of days from 1 to 366.");
  expect(code).toBe(1);
});

test("more messages than one batch or one page holds, in their order and each once", async () => {
  await decided(letter("first", HELP));
  await database.query(`
    WITH model AS (SELECT m.*, r.raw, v.verdict, v.route, v.score, v.kind, v.classification
                     FROM triage.message m JOIN triage.message_raw r USING (id) JOIN triage.verdict v ON message_id = id),
    ids AS (SELECT overlay(id::text placing lpad(to_hex(n), 12, '0') from 25)::uuid AS id, n FROM model, generate_series(1, 2150) n),
    added AS (INSERT INTO triage.message SELECT ids.id, state, state_at, received_at, source, size_bytes, envelope, envelope_known FROM model, ids RETURNING id),
    bytes AS (INSERT INTO triage.message_raw SELECT ids.id, raw FROM model, ids)
    INSERT INTO triage.verdict (message_id, verdict, route, score, kind, classification)
    SELECT ids.id, verdict, route, score, kind, classification FROM model, ids`);
  expect(await asJson()).toMatchObject({ messages: 2_151, withoutBytes: 0, changed: 0 });
});

test("mail cannot drive the terminal: control characters of a subject are not printed", async () => {
  await decided(letter("=?utf-8?q?=1B[2Jyou_won?= \u001b[31mred", SPAM));
  const { stdout } = await whatIf("--threshold", "spam=1");
  expect(stdout).not.toContain("\u001b");
  expect(stdout).toContain("Newly shown to the human: 1");
});

test("nothing in the database is changed, whatever is supposed", async () => {
  await decided(BOUNCE);
  await decided(letter("You won", SPAM));
  await correct(await decided(letter("your server", HELP)), "spam");
  const before = await contentOf();
  await whatIf();
  await whatIf(
    "--threshold",
    "spam=1",
    "--config",
    config("site: { domains: [example.com], ledger: { complete: true } }"),
  );
  expect(await contentOf()).toEqual(before);
});

/** Every row of every table, and every table. */
async function contentOf(): Promise<unknown> {
  const tables = await database.query(
    "SELECT relname AS name FROM pg_class WHERE relnamespace = 'triage'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1",
  );
  const content: Record<string, unknown> = {};
  for (const { name } of tables)
    content[String(name)] = await database.query(`SELECT t::text FROM triage."${name}" t ORDER BY 1`);
  return content;
}

test("a database without messages of the service, or of an older release, is named and left as it is", async () => {
  await database.query("DELETE FROM triage.schema_migration WHERE id > 3");
  expect((await whatIf()).stderr).toContain(
    "those of an older release: start this one once, which brings it up to date",
  );
  await database.query("DROP SCHEMA triage CASCADE");
  const { code, stderr } = await whatIf();
  expect(stderr).toBe("triage: The database holds no messages of this service yet.\n");
  expect(code).toBe(1);
  expect(await database.query("SELECT 1 FROM pg_namespace WHERE nspname = 'triage'")).toEqual([]);
});
