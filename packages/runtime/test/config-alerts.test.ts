import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { useConfigFiles } from "./config-files.ts";

const { folder, load, problemsOf } = useConfigFiles();

const HUMANS = "humans: [{ id: ann, to: [ann@example.com] }, { id: bob, to: [bob@example.com] }]\n";

test("by default the database signs our Message-IDs, and everybody hears of troubles", () => {
  const { ownMail, alerts } = load("");
  expect(ownMail).toEqual({ secrets: [] });
  expect(alerts).toEqual({ to: [] });
});

test("secrets of our mail may stand in a file, so that several sites share them", () => {
  writeFileSync(join(folder, "own"), "the newest of secrets\nthe secret of before\n");
  expect(load("ownMail: { secretsFile: own }").ownMail.secrets).toEqual([
    "the newest of secrets",
    "the secret of before",
  ]);
  expect(problemsOf("ownMail: { secrets: [short] }").join()).toContain("less than 16 characters");
});

test("alerts go to humans that there are", () => {
  expect(load(`${HUMANS}alerts: { to: [bob] }`).alerts.to).toEqual(["bob"]);
  expect(problemsOf(`${HUMANS}alerts: { to: [bob, carol] }`)).toEqual([
    expect.stringContaining('alerts.to[1] must be one of ann, bob, not "carol"'),
  ]);
});
