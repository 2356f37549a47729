/** What `npm start` runs, once everything is installed and built. */
import { runStandalone } from "./run-standalone.ts";

process.exitCode = await runStandalone();
