/** The table "What leads where" of docs/scoring.md: each of its rows, as the evidence that it is about. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readHeader } from "@triage/message";
import type { Evidence } from "@triage/provenance";
import { scoreMessage } from "@triage/scoring";
import { expect, test } from "vitest";
import { dsn, evidence, fromMailSystem, HEADER_RETURNED, input, NOTHING_RETURNED, unknownEnvelope } from "./build.ts";

const page = readFileSync(join(import.meta.dirname, "../../../docs/scoring.md"), "utf8");
const section = page.slice(page.indexOf("### What leads where (DSNs)"), page.indexOf("### Why these weights"));

const pathFails = evidence("received-path", "fail");
const pathPasses = evidence("received-path", "pass");
const foreignId = evidence("message-id-domain", "fail");
const ownId = evidence("message-id-domain", "pass");
const foreignSender = evidence("returned-sender-domain", "fail", "soft");
const foreignReporter = evidence("reporting-mta", "fail", "soft");
const nothing: readonly Evidence[] = [];

/** Row of the table -> what the checks said; each of several combinations leads there. */
const ROWS: Readonly<Record<string, readonly (readonly Evidence[])[]>> = {
  "nothing configured, or nothing found": [nothing, [evidence("received-path", "neutral")]],
  "a valid token, signature or ledger entry, whatever the path says": (
    ["batv", "srs", "verp", "envelope-id", "header-token", "returned-dkim", "sent-ledger"] as const
  ).map((check) => [evidence(check, "pass"), pathFails]),
  "the returned path passes our relay": [[pathPasses], [pathPasses, foreignReporter]],
  "our relay stands in the path where it proves nothing (behind hops that could be anybody's)": [
    [evidence("received-path", "pass", "soft")],
  ],
  "the same, and the Message-ID is of ours": [[evidence("received-path", "pass", "soft"), ownId]],
  "the Message-ID is of ours, nothing speaks against": [[ownId]],
  "the Message-ID is of ours, a foreign host reports, no path to look at": [
    [ownId, foreignReporter],
    [ownId, evidence("reporting-mta", "fail")],
  ],
  "our own relay reports, from an address of ours": [[evidence("reporting-mta", "pass")]],
  "a VERP address without an HMAC, of the recipient that the report names, nothing else": [
    [evidence("verp", "pass", "soft")],
  ],
  "a token is missing or wrong, nothing else": [
    [evidence("batv", "fail", "soft")],
    [evidence("batv", "fail")],
    [evidence("verp", "fail")],
  ],
  "SPF permits the host that handed the message over, nothing speaks against": [[evidence("spf", "pass")]],
  "SPF denies it, or a block list knows the reporting host, nothing else": [
    [evidence("spf", "fail")],
    [evidence("dnsbl", "fail", "soft")],
  ],
  "a signature in our name whose key DNS could not tell just now, whatever the path says": [
    [evidence("returned-dkim", "temperror"), pathFails],
    [evidence("returned-dkim", "temperror"), pathFails, evidence("spf", "fail"), foreignId],
  ],
  "a date that does not fit, nothing else": [[evidence("report-delay", "fail", "soft")]],
  "a token is missing or wrong, and the Message-ID or the sender is foreign": [
    [evidence("batv", "fail", "soft"), foreignId],
    [evidence("batv", "fail"), foreignSender],
  ],
  "the returned path begins elsewhere, nothing speaks for us": [[pathFails]],
  "the returned path begins elsewhere, the Message-ID is of ours": [[pathFails, ownId]],
  "Message-ID and sender both foreign, no path to look at": [[foreignId, foreignSender]],
  "Message-ID foreign and a foreign host reports, no path to look at": [
    [foreignId, foreignReporter],
    [foreignId, evidence("reporting-mta", "fail")],
  ],
  "Message-ID, sender or reporter foreign, nothing else, no path to look at": [
    [foreignId],
    [foreignSender],
    [foreignReporter],
    [evidence("reporting-mta", "fail")],
  ],
  "Message-ID foreign, the path passes our relay (a list, a forwarder)": [
    [pathPasses, foreignId],
    [evidence("received-path", "pass", "soft"), foreignId],
  ],
  "the message is not in a complete ledger": [[evidence("sent-ledger", "fail")]],
  "nothing returned, in a storm about its sender that is contradicted": [[evidence("storm", "fail")]],
  "in such a storm, but the Message-ID is of ours, or hops that prove nothing name our relay": [
    [evidence("storm", "fail"), ownId],
    [evidence("storm", "fail"), evidence("received-path", "pass", "soft")],
  ],
};

const NO_TRACE = readHeader(Buffer.from("From: ann@example.com\r\nSubject: minutes\r\n"));

function rowsOfPage(): readonly (readonly [string, string])[] {
  return (
    section
      .split("\n")
      .filter((line) => line.startsWith("| ") && !line.startsWith("| evidence") && !line.startsWith("|---"))
      .map((line) => line.split("|").map((cell) => cell.trim()))
      .map(([, found = "", verdict = ""]) => [found, verdict] as const)
      // There the storm's line is neutral, and the row about the other evidence holds.
      .filter(([, verdict]) => verdict !== "as without it")
  );
}

test("every row of the table leads where it says, whether the envelope is known or not", () => {
  for (const [row, verdicts] of rowsOfPage()) {
    if (row.startsWith("no header came back")) continue;
    for (const lines of ROWS[row] ?? []) {
      for (const envelope of [fromMailSystem, unknownEnvelope]) {
        const { verdict } = scoreMessage({ ...input(dsn(), lines), envelope });
        expect(verdicts, `${row}: ${lines.map((line) => line.detail).join(", ")}`).toContain(`\`${verdict}\``);
      }
    }
  }
});

test.each([
  ["no header came back", NOTHING_RETURNED],
  ["the header is anonymised", { ...HEADER_RETURNED, headers: NO_TRACE, messageId: undefined }],
])("where %s, only a proof changes anything", (_, returned) => {
  expect(scoreMessage(input(dsn({ returned }), nothing)).verdict).toBe("undecided");
  const against = [
    evidence("batv", "fail"),
    evidence("verp", "fail"),
    evidence("dnsbl", "fail", "soft"),
    foreignSender,
  ];
  expect(scoreMessage(input(dsn({ returned }), against)).verdict).toBe("undecided");
  expect(scoreMessage(input(dsn({ returned }), [evidence("batv", "pass")])).verdict).toBe("genuine-dsn");
});

test("the table has no row without a combination here, and none is missing from it", () => {
  const rows = rowsOfPage().map(([row]) => row);
  expect(rows.filter((row) => !row.startsWith("no header came back")).sort()).toEqual(Object.keys(ROWS).sort());
});
