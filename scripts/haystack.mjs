// `npm run haystack [-- --seed N] [--deliver] [--json] [--misses]`: a day of 20,000 messages, and what of it a person sees; see test/haystack.
import { spawnSync } from "node:child_process";
import { bootstrap } from "./bootstrap.mjs";

await bootstrap();
const flags = ["--import", "tsx", "test/haystack/haystack.ts"];
const { status } = spawnSync(process.execPath, [...flags, ...process.argv.slice(2)], {
  cwd: new URL("..", import.meta.url),
  stdio: "inherit",
});
process.exitCode = status ?? 1;
