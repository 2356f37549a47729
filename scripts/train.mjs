/**
 * `npm run train`: runs packages/scoring/training/train.ts on the sources of the workspace, without a build.
 * Its data is fetched into .cache/, not installed with the project.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bootstrap, root } from "./bootstrap.mjs";

await bootstrap();
const { fetchSpamAssassin } = await import(
  pathToFileURL(join(root, "services/cli/dist/evaluate/spam-assassin.js")).href
);
const script = join(root, "packages/scoring/training/train.ts");
const flags = ["--conditions=triage-source", "--import", "tsx"];
const { status } = spawnSync(process.execPath, [...flags, script, fetchSpamAssassin()], {
  stdio: "inherit",
  cwd: root,
});
process.exitCode = status ?? 1;
