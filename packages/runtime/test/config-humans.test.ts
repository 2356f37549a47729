import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ConfigError, type HumanConfig, loadConfig } from "../src/index.ts";

const folder = mkdtempSync(join(tmpdir(), "triage-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

function load(text: string): readonly HumanConfig[] {
  const path = join(folder, "triage.yaml");
  writeFileSync(path, text);
  return loadConfig({ path, env: {} }).humans;
}

function problemsOf(text: string): readonly string[] {
  try {
    load(text);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ line, key, message }) => `${line}: ${key} ${message}`);
  }
}

const ROTA = `
humans:
  - id: ops
    maxPerHour: 0
    rota:
      timeZone: Europe/Vienna
      start: 2026-11-23T09:00
      every: { days: 7 }
      turns: [[ann@example.com], [bob@example.com]]
      overrides:
        - { from: 2026-12-24, until: 2026-12-27T12:00, to: [cy@example.com] }
    escalation: { afterHours: 0.5, unless: acknowledged, to: boss }
  - id: boss
    to: [boss@example.com]
    for: { urgency: [high], kind: [dsn], remoteOrganisation: [example.net] }
`;

test("a rota and an escalation are what was written, in milliseconds", () => {
  const [ops, boss] = load(ROTA);
  expect(ops).toMatchObject({
    to: ["ann@example.com", "bob@example.com", "cy@example.com"],
    maxPerHour: undefined,
    rota: {
      timeZone: "Europe/Vienna",
      startMs: Date.parse("2026-11-23T09:00Z"),
      everyMs: 7 * 86_400_000,
      overrides: [{ fromMs: Date.parse("2026-12-24T00:00Z"), untilMs: Date.parse("2026-12-27T12:00Z") }],
    },
    escalation: { afterMs: 1_800_000, unless: "acknowledged", to: "boss" },
  });
  expect(boss).toMatchObject({ maxPerHour: 60, rota: undefined, escalation: undefined });
});

test.each([
  [
    "Europe/Vienna",
    "Europe/Wien",
    '6: humans[0].rota.timeZone must be a time zone such as Europe/Vienna, not "Europe/Wien"',
  ],
  ["2026-11-23T09:00", "2026-11-31T09:00", "7: humans[0].rota.start must be a day and a time that exist"],
  ["until: 2026-12-27T12:00", "until: 2026-12-24", "11: humans[0].rota.overrides[0].until must be later than from"],
  ["to: [cy@example.com]", "to: []", "11: humans[0].rota.overrides[0] needs to, with at least one address"],
  ["[bob@example.com]", "[bob]", '5: humans[0].rota must be an address such as ann@example.com, not "bob"'],
  ["to: boss }", "to: bos }", '12: humans[0].escalation.to must be one of ops, boss, not "bos"'],
  ["    maxPerHour: 0", "    to: [ann@example.com]", "4: humans[0].to is given, and rota as well: keep one of them"],
])("%s written as %s is named with its line", (right, wrong, problem) => {
  expect(problemsOf(ROTA.replace(right, wrong)).join("\n")).toContain(problem);
});

test("a reason or kind that does not exist is named with its line, and the one that was probably meant", () => {
  const humans = "humans:\n  - { id: ops }\n  - { id: noc, to: [n@example.com], for: { reason: [bloked] } }\n";
  const to = humans.replace("id: ops", "id: ops, to: [o@example.com]");
  expect(problemsOf(to)).toEqual(['3: humans[1].for.reason[0] is not known: "bloked"; did you mean blocked?']);
  expect(problemsOf(to.replace("reason: [bloked]", "kind: [dsm]")).join()).toContain("3: humans[1].for.kind[0]");
});

test("two holidays that overlap are a mistake: nobody could say who is on duty", () => {
  const second = "        - { from: 2026-12-26, until: 2026-12-28, to: [dee@example.com] }\n    escalation";
  expect(problemsOf(ROTA.replace("    escalation", second)).join("\n")).toContain(
    "12: humans[0].rota.overrides[1] overlaps with overrides.0",
  );
});

test("an escalation that comes back is a mistake, however long the way", () => {
  const loop = `
humans:
  - { id: a, to: [a@example.com], escalation: { afterHours: 1, to: b } }
  - { id: b, to: [b@example.com], escalation: { afterHours: 1, to: c } }
  - { id: c, to: [c@example.com], escalation: { afterHours: 1, to: a } }
  - { id: d, to: [d@example.com], escalation: { afterHours: 1, to: a } }
`;
  expect(problemsOf(loop).map((problem) => problem.slice(0, 40))).toEqual([
    "3: humans[0].escalation.to comes back to",
    "4: humans[1].escalation.to comes back to",
    "5: humans[2].escalation.to comes back to",
  ]);
});
