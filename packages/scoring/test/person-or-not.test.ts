/**
 * Person or not: who wrote, by all samples of the corpus, and letters that stay letters whatever stands around them. Each at a
 * site that says nothing about itself and at one that does, with the envelope unknown and known (docs/scoring.md).
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Envelope, parseReversePath, readMessage } from "@triage/message";
import { proveProvenance, type SiteProfile } from "@triage/provenance";
import { readReport, type Trait } from "@triage/reports";
import { scoreMessage, type VerdictId } from "@triage/scoring";
import fc from "fast-check";
import { expect, test } from "vitest";
import { NO_SITE, unknownEnvelope } from "./build.ts";

const CORPUS = join(import.meta.dirname, "../../../test/corpus");

const SITE: SiteProfile = {
  ...NO_SITE,
  domains: ["example.com", "*.example.com"],
  relays: ["mail.example.com", "192.0.2.0/24"],
  messageIdDomains: ["example.com"],
};

interface Sample {
  readonly name: string;
  readonly raw: string;
}

/** One byte a character, as it lies there. */
function samplesIn(folder: string): readonly Sample[] {
  return readdirSync(join(CORPUS, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".eml"))
    .sort()
    .map((file) => ({ name: `${folder}/${file}`, raw: readFileSync(join(CORPUS, folder, file), "latin1") }));
}

/** The Return-Path that the last MTA wrote is what its envelope said. */
function envelopeOf(raw: string): Envelope {
  const field = /^Return-Path: (.*)$/m.exec(raw)?.[1];
  return { ...unknownEnvelope, reversePath: field === undefined ? undefined : parseReversePath(field) };
}

/** The verdicts of both sites under both envelopes. */
async function verdictsOn(raw: string): Promise<ReadonlySet<VerdictId>> {
  const message = readMessage(Buffer.from(raw, "latin1"));
  const verdicts = new Set<VerdictId>();
  for (const envelope of [unknownEnvelope, envelopeOf(raw)]) {
    const report = readReport(message, envelope);
    for (const site of [NO_SITE, SITE]) {
      const evidence = await proveProvenance(report, envelope, site, { now: new Date("2026-11-22T12:00:00Z") });
      verdicts.add(scoreMessage({ message, report, envelope, evidence }).verdict);
    }
  }
  return verdicts;
}

async function samplesWith(folder: string, isWrong: (verdict: VerdictId) => boolean): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const { name, raw } of samplesIn(folder)) {
    const verdicts = [...(await verdictsOn(raw))];
    if (verdicts.some(isWrong)) wrong.push(`${name}: ${verdicts.join(", ")}`);
  }
  return wrong;
}

const isHidden = (verdict: VerdictId) => verdict !== "user-report" && verdict !== "undecided";

test("no person is hidden: who quotes, encloses or answers a bounce, has a robot's name, or sends a mess of bytes", async () => {
  expect(await samplesWith("person", isHidden)).toEqual([]);
});

test("automatic replies, acknowledgements, newsletters, lists, monitors and calendars are no person's letters", async () => {
  for (const folder of ["auto-reply", "other", "mdn", "dmarc-aggregate", "tls-report"]) {
    expect(await samplesWith(folder, (verdict) => verdict === "user-report")).toEqual([]);
  }
});

test("what poses as returned mail is never genuine", async () => {
  expect(await samplesWith("look-alike", (verdict) => verdict === "genuine-dsn")).toEqual([]);
});

const bodyOf = (raw: string) => raw.slice(raw.indexOf("\n\n") + 2);

/** Letters of one text part that text can be put around. */
const LETTERS = samplesIn("person").filter(({ raw }) => {
  return /^Content-Type: text\/plain/im.test(raw) && /^Content-Transfer-Encoding: 8bit/im.test(raw);
});

/** Traits that no machine is asked for by: the subject of a bounce is what people write about. */
const QUIET: readonly Trait[] = [
  "quoted-report",
  "attached-report",
  "reply-or-forward",
  "subject-bounce",
  "contact-form",
];

/** Whose header holds no sign of a machine at all. */
const PLAIN_LETTERS = LETTERS.filter(({ raw }) => {
  const { kind, traits } = readReport(readMessage(Buffer.from(raw, "latin1")), envelopeOf(raw));
  return kind === "person" && !traits.some((trait) => !QUIET.includes(trait));
});

const DISCLAIMER = [
  "-- ",
  "This e-mail and its attachments are confidential and meant for the addressee only. If you are not the",
  "addressee, please delete it. This message was scanned for viruses. Unsubscribe: https://example.net/u",
].join("\n");
const WARNING = "[EXTERNAL] This message comes from outside of the organisation. Do not open links you do not trust.";
const BOUNCES = ["dsn/postfix", "dsn/exim", "dsn/qmail", "dsn/exchange"].flatMap((folder) => {
  return samplesIn(folder)
    .slice(0, 3)
    .map(({ raw }) => bodyOf(raw));
});
const PHISHING = samplesIn("look-alike").map(({ raw }) => bodyOf(raw));
const AUTO_REPLIES = samplesIn("auto-reply").map(({ raw }) => bodyOf(raw));

const added = fc.oneof(
  fc.constantFrom(DISCLAIMER, WARNING, ...BOUNCES, ...PHISHING, ...AUTO_REPLIES),
  fc.string({ unit: "grapheme", maxLength: 400 }).map((text) => Buffer.from(text).toString("latin1")),
);

function surround(raw: string, above: string, below: string): string {
  const at = raw.indexOf("\n\n") + 2;
  return `${raw.slice(0, at)}${above}\n\n${raw.slice(at)}\n\n${below}`;
}

test("no text above or below makes a person's letter automated or backscatter", async () => {
  expect(PLAIN_LETTERS.length).toBeGreaterThan(25);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...PLAIN_LETTERS), added, added, async ({ raw }, above, below) => {
      const verdicts = await verdictsOn(surround(raw, above, below));
      expect([...verdicts].filter((one) => one === "automated" || one === "backscatter")).toEqual([]);
    }),
    { numRuns: 400 },
  );
});

test("nor does a quoted bounce, a warning or a disclaimer make one of a letter with one sign of a machine", async () => {
  expect(LETTERS.length).toBeGreaterThan(45);
  const hidden: string[] = [];
  for (const { name, raw } of LETTERS) {
    for (const below of [DISCLAIMER, ...BOUNCES]) {
      const verdicts = [...(await verdictsOn(surround(raw, WARNING, below)))];
      if (verdicts.some((one) => one === "automated" || one === "backscatter")) hidden.push(`${name}: ${verdicts}`);
    }
  }
  expect([...new Set(hidden)]).toEqual([]);
});
