/** `npm start`: installs and builds what is missing, then becomes the service. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bootstrap, root } from "./bootstrap.mjs";

await bootstrap();
// In this very process: signals and the exit code are those of the service itself.
await import(pathToFileURL(join(root, "services/standalone/dist/main.js")).href);
