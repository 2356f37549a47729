/** Delivers to a program while this process may open no more files, and again when it may; the test gives it a small limit. */
import { closeSync, openSync } from "node:fs";
import { openCommandOutlet } from "../src/outlets/command-outlet.ts";
import { anOutboundMail } from "./outbound-mails.ts";

const outlet = openCommandOutlet({
  id: "command",
  kind: "command",
  argv: ["/bin/true"],
  folder: "/",
  timeoutMs: 60_000,
  concurrency: 1,
});

async function deliver(): Promise<void> {
  const [result] = await outlet.deliver(anOutboundMail({}), ["human:ops"]);
  process.stdout.write(`${result?.outcome}: ${result?.detail}\n`);
}

const files: number[] = [];
try {
  for (;;) files.push(openSync("/dev/null", "r"));
} catch {
  await deliver();
}
for (const file of files) closeSync(file);
await deliver();
