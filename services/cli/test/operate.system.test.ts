/** Commands of an operator, against the service's HTTP interface on a real database. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { findFreePort } from "../../../test/support/free-port.ts";
import { beginStorm } from "../../delivery/test/begin-storm.ts";
import { LETTER } from "../../ingest/test/classifications.ts";
import { freshMessage, KEY, openTestIngest, type TestIngest } from "../../ingest/test/ingest-app.ts";
import { runCli } from "../src/cli.ts";

const NOBODY = "00000000-0000-7000-8000-000000000000";
let ingest: TestIngest;
let url: string;
let folder: string;
const written = { stdout: "", stderr: "" };

beforeAll(async () => {
  ingest = await openTestIngest({ humans: ["ann", "bob"] });
  url = await ingest.app.listen({ port: 0, host: "127.0.0.1" });
  folder = await mkdtemp(join(tmpdir(), "triage-operate-"));
});
afterAll(async () => {
  await ingest.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(() => {
  vi.stubEnv("TRIAGE_CONFIG", "");
  vi.stubEnv("TRIAGE_API_KEY", KEY);
  for (const name of ["stdout", "stderr"] as const) {
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      written[name] += String(text);
      return true;
    });
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

async function triage(...words: string[]) {
  written.stdout = written.stderr = "";
  return { code: await runCli(["node", "triage", ...words]), ...written };
}
const ask = (...words: string[]) => triage(...words, "--url", url);

async function deadLetter(error: string): Promise<string> {
  const { id } = (await ingest.post(freshMessage())).json();
  await ingest.store.saveClassification(id, LETTER);
  await ingest.store.markFailed(id, { stage: "deliver", error, at: new Date("2026-11-22T12:00:00Z") });
  return id;
}

/** What every command that asks the service says of a mistake. */
async function expectPlainErrors(words: (id: string) => readonly string[]): Promise<void> {
  const unknown = await ask(...words(NOBODY));
  expect([unknown.code, unknown.stdout]).toEqual([1, ""]);
  expect(unknown.stderr).toMatch(/^triage: There is no (?:message|dead letter|incident)[^\n]*\.\n$/);
  expect((await ask(...words("rubbish"))).code).toBe(1);
  vi.stubEnv("TRIAGE_API_KEY", "wrong");
  expect((await ask(...words(NOBODY))).stderr).toContain("the key is not known");
  vi.stubEnv("TRIAGE_API_KEY", KEY);
  const nothing = `http://127.0.0.1:${await findFreePort()}`;
  expect((await triage(...words(NOBODY), "--url", nothing)).stderr).toContain(`${nothing} cannot be reached`);
  expect((await triage(...words(NOBODY), "--url", "not a url")).stderr).toContain('--url "not a url" is not a URL');
}

describe("triage acknowledge", () => {
  test("says who sees to a message; who said so first stays", async () => {
    const { id } = (await ingest.post(freshMessage())).json();
    await ingest.store.saveClassification(id, LETTER);
    const { code, stdout } = await ask("acknowledge", id, "--by", "ann");
    expect(stdout).toMatch(
      new RegExp(`^${id} \\(classified\\): ann sees to it since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC\\n$`),
    );
    expect(code).toBe(0);
    expect((await ask("acknowledge", id, "--by", "bob")).stdout).toContain("ann sees to it");
    const json = JSON.parse((await ask("acknowledge", id, "--json")).stdout);
    expect(json).toMatchObject({ id, acknowledged: { by: "ann" } });
  });

  test("a wrong id, key or URL is one sentence", () => expectPlainErrors((id) => ["acknowledge", id]));
});

