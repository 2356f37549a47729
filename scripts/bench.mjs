// `npm run bench [-- SECTION...]`: sections are classification, big, memory, ingest, end-to-end, delivery, haystack-delivery, ledger, clone; all by default.
import { spawnSync } from "node:child_process";
import { bootstrap } from "./bootstrap.mjs";

await bootstrap();
const { status } = spawnSync(process.execPath, ["--import", "tsx", "test/bench/bench.ts", ...process.argv.slice(2)], {
  cwd: new URL("..", import.meta.url),
  stdio: "inherit",
});
process.exitCode = status ?? 1;
