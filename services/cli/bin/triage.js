#!/usr/bin/env node
// Plain JavaScript on purpose: npm links a `bin` at install time, before anything is built.
import { existsSync } from "node:fs";

/** sysexits.h: an MTA keeps a message that `triage pipe` could not hand over; on 1 it would bounce it. */
const EX_TEMPFAIL = 75;

const built = new URL("../dist/index.js", import.meta.url);
if (!existsSync(built)) {
  process.stderr.write("triage: not built yet: run `npm run build` (or `npm start`, which does) first.\n");
  process.exit(process.argv[2] === "pipe" ? EX_TEMPFAIL : 1);
}
// Whoever reads may have had enough (`triage why ... | head`): this then ends like any program without a reader (SIGPIPE).
// A role prints nothing but its log, which looks after itself.
if (process.argv[2] !== "run") {
  process.stdout.on("error", (error) => {
    if (error.code === "EPIPE") process.exit(141);
    process.stderr.write(`triage: the output cannot be written: ${error.message}\n`);
    process.exit(1);
  });
}
process.stderr.on("error", () => {});

try {
  const { runCli } = await import(built.href);
  process.exitCode = await runCli(process.argv);
} catch (error) {
  // An installation that is half there, say during an update.
  process.stderr.write(`triage: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = process.argv[2] === "pipe" ? EX_TEMPFAIL : 1;
}
