/** Whatever stands in a text, a dialect answers with recipients or with nothing; it neither throws nor points outside. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readMessage } from "@triage/message";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { DialectInput } from "../../src/dialects/dialect.ts";
import { DIALECTS } from "../../src/dialects/index.ts";

const CORPUS = fileURLToPath(new URL("../../../../test/corpus/dsn", import.meta.url));
const TEXTS = readdirSync(CORPUS).flatMap((folder) =>
  readdirSync(join(CORPUS, folder))
    .filter((file) => file.endsWith(".eml"))
    .map((file) => readFileSync(join(CORPUS, folder, file), "utf8"))
    .map((mail) => mail.slice(mail.indexOf("\n\n") + 2)),
);

/** A sample with a piece cut out, doubled or replaced. */
const damaged = fc
  .tuple(
    fc.constantFrom(...TEXTS),
    fc.nat(2000),
    fc.nat(400),
    fc.oneof(fc.string(), fc.constantFrom("<", "@", "\n\n", ">>> ", "joe@example.net\n")),
  )
  .map(([text, at, length, piece]) => text.slice(0, at) + piece + text.slice(at + length));

function inputOf(text: string): DialectInput {
  const message = readMessage(Buffer.from("From: MAILER-DAEMON@example.net\nReturn-Path: <>\n\n"));
  return { message, subject: "failure notice", from: "mailer-daemon@example.net", text };
}

test.each(DIALECTS.map((dialect) => [dialect.name, dialect] as const))("%s reads damaged text", (_name, dialect) => {
  fc.assert(
    fc.property(damaged, (text) => {
      const input = inputOf(text);
      dialect.detect(input);
      const finding = dialect.parse(input);
      if (finding === undefined) return;
      expect(finding.recipients.length).toBeGreaterThan(0);
      expect(finding.recipients.every((one) => one.addressText !== "")).toBe(true);
      expect(finding.returnedAt ?? 0).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 60 },
  );
});

test("mail that is none of them is heard by none", () => {
  const letter = "Hello,\n\nthe mailbox of my colleague is full. Could you raise his quota, please?\n\nAnn\n";
  expect(DIALECTS.filter((dialect) => dialect.detect(inputOf(letter)))).toEqual([]);
});
