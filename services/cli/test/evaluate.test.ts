import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { runCli } from "../src/cli.ts";

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
const LETTER = "From: ann@example.org\nSubject: Hello\n\nHow are you?\n";

let corpus: string;

beforeEach(() => {
  corpus = mkdtempSync(join(tmpdir(), "evaluate-"));
  writeFileSync(join(corpus, "bounce.eml"), BOUNCE);
  writeFileSync(join(corpus, "letter.eml"), LETTER);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(corpus, { recursive: true, force: true });
});

function writeLabels(...rows: readonly string[]): void {
  writeFileSync(join(corpus, "labels.tsv"), `${[HEAD, ...rows].join("\n")}\n`);
}

/** Runs the command line and gives back what it printed. */
async function evaluate(...words: readonly string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const printed = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      printed[name] += String(text);
      return true;
    });
  }
  const exitCode = await runCli(["node", "triage", "evaluate", ...words]);
  vi.restoreAllMocks();
  return { exitCode, ...printed };
}

describe("counting", () => {
  test("counts each labelled field per source and kind, and leaves out what no label is about", async () => {
    writeLabels(
      "bounce.eml\tours\tdsn-rfc3464\tjoe@example.net\t5.1.1\t550\tuser-unknown\tjoe@example.net\tfailed\tnone\t",
    );
    const { rows, misses } = JSON.parse((await evaluate(corpus, "--json")).stdout);
    const right = { right: 1, total: 1 };
    const fields = {
      recognised: right,
      recipients: right,
      finalRecipients: right,
      status: right,
      replyCode: right,
      reason: right,
      action: right,
      returnedForm: right,
    };
    expect(rows).toEqual([{ source: "ours", kind: "dsn-rfc3464", messages: 1, fields }]);
    expect(misses).toEqual([]);
  });

  test("names each miss with what was expected and what was found", async () => {
    writeLabels("bounce.eml\tours\tdsn-rfc3464\t\t5.2.2\t\tmailbox-full\t\t\t\t");
    const { stdout, exitCode } = await evaluate(corpus);
    expect(stdout).toContain("bounce.eml status: expected 5.2.2, got 5.1.1");
    expect(stdout).toContain("bounce.eml reason: expected mailbox-full, got user-unknown");
    expect(exitCode).toBe(0);
  });

  test("a bounce that is taken for something else is one miss, not one for each of its labels", async () => {
    writeLabels("letter.eml\tours\tdsn-nonstandard\tjoe@example.net\t5.1.1\t\t\t\t\t\t");
    const { misses } = JSON.parse((await evaluate(corpus, "--json")).stdout);
    expect(misses.map((miss: { field: string }) => miss.field)).toEqual(["recognised"]);
  });

  test("prints which kind was taken for which", async () => {
    writeLabels("bounce.eml\tours\tautoreply\t\t\t\t\t\t\t\t", "letter.eml\tours\tham\t\t\t\t\t\t\t\t");
    const { stdout } = await evaluate(corpus);
    expect(stdout).toMatch(/^ +dsn +person\n +autoreply +1 +\.\n +ham +\. +1$/m);
  });
});

describe("mail that is no bounce", () => {
  test("counts what of a folder is called a bounce", async () => {
    writeLabels("letter.eml\tours\tham\t\t\t\t\t\t\t\t");
    const { stdout } = await evaluate(corpus, "--no-bounces", corpus);
    expect(stdout).toMatch(/false-bounces +1 of 3/);
    expect(stdout).toContain("bounce.eml recognised: expected no bounce, got dsn (rfc3464)");
  });

  test("needs no labelled corpus beside it", async () => {
    vi.stubEnv("TRIAGE_CORPUS", undefined);
    const { stdout, exitCode } = await evaluate("--no-bounces", corpus, "--max-false-bounces", "1");
    expect(stdout).toMatch(/false-bounces +1 of 2/);
    expect(exitCode).toBe(0);
  });

  test("a folder without any mail is a mistake, not a success", async () => {
    mkdirSync(join(corpus, "empty"));
    const { stderr, exitCode } = await evaluate("--no-bounces", join(corpus, "empty"));
    expect(stderr).toContain("there is no .eml or .txt file in it");
    expect(exitCode).toBe(1);
  });
});

describe("thresholds", () => {
  test("are kept silently when they are met", async () => {
    writeLabels("bounce.eml\tours\tdsn-rfc3464\t\t\t\t\t\t\t\t");
    expect(await evaluate(corpus, "--min-recognised", "100")).toMatchObject({ exitCode: 0, stderr: "" });
  });

  test("end with exit code 1 and one sentence each when they are missed", async () => {
    writeLabels("letter.eml\tours\tdsn-rfc3464\t\t\t\t\t\t\t\t", "bounce.eml\tours\tham\t\t\t\t\t\t\t\t");
    const { stderr, exitCode } = await evaluate(corpus, "--min-recognised", "99.5", "--max-false-bounces", "0");
    expect(stderr.trimEnd().split("\n")).toEqual([
      "triage evaluate: bounces recognised: 0.00 % is below --min-recognised 99.5",
      "triage evaluate: 1 of 1 messages that are no bounce were called one: --max-false-bounces 0",
    ]);
    expect(exitCode).toBe(1);
  });

  test("about which the corpus says nothing are missed", async () => {
    writeLabels("letter.eml\tours\tother\t\t\t\t\t\t\t\t");
    const { stderr, exitCode } = await evaluate(corpus, "--min-feedback", "100", "--max-false-bounces", "0");
    expect(stderr).toContain("the corpus has no label for --min-feedback");
    expect(stderr).toContain("there is no mail here that is no bounce");
    expect(exitCode).toBe(1);
  });

  test.each(["lots", "101", "-1", ""])("refuses %j as a percentage", async (percent) => {
    const { stderr, exitCode } = await evaluate(corpus, `--min-status=${percent}`);
    expect(stderr).toContain("Not a percentage");
    expect(exitCode).toBe(1);
  });
});

describe("a corpus that cannot be read", () => {
  const cases: readonly (readonly [string, () => void, string])[] = [
    ["no labels.tsv", () => undefined, "labels.tsv: no such file or folder"],
    [
      "a column is missing",
      () => writeFileSync(join(corpus, "labels.tsv"), "path\tkind\n"),
      "labels.tsv:1: there is no column source",
    ],
    [
      "a line has too many cells",
      () => writeLabels("", `bounce.eml\tours\tham${"\t".repeat(20)}`),
      "labels.tsv:3: 23 cells",
    ],
    ["a line has no kind", () => writeLabels("bounce.eml\tours"), "labels.tsv:2: the kind is missing"],
    ["a message is missing", () => writeLabels("lost.eml\tours\tham"), "lost.eml: no such file or folder"],
  ];

  test.each(cases)("%s: one sentence that names file and line, and exit code 1", async (_, prepare, sentence) => {
    prepare();
    const { stdout, stderr, exitCode } = await evaluate(corpus);
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 1 });
  });
});
