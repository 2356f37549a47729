#!/usr/bin/env node
// Plain JavaScript on purpose: npm links a `bin` at install time, before anything is built.
import { existsSync } from "node:fs";

const built = new URL("../dist/index.js", import.meta.url);
if (!existsSync(built)) {
  process.stderr.write("triage: not built yet: run `npm run build` (or `npm start`, which does) first.\n");
  process.exit(1);
}
const { runCli } = await import(built.href);
process.exitCode = await runCli(process.argv);
