import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addressWriter, ConfigError, createLog, loadConfig } from "@triage/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "triage-privacy-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function load(yaml: string) {
  const path = join(folder, "triage.yaml");
  writeFileSync(path, `site: { domains: [example.com] }\n${yaml}`);
  return loadConfig({ path, env: {} });
}

function problemsOf(yaml: string): string {
  try {
    load(yaml);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error("it was taken");
}

describe("the configuration", () => {
  test("keeps mail for a human 90 days, other mail 30, facts 400, and names nobody in the log, when it says nothing", () => {
    const { retention, privacy } = load("");
    expect(retention).toEqual({ human: 90, digest: 30, archive: 30, facts: 400 });
    expect(privacy).toEqual({
      addresses: { log: "domain", api: "full", archive: "full" },
      secret: undefined,
      returnedBodies: "keep",
    });
  });

  test("wants facts to be kept as long as bytes", () => {
    const problem = problemsOf("retention: { human: 500 }");
    expect(problem).toContain("retention.facts");
    expect(problem).toContain("at least 500");
    expect(load("retention: { human: 500, facts: 500 }").retention.facts).toBe(500);
  });

  test("wants a long secret for hashes, and says where", () => {
    expect(problemsOf("privacy:\n  addresses: { api: hash }")).toContain("privacy.secret");
    expect(problemsOf("privacy:\n  secret: short")).toContain("16 characters");
    expect(problemsOf("privacy:\n  addresses: { log: some }")).toContain("triage.yaml:3:");
    const { privacy } = load("privacy: { secret: a-secret-of-the-site, addresses: { api: hash } }");
    expect(privacy).toMatchObject({ secret: "a-secret-of-the-site", addresses: { api: "hash" } });
  });
});

describe("an address is written", () => {
  const joe = { kind: "address", localPart: "Joe", domain: "example.net" } as const;

  test("as it is, without its local part, or with a hash that is the same for the same address and secret", () => {
    expect(addressWriter("full")).toBeUndefined();
    expect(addressWriter("domain")?.(joe)).toBe("***");
    const hash = addressWriter("hash", "a-secret-of-the-site");
    expect(hash?.(joe)).toMatch(/^h-[0-9a-f]{10}$/);
    expect(hash?.({ ...joe, localPart: "joe" })).toBe(hash?.(joe));
    expect(hash?.({ ...joe, localPart: "ann" })).not.toBe(hash?.(joe));
    expect(addressWriter("hash", "the-secret-of-others")?.(joe)).not.toBe(hash?.(joe));
  });

  test("once: a hash is not hashed again", () => {
    const hash = addressWriter("hash", "a-secret-of-the-site");
    const localPart = hash?.(joe) ?? "";
    expect(hash?.({ ...joe, localPart })).toBe(localPart);
  });
});

describe("the log", () => {
  function logged(pretty: boolean, work: (log: ReturnType<typeof createLog>) => void): string {
    let text = "";
    const destination = {
      write(line: string) {
        text += line;
      },
    };
    work(createLog({ destination, pretty, writeAddress: addressWriter("domain") }));
    return text;
  }

  test.each([true, false])(
    "names nobody, also where a server's words or an error's stack do (for a person: %s)",
    (pretty) => {
      const text = logged(pretty, (log) => {
        log.warn({ err: new Error("550 5.1.1 <joe@example.net>: no such user") }, "cannot deliver");
        log.info({ detail: { said: 'for "joe x"@example.net' } }, "to joe@example.net");
      });
      expect(text).not.toContain("joe");
      expect(text).toContain("***@example.net");
      expect(text.trimEnd().split("\n")).toHaveLength(2);
    },
  );

  test("stays JSON, with its other fields as they are", () => {
    const text = logged(false, (log) => log.info({ messageId: "1", sizeBytes: 5 }, 'from "joe x"@example.net'));
    expect(JSON.parse(text)).toMatchObject({
      messageId: "1",
      sizeBytes: 5,
      message: "from ***@example.net",
      level: "info",
    });
  });
});
