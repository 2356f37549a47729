import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { evaluateCorpus } from "./evaluate-corpus.ts";
import { printEvaluation } from "./print-evaluation.ts";
import { checkThresholds, parseArguments } from "./thresholds.ts";

const HEAD =
  "path\tsource\tkind\trecipients\tstatus\treply_code\treason\tfinal_recipients\tdsn_action\treturned\treturned_message_id";
const BOUNCE = `Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; joe@example.net
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 unknown user

--b--
`;

let corpus: string;

beforeAll(() => {
  corpus = mkdtempSync(join(tmpdir(), "evaluation-"));
  writeFileSync(join(corpus, "bounce.eml"), BOUNCE);
  writeFileSync(join(corpus, "letter.eml"), "From: ann@example.org\nSubject: Hello\n\nHow are you?\n");
  const rows = [
    "bounce.eml\town\tdsn-rfc3464\tjoe@example.net\t5.1.1\t550\tuser-unknown\tjoe@example.net\tfailed\tnone\t",
    "bounce.eml\town\tham\t\t\t\t\t\t\t\t",
    "letter.eml\town\tham\t\t\t\t\t\t\t\t",
  ];
  writeFileSync(join(corpus, "labels.tsv"), `${[HEAD, ...rows].join("\n")}\n`);
});

afterAll(() => rmSync(corpus, { recursive: true, force: true }));

test("counts what was found of what is labelled, and names every miss", () => {
  const evaluation = evaluateCorpus(corpus, []);
  expect(evaluation.rows.map((row) => [row.kind, row.fields.recognised])).toEqual([
    ["dsn-rfc3464", { right: 1, total: 1 }],
    ["ham", { right: 1, total: 2 }],
  ]);
  expect(evaluation.misses.map((miss) => [miss.path, miss.field, miss.got])).toEqual([
    ["bounce.eml", "recognised", "dsn (rfc3464)"],
  ]);
});

test("holds the numbers against the thresholds, each named with its value", () => {
  const { thresholds } = parseArguments(["--min-recognised", "99.5", "--min-ham", "99"]);
  expect(checkThresholds(evaluateCorpus(corpus, []), thresholds)).toEqual(["--min-ham: 50.00 % is below 99 %"]);
});

test("a threshold that no label is about is a failure, not a pass", () => {
  expect(checkThresholds(evaluateCorpus(corpus, []), { "min-feedback": 100 })).toEqual([
    "--min-feedback: the corpus has no label for it",
  ]);
});

test("refuses a percentage that is none", () => {
  expect(() => parseArguments(["--min-ham", "lots"])).toThrow("--min-ham takes a percentage, not lots");
});

test("prints the table, the confusion and the misses for a person", () => {
  const text = printEvaluation(evaluateCorpus(corpus, []), []);
  expect(text).toContain("bounce.eml recognised: expected no bounce, got dsn (rfc3464)");
  expect(text).toMatch(/own +dsn-rfc3464 +1 +1\/1/);
});
