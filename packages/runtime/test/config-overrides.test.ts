import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError, loadConfig } from "@triage/runtime";
import { afterAll, describe, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "triage-config-overrides-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function load(lines: readonly string[]) {
  const path = join(folder, `triage-${++files}.yaml`);
  writeFileSync(path, lines.join("\n"));
  return loadConfig({ path, env: {} });
}

/** The problems, with the file's name cut off. */
function problemsOf(...lines: readonly string[]): string[] {
  try {
    load(lines);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n").map((line) => line.replace(/^.*?\.yaml:/, ""));
    throw error;
  }
  return [];
}

/** One override with this `match`, on line 3. */
const matching = (match: string) =>
  problemsOf("overrides:", "  - id: x", `    match: ${match}`, "    route: human", "    because: y");

describe("overrides", () => {
  test("none are there when nobody configures them", () => {
    expect(load([]).overrides).toEqual([]);
  });

  test("are read in their order, names without case, one value as well as a list of them", () => {
    const { overrides } = load([
      "overrides:",
      "  - id: sellers",
      '    match: { fromDomain: ["*.Sellers.example", leads.example.], listId: Offers.Example.net, kind: [person] }',
      "    verdict: spam",
      "    route: archive",
      "    because: they sell lists",
      "  - id: noc",
      '    match: { from: "*@noc.example.net", forwardPath: [NOC@example.com], reversePath: ["<>", Ann@example.net], kind: mdn }',
      "    route: human",
      "    because: our upstream",
    ]);
    expect(overrides).toEqual([
      {
        id: "sellers",
        match: {
          fromDomain: ["*.sellers.example", "leads.example"],
          listId: ["offers.example.net"],
          kind: ["person"],
        },
        verdict: "spam",
        route: "archive",
        because: "they sell lists",
      },
      {
        id: "noc",
        match: {
          from: [{ localPart: undefined, domain: "noc.example.net" }],
          forwardPath: [{ localPart: "noc", domain: "example.com" }],
          reversePath: ["<>", { localPart: "ann", domain: "example.net" }],
          kind: ["mdn"],
        },
        route: "human",
        because: "our upstream",
      },
    ]);
  });

  test("patterns are compiled, and found anywhere", () => {
    const [first] = load([
      "overrides:",
      "  - id: x",
      '    match: { subject: "(?i)leads? for", header: { name: X-Mailer, pattern: "^BulkMate \\\\d" }, body: "buy\\\\s+now" }',
      "    verdict: spam",
      "    because: y",
    ]).overrides;
    expect(first?.match.subject?.test("5000 LEADS for you")).toBe(true);
    expect(first?.match.header?.name).toBe("x-mailer");
    expect(first?.match.header?.pattern.test("BulkMate 7")).toBe(true);
    expect(first?.match.header?.pattern.test("The BulkMate 7")).toBe(false);
    expect(first?.match.body?.test("please buy\n now")).toBe(true);
  });
});

