// `npm run zoo [-- --store] [MTA...]`: makes real MTAs bounce and reads what they wrote; see test/zoo/zoo.ts.
import { spawnSync } from "node:child_process";
import { bootstrap } from "./bootstrap.mjs";

await bootstrap();
const { status } = spawnSync(process.execPath, ["--import", "tsx", "test/zoo/zoo.ts", ...process.argv.slice(2)], {
  cwd: new URL("..", import.meta.url),
  stdio: "inherit",
});
process.exitCode = status ?? 1;
