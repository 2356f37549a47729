import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ClassificationSchema } from "@triage/contracts";
import { type Envelope, NULL_REVERSE_PATH, parseAddress, parseReversePath } from "@triage/message";
import fc from "fast-check";
import { Value } from "typebox/value";
import { beforeAll, expect, test } from "vitest";
import { type ClassifyContext, classify } from "../src/classify.ts";
import { emptySite } from "../src/empty-site.ts";

const CONTEXT: ClassifyContext = { site: emptySite(), ports: () => ({ now: new Date("2026-11-22T09:00:00Z") }) };
const UNKNOWN: Envelope = { reversePath: undefined, forwardPaths: [] };
const samples: { readonly path: string; readonly raw: Buffer }[] = [];

beforeAll(async () => {
  const root = fileURLToPath(new URL("../../../test", import.meta.url));
  for (const name of await readdir(root, { recursive: true })) {
    if (name.endsWith(".eml")) samples.push({ path: name, raw: await readFile(join(root, name)) });
  }
});

/** What holds for every verdict, whatever the mail was. */
async function classifySoundly(raw: Buffer, envelope: Envelope = UNKNOWN): Promise<void> {
  const { classification } = await classify(raw, envelope, CONTEXT);
  // As it is stored and sent: JSON, which has no undefined.
  const json: unknown = JSON.parse(JSON.stringify(classification));
  expect([...Value.Errors(ClassificationSchema, json)]).toEqual([]);
  expect(classification.actionable).toBe(classification.route === "human");
  if (classification.verdict === "undecided") expect(classification.route).toBe("human");
  expect(classification.why).not.toBe("");
}

test("every sample of this repository gets a verdict in the form that tools outside rely on", async () => {
  expect(samples.length).toBeGreaterThan(5);
  for (const { raw } of samples) await classifySoundly(raw);
});

test("whatever bytes come in, there is a verdict and no exception", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), (bytes) => classifySoundly(Buffer.from(bytes))),
  );
});

test("real mail, cut off at any byte or with any bytes damaged, gets a verdict and no exception", async () => {
  const damage = fc.record({
    sample: fc.nat(),
    cut: fc.double({ min: 0, max: 1, noNaN: true }),
    flips: fc.array(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), byte: fc.nat(255) }), {
      maxLength: 20,
    }),
    nullReversePath: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(damage, ({ sample, cut, flips, nullReversePath }) => {
      const source = samples[sample % samples.length]?.raw ?? Buffer.alloc(0);
      const raw = Buffer.from(source.subarray(0, Math.ceil(source.length * cut)));
      for (const { at, byte } of flips) raw[Math.floor(at * raw.length)] = byte;
      return classifySoundly(raw, nullReversePath ? { ...UNKNOWN, reversePath: NULL_REVERSE_PATH } : UNKNOWN);
    }),
    { numRuns: 300 },
  );
});

test("the same message always gets the same verdict", async () => {
  for (const { raw } of samples) {
    const [first, second] = [await classify(raw, UNKNOWN, CONTEXT), await classify(raw, UNKNOWN, CONTEXT)];
    expect(second.classification).toEqual(first.classification);
  }
});

test("a file's Return-Path and Delivered-To do the work of the envelope that nobody told", async () => {
  const [letter] = samples.filter(({ path }) => path.includes("out-of-office"));
  const raw = letter?.raw ?? Buffer.alloc(0);
  const told = await classify(
    raw,
    {
      reversePath: parseReversePath("<>"),
      forwardPaths: [parseAddress("postmaster@example.com")].filter((a) => a !== undefined),
    },
    CONTEXT,
  );
  const fields = Buffer.from("Return-Path: <>\r\nDelivered-To: postmaster@example.com\r\n");
  const read = await classify(Buffer.concat([fields, raw]), UNKNOWN, CONTEXT);
  expect(read.classification.evidence).toEqual(told.classification.evidence);
});

const LETTER = Buffer.from(
  "From: ann@noc.example.net\r\nSubject: Outage\r\n\r\nYour line is down, please call us.\r\n",
);

test("an override of the site decides what a letter is and where it goes, and the evidence names it", async () => {
  const match = { fromDomain: ["noc.example.net"] };
  const overrides = [{ id: "noc", match, verdict: "automated", route: "digest", because: "their monitor" } as const];
  const { classification, override } = await classify(LETTER, UNKNOWN, { ...CONTEXT, overrides });
  expect(classification).toMatchObject({ verdict: "automated", route: "digest", rule: "override:noc" });
  expect(classification.evidence.at(-1)).toMatchObject({
    check: "override:noc",
    outcome: "fail",
    detail: "an override of this site says that it is automatic mail and that it goes into the digest: their monitor",
  });
  expect(classification.why).toContain('the override "noc" of this site, and it goes into the digest: their monitor');
  expect(override).toBe(overrides[0]);
});

test("an override that does not match leaves no trace", async () => {
  const overrides = [{ id: "mdn", match: { kind: ["mdn"] }, verdict: "spam", because: "x" } as const];
  const { classification } = await classify(LETTER, UNKNOWN, { ...CONTEXT, overrides });
  expect(classification).toEqual((await classify(LETTER, UNKNOWN, CONTEXT)).classification);
});
