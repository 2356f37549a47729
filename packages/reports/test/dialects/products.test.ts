/** docs/dialects.md tells a postmaster what reads the reports of which product: every row of it holds. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Envelope, readMessage } from "@triage/message";
import { expect, test } from "vitest";
import { DIALECTS } from "../../src/dialects/index.ts";
import { readReport } from "../../src/read-report.ts";

const ROOT = fileURLToPath(new URL("../../../..", import.meta.url));
const UNKNOWN: Envelope = { reversePath: undefined, forwardPaths: [] };

const rows = readFileSync(`${ROOT}/docs/dialects.md`, "utf8")
  .split("\n")
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .filter((cells) => cells.length === 6 && /^(?:rfc3464|dialect:)/.test(cells[2] ?? ""))
  .map(([, product = "", format = "", file = "", sample = ""]) => [product, format, file, sample] as const);

test.each(rows)("a report of %s is read as %s, by %s", (_product, format, file, sample) => {
  const raw = readFileSync(`${ROOT}/test/corpus/dsn/${sample}.eml`);
  const report = readReport(readMessage(raw), UNKNOWN);
  expect(report.kind === "dsn" && report.format).toBe(format);
  expect(existsSync(`${ROOT}/packages/reports/src/${file}`)).toBe(true);
});

test("names every product that a postmaster would look for", () => {
  const products = rows.map(([product]) => product.toLowerCase()).join("\n");
  const asked = [
    "postfix, exim, qmail, sendmail, courier, opensmtpd, dragonfly dma, exchange 2007, office 365, gmail, google groups",
    "yahoo, aol, amazon ses, workmail, apple, gmx, 1&1, mail.ru, yandex, zoho, domino, groupwise, lotus, mailenable",
    "hmailserver, mdaemon, zimbra, james, iplanet, powermta, mimecast, barracuda, proofpoint, symantec, trend micro",
    "mcafee, sophos, docomo, kddi, ezweb, earthlink",
  ].flatMap((line) => line.split(", "));
  expect(asked.filter((name) => !products.includes(name))).toEqual([]);
});

test("names every file of dialects", () => {
  const named = new Set(rows.map(([, format]) => format));
  const rowsOfData = readFileSync(`${ROOT}/packages/reports/src/dialects/listed-mtas.ts`, "utf8");
  const files = DIALECTS.filter(({ name }) => !rowsOfData.includes(`name: "${name}"`));
  expect(files.map(({ name }) => `dialect:${name}`).filter((format) => !named.has(format))).toEqual([]);
});
