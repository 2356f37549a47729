// `npm run evaluate [-- CORPUS] [--json] [--min-...]`: what the reports package reads of labelled mail; see test/bench/evaluate.ts.
import { spawnSync } from "node:child_process";
import { bootstrap } from "./bootstrap.mjs";

await bootstrap();
const { status } = spawnSync(process.execPath, ["--import", "tsx", "test/bench/evaluate.ts", ...process.argv.slice(2)], {
  cwd: new URL("..", import.meta.url),
  stdio: "inherit",
});
process.exitCode = status ?? 1;