describe("an override that is wrong is named with its line", () => {
  test("a key that is not known", () => {
    expect(matching("{ colour: red }")[0]).toMatch(/^3: overrides\[0\]\.match\.colour is not a key that is known here/);
    expect(matching("{ subjekt: a }")[0]).toContain("did you mean subject?");
  });

  test("no condition at all: it would hold for all mail", () => {
    expect(matching("{}")).toEqual(["3: overrides[0].match must not be empty"]);
    expect(matching("{ from: [] }")).toEqual(["3: overrides[0].match.from must not be empty"]);
  });

  test("neither verdict nor route, and a name that is given twice", () => {
    const one = ["  - id: x", "    match: { kind: [person] }", "    because: y"];
    expect(problemsOf("overrides:", ...one, ...one, "    route: digest")).toEqual([
      "2: overrides[0] needs verdict or route, or both",
      '5: overrides[1].id is given twice: "x"',
    ]);
  });

  test("undecided is no verdict that anybody could know better: route human shows a message", () => {
    expect(
      problemsOf(
        ...["overrides:", "  - id: x", "    match: { kind: [mdn] }", "    verdict: undecided", "    because: y"],
      ),
    ).toEqual([
      '4: overrides[0].verdict must be one of genuine-dsn, user-report, backscatter, automated, spam, not "undecided"',
    ]);
  });

  test("addresses, domains and kinds that are none", () => {
    expect(matching('{ from: "nobody" }')).toEqual([
      '3: overrides[0].match.from must be an address such as joe@example.net or *@example.net, not "nobody"',
    ]);
    expect(matching('{ from: "j*@example.net" }')[0]).toContain("must be an address");
    expect(matching('{ fromDomain: [example.net, "a b"] }')).toEqual([
      '3: overrides[0].match.fromDomain[1] must be a domain such as example.net or *.example.net, not "a b"',
    ]);
    expect(matching("{ kind: bounce }")[0]).toMatch(
      /^3: overrides\[0\]\.match\.kind must be one of dsn, feedback, .* not "bounce"$/,
    );
    expect(matching("{ kind: [dsn, mdm] }")[0]).toMatch(/^3: overrides\[0\]\.match\.kind\[1\] must be one of/);
    expect(matching("{ from: 7 }")[0]).toContain("must be text, or a list of texts, not 7");
  });

  test.each([
    ["a back-reference", String.raw`'(a)\1'`, /no back-references: they cannot be matched in linear time/],
    ["look-ahead", "'a(?=b)'", /no look-around: it cannot be matched in linear time/],
    ["look-behind", "'(?<!a)b'", /no look-around/],
    ["an open bracket", "'(a'", /missing closing \)/],
    ["a range that goes backwards", "'[z-a]'", /`z-a`/],
    ["more repeats than RE2 allows", "'a{1001}'", /`\{1001\}`/],
    ["a large one", "'(a{1,30}b{1,30}){15}'", /is too large: it compiles to \d+ instructions, and 1000 are allowed/],
  ])("a pattern with %s", (_, pattern, message) => {
    for (const [key, match] of [
      ["subject", `{ subject: ${pattern} }`],
      ["body", `{ body: ${pattern} }`],
      ["header.pattern", `{ header: { name: X-Y, pattern: ${pattern} } }`],
    ]) {
      const [problem = ""] = matching(match ?? "");
      expect(problem).toMatch(message);
      expect(problem.startsWith(`3: overrides[0].match.${key} `)).toBe(true);
    }
  });

  test("a pattern or a reason without end", () => {
    expect(matching(`{ subject: "${"a".repeat(501)}" }`)).toEqual([
      "3: overrides[0].match.subject must have at most 500 characters",
    ]);
  });
});

test("the example of docs/judging.md has no mistakes", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/judging.md"), "utf8");
  const example = [...page.matchAll(/```yaml\n(.*?)```/gs)]
    .map(([, yaml = ""]) => yaml)
    .find((yaml) => yaml.startsWith("overrides:"));
  const { overrides } = load([example ?? ""]);
  expect(overrides.map(({ id }) => id)).toEqual(["upstream-noc", "own-cron", "list-sellers", "monitoring"]);
  expect(overrides[2]?.match.subject?.test("2,000 Leads for you")).toBe(true);
  expect(overrides[3]?.match.body?.test("Host: a\nStatus: recovered")).toBe(true);
});

test("a pattern that makes others hang takes its time and no more", () => {
  const [first] = load([
    "overrides:",
    "  - id: x",
    '    match: { subject: "^(a+)+$", body: "(x+x+)+y" }',
    "    route: human",
    "    because: y",
  ]).overrides;
  // 2^4096 steps in an engine that goes back.
  expect(first?.match.subject?.test(`${"a".repeat(4_096)}!`)).toBe(false);
  expect(first?.match.body?.test("x".repeat(16_384))).toBe(false);
});

test("a site without patterns does not load the engine", () => {
  const script = `
    import { createRequire } from "node:module";
    import { writeFileSync } from "node:fs";
    import { loadConfig } from "@triage/runtime";
    const path = ${JSON.stringify(join(folder, "engine.yaml"))};
    for (const match of ["kind: [person]", "subject: a"]) {
      writeFileSync(path, "overrides: [{ id: x, match: { " + match + " }, route: human, because: y }]");
      loadConfig({ path, env: {} });
      const loaded = Object.keys(createRequire(import.meta.url).cache).some((file) => file.includes("re2js"));
      console.log(match, loaded ? "loaded" : "not loaded");
    }`;
  const output = execFileSync(
    process.execPath,
    ["--import", "tsx", "--conditions=triage-source", "--input-type=module", "-e", script],
    { cwd: import.meta.dirname, encoding: "utf8" },
  );
  expect(output.trim().split("\n")).toEqual(["kind: [person] not loaded", "subject: a loaded"]);
});
