/**
 * Every regular expression of the product is linear in the length of its input, or bounded: mail is written by strangers,
 * and one pattern that tries the same bytes again from every start stops the service with one message.
 *
 * oxc-parser finds the patterns, recheck proves them: its automaton checker counts the ways in which a pattern can match
 * or fail, searched from every start of the text, and knows no "probably". A bounded repeat (`{1,255}`) multiplies the time by
 * its bound and does not let it grow with the text, so it is proven with a small bound in its place (the automaton of a
 * large one takes minutes), and the bound itself is held below MAX_REPEAT.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { RegExpParser, visitRegExpAST } from "@eslint-community/regexpp";
import { parseSync, Visitor } from "oxc-parser";
import { check } from "recheck";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");

/** LIMIT: of a bounded repeat. A pattern that needs a longer one is better written as a loop. */
const MAX_REPEAT = 1_000;
/** What stands for a large bound in the proof: long enough to be ambiguous with what surrounds it. */
const PROOF_REPEAT = 3;
/** LIMIT: a pattern that takes longer to prove (most take 10 ms) is to be written in a simpler way. */
const PROOF_TIMEOUT_MS = 60_000;

/** Patterns that are quadratic in a text whose length a named limit bounds: file and pattern, limit and reason. */
const BOUNDED: Readonly<Record<string, string>> = {
  "packages/reports/src/dialects/grammar/report-text.ts: /[\\s\\-=*_#|+\\])>~.:：]+$/":
    "MAX_ANNOUNCEMENT_CHARS: only lines of at most 160 characters get there",
};

/** `new RegExp(...)` whose pattern is made when the module is loaded: file and code, and why it is linear. */
const COMPOSED: Readonly<Record<string, string>> = {
  'packages/message/src/html-text.ts: new RegExp(`</${name}`, "gi")':
    "the names are those of a constant list, so that each is a literal text without any repeat",
  'packages/message/src/person.ts: new RegExp(`${NOT_AFTER}${form}${NOT_BEFORE}`, "giu")':
    "lists of literal texts, escaped, one after the other, between looks of one or two characters: no repeat at all",
  'packages/message/src/person.ts: new RegExp(`${verp}|${srs}`, "giu")':
    "lists of literal texts, escaped, one after the other, between looks of one or two characters: no repeat at all",
};

interface Pattern {
  readonly where: string;
  readonly line: number;
  readonly source: string;
  readonly flags: string;
}

interface Patterns {
  readonly literals: readonly Pattern[];
  /** `file: code`. */
  readonly composed: readonly string[];
}

const PATTERNS = collectPatterns();

test("finds the patterns of the product", () => {
  expect(PATTERNS.literals.length).toBeGreaterThan(200);
});

test("every pattern is linear, or its input is bounded by a limit that is listed", { timeout: 300_000 }, async () => {
  const found = new Map<string, string>();
  for (const pattern of PATTERNS.literals) {
    const problem = await findProblem(pattern);
    if (problem !== undefined) found.set(nameOf(pattern), `line ${pattern.line}: ${problem}`);
  }
  expect(Object.fromEntries([...found].filter(([name]) => !(name in BOUNDED)))).toEqual({});
  expect(Object.keys(BOUNDED).filter((name) => !found.has(name))).toEqual([]);
});

test("patterns that are composed at run time are listed, each with the reason why it is linear", () => {
  expect([...PATTERNS.composed].sort()).toEqual(Object.keys(COMPOSED).sort());
});

test("the proof tells a linear pattern from a quadratic one", async () => {
  const problemOf = (source: string, flags = "") => findProblem({ where: "", line: 1, source, flags });
  expect(await problemOf("^\\s*(\\S+)$")).toBeUndefined();
  expect(await problemOf("[a-z]{1,64}@")).toBeUndefined();
  expect(await problemOf("\\s+$")).toContain("2nd degree");
  expect(await problemOf("said: ?(.+)$")).toContain("2nd degree");
  expect(await problemOf("^(?:a|a)*$")).toContain("exponential");
  expect(await problemOf("a{1,5000}")).toContain("repeats up to 5000 times");
});

function nameOf({ where, source, flags }: Pattern): string {
  return `${where}: /${source}/${flags}`;
}

async function findProblem({ source, flags }: Pattern): Promise<string | undefined> {
  const { forProof, largest, isUnbounded } = shrinkRepeats(source, flags);
  if (largest > MAX_REPEAT) return `repeats up to ${largest} times; more than ${MAX_REPEAT} are a loop`;
  if (!isUnbounded) return undefined;
  const proof = await check(forProof, flags, { checker: "automaton", timeout: PROOF_TIMEOUT_MS });
  switch (proof.status) {
    case "safe":
      return undefined;
    case "vulnerable":
      return `${proof.complexity.summary}, with ${proof.attack.pattern.slice(0, 200)}`;
    case "unknown":
      return `cannot be proven (${proof.error.kind}): write it in a simpler way`;
    default:
      return proof satisfies never;
  }
}

/** The pattern with small bounds in place of large ones. */
function shrinkRepeats(source: string, flags: string) {
  const repeats: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  let largest = 0;
  let isUnbounded = false;
  const mode = { unicode: flags.includes("u"), unicodeSets: flags.includes("v") };
  visitRegExpAST(new RegExpParser().parsePattern(source, 0, source.length, mode), {
    onQuantifierEnter({ min, max, greedy, element, end }) {
      if (max === Number.POSITIVE_INFINITY) isUnbounded = true;
      else largest = Math.max(largest, max);
      if (source[element.end] !== "{") return;
      const least = Math.min(min, PROOF_REPEAT - 1);
      const most = max === Number.POSITIVE_INFINITY ? "" : Math.max(least, Math.min(max, PROOF_REPEAT));
      repeats.push({ start: element.end, end, text: `{${least},${most}}${greedy ? "" : "?"}` });
    },
  });
  // From the last to the first, so that the offsets before it still hold.
  const forProof = repeats
    .sort((one, other) => other.start - one.start)
    .reduce((text, { start, end, text: small }) => text.slice(0, start) + small + text.slice(end), source);
  return { forProof, largest, isUnbounded };
}

function collectPatterns(): Patterns {
  const literals: Pattern[] = [];
  const composed: string[] = [];
  for (const file of sourceFiles()) {
    const code = readFileSync(file, "utf8");
    const where = relative(root, file).split(sep).join("/");
    const addComposed = (node: { start: number; end: number; callee: unknown }) => {
      const { callee } = node as { callee: { name?: string } };
      if (callee.name === "RegExp") composed.push(`${where}: ${code.slice(node.start, node.end)}`);
    };
    new Visitor({
      Literal(node) {
        if (!("regex" in node)) return;
        const line = code.slice(0, node.start).split("\n").length;
        literals.push({ where, line, source: node.regex.pattern, flags: node.regex.flags });
      },
      NewExpression: addComposed,
      CallExpression: addComposed,
    }).visit(parseSync(file, code).program);
  }
  return { literals, composed };
}

function sourceFiles(): readonly string[] {
  const folders = ["packages", "services"].flatMap((group) =>
    readdirSync(join(root, group)).map((workspace) => join(root, group, workspace, "src")),
  );
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(folder, name)),
  );
}
