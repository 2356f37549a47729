import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { useConfigFiles } from "./config-files.ts";

const { folder, load, problemsOf } = useConfigFiles();

describe("tokens of a site's own form", () => {
  test("are read with their secrets, also from files", () => {
    writeFileSync(join(folder, "verp"), "the newest of secrets\nthe secret of before\n");
    const { site } = load(
      [
        "site:",
        "  verp:",
        '    - { pattern: "bounces+{id}-{hmac}@lists.example.com", secretsFile: verp }',
        '    - { pattern: "users-bounces+{recipient}@lists.example.com" }',
        '  envelopeId: { pattern: "{id}.{hmac}@example.com", secrets: ["a secret of 16 chars"], maxAgeDays: 5 }',
        '  headerToken: { field: X-Triage-Token, secrets: ["a secret of 16 chars"] }',
      ].join("\n"),
    );
    expect(site.verp?.map(({ pattern, secrets }) => [pattern.source, secrets])).toEqual([
      ["bounces+{id}-{hmac}@lists.example.com", ["the newest of secrets", "the secret of before"]],
      ["users-bounces+{recipient}@lists.example.com", []],
    ]);
    expect(site.envelopeId).toMatchObject({ secrets: ["a secret of 16 chars"], maxAgeDays: 5 });
    expect(site.headerToken).toEqual({ field: "X-Triage-Token", secrets: ["a secret of 16 chars"], maxAgeDays: 30 });
  });

  test("are not there when nobody configures them", () => {
    const { site } = load("");
    expect([site.verp, site.envelopeId, site.headerToken]).toEqual([undefined, undefined, undefined]);
  });

  test("that are wrong are named with their line, and no secret is printed", () => {
    const problems = problemsOf(
      [
        "site:",
        "  verp:",
        '    - pattern: "bounces+{token}@lists.example.com"',
        '    - pattern: "bounces+{hmac}@lists.example.com"',
        '    - pattern: "bounces+{recipient}@lists.example.com"',
        "      secrets: [a secret of no use here]",
        '  envelopeId: { pattern: "id", secrets: ["short"] }',
        '  headerToken: { field: X-Triage-Token, secrets: ["short"] }',
      ].join("\n"),
    );
    expect(problems).toEqual([
      expect.stringMatching(/^3: site\.verp\[0\]\.pattern has an unknown placeholder \{token\} \(known: recipient, /),
      "4: site.verp[1] needs at least one secret (secrets or secretsFile)",
      "5: site.verp[2] has secrets, but its pattern has no {hmac} that they could sign",
      "7: site.envelopeId.pattern has no placeholder",
      "8: site.headerToken has a secret of less than 16 characters",
    ]);
  });

  test("need a header field's name for a header token", () => {
    expect(problemsOf('site: { headerToken: { field: "X Token", secrets: ["a secret of 16 chars"] } }')[0]).toContain(
      "site.headerToken.field must look like",
    );
  });
});
