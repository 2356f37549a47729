/** `npm start`: installs and builds what is missing, then becomes the service. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bootstrap, root } from "./bootstrap.mjs";

const PARENT_CHECK_MS = 500;

await bootstrap();
if (process.env.npm_lifecycle_event === "start") stopWithNpm();
// In this very process: signals and the exit code are those of the service itself.
await import(pathToFileURL(join(root, "services/standalone/dist/main.js")).href);

/**
 * QUIRK(npm): npm runs us through a shell. `kill` of npm reaches that shell, which ends without telling us, and we would
 * go on without anybody knowing.
 */
function stopWithNpm() {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, "SIGTERM");
  }, PARENT_CHECK_MS);
  timer.unref();
}
