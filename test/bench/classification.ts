/**
 * Classification speed: one process, one thread, whole verdict, over bounces held in memory; beside a bare structural
 * walk with ten phrase searches (what the bytes alone cost) and mailparser's simpleParser (what reading them costs).
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ClassifyContext, classify, emptySite } from "@triage/classifier";
import { type Envelope, NULL_REVERSE_PATH, type Part, readMessage } from "@triage/message";
import { type BenchTable, median, perSecond, whole } from "./table.ts";

const ROUNDS = 7;
/** The compiler of V8 goes on optimising the verdict for some 20,000 messages: minutes of a busy site, all of a short bench. */
const WARM_UP_ROUNDS = 5;
const MESSAGES_PER_ROUND = 4_000;
/** mailparser is an order of magnitude slower: fewer messages give the same precision. */
const PARSER_MESSAGES_PER_ROUND = 800;
const BIG_MESSAGE_MB = 10;

const PHRASES = [
  "User unknown",
  "mailbox is full",
  "does not exist",
  "Diagnostic-Code",
  "550 5.1.1",
  "could not be delivered",
  "blocked",
  "spamhaus",
  "auto-submitted",
  "quota",
].map((phrase) => Buffer.from(phrase));

export const envelope: Envelope = { reversePath: NULL_REVERSE_PATH, forwardPaths: [] };

/** A site with every check configured, so that the checks have work to do. */
export function benchContext(): ClassifyContext {
  const now = new Date("2026-11-22T00:00:00Z");
  const site = {
    ...emptySite(),
    domains: ["example.com", "*.example.com"],
    relays: ["*.example.com", "192.0.2.0/24", "2001:db8::/32"],
    messageIdDomains: ["example.com"],
    batv: { keys: new Map([["0", "secret"]]), signsAllMail: false },
    srs: { domain: "example.com", secrets: ["secret"], maxAgeDays: 21 },
  };
  return { site, ports: () => ({ now }) };
}

export function readCorpus(folder: string): Buffer[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".eml"))
    .sort()
    .map((name) => readFileSync(join(folder, name)));
}

/** The kinds of labels.tsv that are bounces. */
const BOUNCE_KINDS = new Set(["dsn-rfc3464", "dsn-nonstandard", "delayed", "success-dsn"]);

/** The bounces of a labelled corpus, else (the project's own samples) those of the folder `dsn`. */
export function readBounces(folder: string): Buffer[] {
  const labels = join(folder, "labels.tsv");
  if (!existsSync(labels)) return readCorpus(join(folder, "dsn"));
  const rows = readFileSync(labels, "utf8").trimEnd().split("\n").slice(1);
  return rows
    .map((row) => row.split("\t"))
    .filter(([, , kind = ""]) => BOUNCE_KINDS.has(kind))
    .map(([path = ""]) => readFileSync(join(folder, path)));
}

/** The sides of the comparison: messages a second of one round. */
const SIDES = {
  verdict: (corpus: readonly Buffer[]) => timeClassify(corpus, MESSAGES_PER_ROUND, benchContext()),
  walk: (corpus: readonly Buffer[]) => timeWalk(corpus, MESSAGES_PER_ROUND),
  parser: (corpus: readonly Buffer[]) => timeParser(corpus, PARSER_MESSAGES_PER_ROUND),
};
type Side = keyof typeof SIDES;

/** The child process of one side (classification-side.ts): answers each message of the parent with one round's rate. */
export function serveSide(side: string, folder: string): void {
  const corpus = readBounces(folder);
  process.on("message", async () => process.send?.(await SIDES[side as Side](corpus)));
}

/**
 * Each side has a process of its own, as a classifier has: what one side makes the compiler and the garbage collector
 * do must not slow the others. Their rounds take turns in one run.
 */
export async function benchClassification(folder: string): Promise<BenchTable> {
  const corpus = readBounces(folder);
  const script = fileURLToPath(new URL("./classification-side.ts", import.meta.url));
  const names = Object.keys(SIDES) as Side[];
  const children = names.map((side) => fork(script, [side, folder], { execArgv: ["--import", "tsx"] }));
  const rates: Record<Side, number[]> = { verdict: [], walk: [], parser: [] };
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round += 1) {
    for (const [index, side] of names.entries()) {
      const rate = await runRound(children[index] as ChildProcess);
      if (round >= WARM_UP_ROUNDS) rates[side].push(rate);
    }
  }
  for (const child of children) child.disconnect();
  const verdict = median(rates.verdict);
  const parser = median(rates.parser);
  const bytes = corpus.reduce((sum, raw) => sum + raw.length, 0);
  return {
    title: `Classification: ${corpus.length} bounces, ${whole(bytes / corpus.length)} bytes on average, ${ROUNDS} rounds`,
    rows: [
      { side: "whole verdict", figure: `${whole(verdict)}/s`, note: "goal 6,000/s" },
      { side: "structural walk, ten phrases", figure: `${whole(median(rates.walk))}/s`, note: "the bytes alone" },
      { side: "mailparser.simpleParser", figure: `${whole(parser)}/s`, note: "reading alone" },
      { side: "whole verdict / simpleParser", figure: (verdict / parser).toFixed(1), note: "goal 5 or more" },
    ],
  };
}

