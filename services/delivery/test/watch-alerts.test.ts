import { createLog, loadConfig } from "@triage/runtime";
import { expect, test } from "vitest";
import { warnOfNobody } from "../src/notices/watch-alerts.ts";
import { aHuman } from "./humans.ts";

const SMTP = {
  id: "smtp",
  kind: "smtp",
  hosts: [{ kind: "tcp", host: "mx.example.com", port: 25, tls: "none" }],
  auth: undefined,
  pool: 1,
} as const;
const MAILDIR = { id: "maildir", kind: "maildir", path: "/var/mail/triage" } as const;

/** What the log shows at this level. */
function saidAt(level: "info" | "warn", changes: Partial<Parameters<typeof warnOfNobody>[0]>): readonly string[] {
  const { humans, outlets, alerts } = loadConfig({ env: {} });
  const lines: string[] = [];
  const log = createLog({ level, destination: { write: (line: string) => void lines.push(line) } });
  warnOfNobody({ humans, outlets, alerts, ...changes }, log);
  return lines;
}

test("who is alone behind a mail server is warned of at the start: nobody would hear that their mail bounces", () => {
  expect(saidAt("warn", { humans: [aHuman()], outlets: [SMTP] })).toHaveLength(1);
  expect(saidAt("warn", { humans: [aHuman()], outlets: [MAILDIR, SMTP] })).toHaveLength(1);
});

test("the first start, into a Maildir, is no reason to warn", () => {
  expect(saidAt("warn", { humans: [aHuman()], outlets: [MAILDIR] })).toEqual([]);
  expect(saidAt("info", { humans: [aHuman()], outlets: [MAILDIR] })).toHaveLength(1);
});

test("with a second human there is nothing to say", () => {
  expect(saidAt("info", { humans: [aHuman(), aHuman({ id: "bob" })], outlets: [SMTP] })).toEqual([]);
});
