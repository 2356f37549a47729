/**
 * `npm run evaluate [-- CORPUS] [--spam-assassin] [--json] [--min-...]`: installs and builds what is missing, then runs
 * `triage evaluate`. Without a corpus it takes $TRIAGE_CORPUS, else the one beside the repository, where there is one;
 * `--twins`, which needs no labels, else our own.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bootstrap, root } from "./bootstrap.mjs";

const BESIDE = join(root, "../shared/corpus");

await bootstrap();
if (process.env.TRIAGE_CORPUS === undefined && existsSync(BESIDE)) process.env.TRIAGE_CORPUS = BESIDE;
if (process.env.TRIAGE_CORPUS === undefined && process.argv.includes("--twins")) {
  process.env.TRIAGE_CORPUS = join(root, "test/corpus");
}
const { runCli } = await import(pathToFileURL(join(root, "services/cli/dist/index.js")).href);
process.exitCode = await runCli([process.execPath, "triage", "evaluate", ...process.argv.slice(2)]);