describe("triage dead-letters", () => {
  test("lists, filters and shows what was given up", async () => {
    const [busy, refused] = [await deadLetter("421 too busy"), await deadLetter("550 no such user\u001b[2J")];
    const list = (await ask("dead-letters", "list")).stdout;
    expect(list).toContain(`${busy}  2026-11-22 12:00  deliver   421 too busy\n`);
    expect(list).toContain(`${refused}  2026-11-22 12:00  deliver   550 no such user [2J\n`);
    const filtered = (await ask("dead-letters", "list", "--error-text", "TOO BUSY", "--stage", "deliver")).stdout;
    expect(filtered).toMatch(/ wait, 1 of them match\n$/);
    expect(filtered).not.toContain(refused);
    expect((await ask("dead-letters", "show", busy)).stdout).toBe(
      `${busy}: given up 2026-11-22 12:00 UTC (deliver)\n421 too busy\ntriage dead-letters retry ${busy}, or redirect to: ann, bob\n`,
    );
  });

  test("retries one, or all that a filter leaves", async () => {
    const [one, other] = [await deadLetter("452 mailbox full"), await deadLetter("452 mailbox full")];
    expect((await ask("dead-letters", "retry", one, "--by", "ann")).stdout).toBe(`${one} is tried again (deliver)\n`);
    expect(ingest.jobs).toContainEqual({ queue: "deliver", messageId: one });
    const all = await ask("dead-letters", "retry", "--all", "--error-text", "mailbox full");
    expect(all.stdout).toMatch(/^1 tried again, \d left\n$/);
    expect(await ingest.store.message(other)).toMatchObject({ state: "classified", deadLetter: undefined });
    expect((await ask("dead-letters", "retry")).stderr).toContain("say which: an id, or --all");
    expect((await ask("dead-letters", "retry", one, "--all")).code).toBe(1);
  });

  test("offers those who have not refused it first, and says when it goes to one who has", async () => {
    const { id } = (await ingest.post(freshMessage())).json();
    const at = new Date("2026-11-22T12:00:00Z");
    await ingest.store.saveClassification(id, LETTER);
    await ingest.store.assign(id, [{ human: "ann", escalateAt: undefined }], at);
    await ingest.store.recordAttempt(id, { human: "ann", deliveries: [], state: "failed", error: "550 no", at });
    await ingest.store.settle([id], at);
    expect((await ask("dead-letters", "show", id)).stdout).toContain("redirect to: bob, ann (did not take it)\n");
    expect((await ask("dead-letters", "redirect", id, "ann")).stdout).toBe(
      `${id} is on its way to ann, who did not take it before: it may come back\n`,
    );
  });

  test("gives one to another human, or puts it away with a note", async () => {
    const [redirected, discarded] = [await deadLetter("550 gone"), await deadLetter("550 gone")];
    const { code, stderr } = await ask("dead-letters", "redirect", redirected, "cy");
    expect([code, stderr]).toEqual([1, expect.stringContaining("ann, bob")]);
    expect((await ask("dead-letters", "redirect", redirected, "bob")).stdout).toBe(
      `${redirected} is on its way to bob\n`,
    );
    expect(await ingest.store.message(redirected)).toMatchObject({ assignments: [{ human: "bob", state: "pending" }] });
    const note = ["--note", "a test of ours"];
    expect((await ask("dead-letters", "discard", discarded, ...note)).stdout).toContain(
      `${discarded} is put away (archived)`,
    );
    expect((await ask("dead-letters", "discard", redirected)).code).toBe(1);
  });

  test.each(["show", "retry"])("a wrong id, key or URL of %s is one sentence", (action) =>
    expectPlainErrors((id) => ["dead-letters", action, id]),
  );
});

describe("triage incidents", () => {
  /** A storm with its notice. */
  async function openIncident(sender: string): Promise<string> {
    await beginStorm(ingest.store, sender, 1);
    const [incident] = await ingest.store.incidents({ limit: 1 });
    return incident?.id ?? "";
  }

  test("lists what goes on, shows one, and closes it once", async () => {
    const id = await openIncident("joe@example.com");
    const about = "mail that names joe@example.com, from about 2\\d organisations";
    const list = (await ask("incidents", "list", "--state", "open", "--kind", "storm")).stdout;
    expect(list).toMatch(new RegExp(`^${id}  \\S+ \\S+  storm    open +2\\d  ${about}$`, "m"));
    expect(list).toMatch(/\n1 open\n$/);
    expect((await ask("incidents", "list", "--kind", "flood")).stdout).toBe("1 open\n");
    const shown = (await ask("incidents", "show", id)).stdout;
    expect(shown).toMatch(new RegExp(`^${id}: storm, open, 2\\d messages\n${about}\n`));
    expect(shown).toMatch(/ told \(begin\): pending\n/);
    expect(JSON.parse((await ask("incidents", "show", id, "--json")).stdout)).toMatchObject({ id, kind: "storm" });
    expect((await ask("incidents", "close", id)).stdout).toBe(
      `${id} is closed: the next message of its cause begins a new one\n`,
    );
    expect((await ask("incidents", "show", id)).stdout).toContain(": storm, closed, ");
    const again = await ask("incidents", "close", id);
    expect([again.code, again.stderr]).toEqual([1, "triage: The incident is closed already.\n"]);
  });

  test.each(["show", "close"])("a wrong id, key or URL of %s is one sentence", (action) =>
    expectPlainErrors((id) => ["incidents", action, id]),
  );
});

describe("triage rota", () => {
  test("says who is on duty at an instant, and who is next", async () => {
    const path = join(folder, "rota.yaml");
    const rota =
      "{ timeZone: Europe/Vienna, start: 2026-11-23T09:00, every: { days: 7 }, turns: [[ann@example.com], [bob@example.com]] }";
    await writeFile(path, `humans:\n  - id: ops\n    rota: ${rota}\n`);
    const { code, stdout, stderr } = await triage("rota", path, "--at", "2026-11-24T12:00Z", "--turns", "1");
    expect(stderr).toBe("");
    expect(stdout).toBe(
      "ops\n  on duty: ann@example.com until 2026-11-30 09:00 Europe/Vienna\n  then:    bob@example.com until 2026-12-07 09:00\n",
    );
    expect(code).toBe(0);
  });

  test("without one says so; a mistake in the file is named with its line", async () => {
    const path = join(folder, "none.yaml");
    await writeFile(path, "human: { to: [ann@example.com] }\n");
    expect((await triage("rota", path)).stdout).toBe("no human has a rota\n");
    await writeFile(path, "human: { too: [ann@example.com] }\n");
    const { code, stderr } = await triage("rota", path);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/1: .*too.*to/)]);
    expect((await triage("rota", path, "--at", "yesterday")).stderr).toContain("It must be an instant");
  });
});