async function runRound(child: ChildProcess): Promise<number> {
  child.send("round");
  const [rate] = await once(child, "message");
  return rate;
}

async function timeClassify(corpus: readonly Buffer[], count: number, context: ClassifyContext): Promise<number> {
  const start = performance.now();
  for (let index = 0; index < count; index += 1) {
    await classify(corpus[index % corpus.length] as Buffer, envelope, context);
  }
  return perSecond(count, performance.now() - start);
}

async function timeWalk(corpus: readonly Buffer[], count: number): Promise<number> {
  let found = 0;
  const start = performance.now();
  for (let index = 0; index < count; index += 1) {
    const { raw, root } = readMessage(corpus[index % corpus.length] as Buffer);
    found += countParts(root);
    for (const phrase of PHRASES) if (raw.includes(phrase)) found += 1;
  }
  const rate = perSecond(count, performance.now() - start);
  if (found === 0) throw new Error("the corpus holds nothing that the walk looks for");
  return rate;
}

function countParts(part: Part): number {
  return part.children.reduce((sum, child) => sum + countParts(child), 1);
}

async function timeParser(corpus: readonly Buffer[], count: number): Promise<number> {
  // Loaded here, so that the soak does not count its memory.
  const { simpleParser } = await import("mailparser");
  const start = performance.now();
  for (let index = 0; index < count; index += 1) {
    await simpleParser(corpus[index % corpus.length] as Buffer);
  }
  return perSecond(count, performance.now() - start);
}

/** One 10 MB message of each awkward shape, and the same at half the size: linear means a ratio near 2. */
export async function benchBigMessages(): Promise<BenchTable> {
  const context = benchContext();
  const rows = [];
  for (const [side, build] of Object.entries(BIG_SHAPES)) {
    const half = await medianMs(build((BIG_MESSAGE_MB / 2) * 1e6), context);
    const full = await medianMs(build(BIG_MESSAGE_MB * 1e6), context);
    rows.push({ side, figure: `${full.toFixed(0)} ms`, note: `half of it ${half.toFixed(0)} ms; goal 500 ms, linear` });
  }
  return { title: `One message of ${BIG_MESSAGE_MB} MB, whole verdict`, rows };
}

async function medianMs(raw: Buffer, context: ClassifyContext): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const start = performance.now();
    await classify(raw, envelope, context);
    times.push(performance.now() - start);
  }
  return median(times);
}

const HEAD = "From: ann@example.com\r\nSubject: hello\r\nMIME-Version: 1.0\r\n";
const fill = (line: string, sizeBytes: number): string => line.repeat(Math.ceil(sizeBytes / line.length));

const BIG_SHAPES: Readonly<Record<string, (sizeBytes: number) => Buffer>> = {
  "one base64 attachment": (size) =>
    Buffer.from(
      `${HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhello\r\n--b\r\nContent-Type: application/pdf\r\n` +
        `Content-Transfer-Encoding: base64\r\n\r\n${fill(`${"QUJD".repeat(19)}\r\n`, size)}\r\n--b--\r\n`,
    ),
  "plain text, short lines": (size) => Buffer.from(`${HEAD}\r\n${fill("User unknown <a@b.example>:\r\n", size)}`),
  "one line": (size) => Buffer.from(`${HEAD}\r\n${fill("mailbox is full ", size)}\r\n`),
  "a DSN returning it whole": (size) =>
    Buffer.from(
      "From: MAILER-DAEMON@mx.example.net\r\nSubject: failure\r\nMIME-Version: 1.0\r\n" +
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nfailed\r\n--b\r\n" +
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n" +
        "Final-Recipient: rfc822; joe@example.net\r\nAction: failed\r\nStatus: 5.7.1\r\n\r\n--b\r\n" +
        `Content-Type: message/rfc822\r\n\r\n${HEAD}\r\n${fill("hello again, my old friend\r\n", size)}\r\n--b--\r\n`,
    ),
  "a header field without end": (size) => Buffer.from(`${HEAD}X-Long: ${fill("folded\r\n ", size)}\r\n\r\nhello\r\n`),
  "nothing but boundaries": (size) =>
    Buffer.from(`${HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n${fill("--b\r\n\r\nx\r\n", size)}`),
};

export function folderSizeMb(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name)).size;
  }
  return bytes / 1e6;
}
