/**
 * `npm test`: installs and builds what is missing, then runs the unit and system tests. `npm run test:mta` and `npm run
 * test:browser` run those that need a real MTA or a browser. More arguments go to Vitest: `npm test -- packages/store`.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { bootstrap, root } from "./bootstrap.mjs";

const SUITES = { mta: ["mta"], browser: ["browser"] };

const [first, ...rest] = process.argv.slice(2);
const suite = SUITES[first];
const projects = suite ?? ["unit", "system"];
const more = suite === undefined ? process.argv.slice(2) : rest;
// Vitest leaves one core alone, which on two is half of the machine. MTAs and browsers bring load enough of their own.
const workers = suite === undefined ? [`--maxWorkers=${Math.max(2, availableParallelism() - 1)}`] : [];

await bootstrap();
mkdirSync(join(root, ".cache"), { recursive: true });
const results = mkdtempSync(join(root, ".cache/test-results-"));
const report = join(results, "report.json");
const { status, signal } = spawnSync(
  process.execPath,
  [
    join(root, "node_modules/vitest/vitest.mjs"),
    "run",
    ...projects.flatMap((project) => ["--project", project]),
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...workers,
    ...more,
  ],
  { cwd: root, stdio: "inherit" },
);
process.stdout.write(`${summarize()}\n`);
rmSync(results, { recursive: true, force: true });
process.exitCode = signal === null ? (status ?? 1) : 1;

/** The last line, for whoever (or whatever) reads only that. */
function summarize() {
  try {
    const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(report, "utf8"));
    const failed = numFailedTests > 0 ? numFailedTests : numFailedTestSuites;
    return `${projects.join("+")}: ${numPassedTests} passed, ${failed} failed`;
  } catch {
    return `${projects.join("+")}: could not be run`;
  }
}
