/**
 * A reading must not hang on what differs from site to site and from hop to hop: the whole corpus of the project under
 * each harmless change. What is not stable yet is listed, with the reason.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Envelope, readMessage } from "@triage/message";
import { expect, test } from "vitest";
import { readReport } from "../src/read-report.ts";
import { HARMLESS_CHANGES } from "./harmless-changes.ts";

const CORPUS = fileURLToPath(new URL("../../../test/corpus/", import.meta.url));
const UNKNOWN: Envelope = { reversePath: undefined, forwardPaths: [] };

/** Sample and change, with why the reading may differ. */
const UNSTABLE: ReadonlyMap<string, string> = new Map([
  ["dsn/phquery/01.eml, other mailboxes", "phquery names mailboxes without their domain, which the change passes over"],
  ["dsn/sendmail/64.eml, lines wrapped at 72 columns", "the verdict of a transcript is one line"],
  ["dsn/sendmail/64-2.eml, lines wrapped at 72 columns", "the verdict of a transcript is one line"],
]);

const samples = readdirSync(CORPUS, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".eml"))
  .sort()
  .map((path) => ({ path, raw: readFileSync(join(CORPUS, path), "latin1") }));

test.each(HARMLESS_CHANGES.map((change) => [change.name, change] as const))(
  "%s: kind, recipients, actions, codes and reasons stay as they were",
  (name, { change, rename = (address) => address }) => {
    const moved: string[] = [];
    let changed = 0;
    for (const { path, raw } of samples) {
      const other = change(raw);
      if (other === undefined || other === raw) continue;
      changed += 1;
      if (reading(other) !== reading(raw, rename) && !UNSTABLE.has(`${path}, ${name}`)) moved.push(path);
    }
    expect(changed).toBeGreaterThan(80);
    expect(moved).toEqual([]);
  },
);

function reading(raw: string, rename = (address: string) => address): string {
  const report = readReport(readMessage(Buffer.from(raw, "latin1")), UNKNOWN);
  if (report.kind !== "dsn") return report.kind;
  const recipients = report.recipients.map(({ addressText, action, status, replyCode, reason }) => {
    return [rename(addressText).toLowerCase(), action, status, replyCode, reason].join(" ");
  });
  return [report.kind, ...recipients].join("\n");
}
