import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CONFIG_ENVIRONMENT, CONFIG_KEYS, ConfigError, loadConfig, parseApiKeys } from "@triage/runtime";
import { DEFAULT_LEARNING_LIMITS } from "@triage/scoring";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "triage-config-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function load(text: string, env: Record<string, string> = {}) {
  const path = join(folder, `triage-${++files}.yaml`);
  writeFileSync(path, text);
  return loadConfig({ path, env });
}

/** The problems, with the file's name cut off: `3: site.domain is not ...`. */
function problemsOf(text: string, env: Record<string, string> = {}): string[] {
  try {
    load(text, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n").map((line) => line.replace(/^.*?\.yaml:/, ""));
    throw error;
  }
  return [];
}

/** How a value names an environment variable. */
const named = (name: string) => `\${${name}}`;

const FULL = `
site:
  domains: [Example.com, "*.example.org"]
  relays: ["mail.example.com", "192.0.2.0/24", "2001:db8::1"]
  batv: { keys: { "0": "secret" }, signsAllMail: false }
  srs:  { domain: example.com, secrets: ["secret"] }
  dkim: { keys: { "S1._domainkey.example.com": "v=DKIM1; p=MIIB" }, dns: false }
  ledger: { complete: true, days: 7 }
  spf: { dns: true }
  dnsbl: { zones: [IPS.Backscatterer.org] }
dns: { servers: ["192.0.2.53", "[2001:db8::53]:5353"], timeoutMs: 500 }
human: { to: ["Ann <ann@example.com>"] }
policy:
  - { id: all-to-ann, route: human, because: "Ann wants it all." }
http:
  port: 9000
delivery:
  outlet: { smtp: { host: mx.example.com, port: 465, auth: { user: u, password: p } } }
`;

test("every mistake is named at once, however many there are", () => {
  const rows = Array.from({ length: 40 }, (_, index) => `  - { id: Row ${index}, route: humna }`);
  const problems = problemsOf(`policy:\n${rows.join("\n")}\n`);
  expect(problems).toHaveLength(120);
  expect(problems).toContain(
    '41: policy[39].id must be small letters, digits and hyphens, such as mail-server, not "Row 39"',
  );
  expect(problems).toContain('41: policy[39].route must be one of human, digest, archive, not "humna"');
});

describe("a file", () => {
  test("is read into what code uses, with names lower-cased and defaults filled in", () => {
    const config = load(FULL);
    expect(config.site).toEqual({
      domains: ["example.com", "*.example.org"],
      relays: ["mail.example.com", "192.0.2.0/24", "2001:db8::1"],
      messageIdDomains: ["example.com", "*.example.org"],
      messageIdDomainsAreAssumed: true,
      batv: { keys: new Map([["0", "secret"]]), signsAllMail: false },
      srs: { domain: "example.com", secrets: ["secret"], maxAgeDays: 21 },
      dkim: { keys: new Map([["s1._domainkey.example.com", "v=DKIM1; p=MIIB"]]), dns: false },
      ledger: { complete: true, days: 7, staleAfterMinutes: 60 },
      spf: { dns: true },
      dnsbl: { zones: ["ips.backscatterer.org"] },
    });
    expect(config.dns).toEqual({ servers: ["192.0.2.53", "[2001:db8::53]:5353"], timeoutMs: 500, tries: 2 });
    expect(config.http).toMatchObject({ host: "127.0.0.1", port: 9000, maxMessageBytes: 25_000_000, keys: [] });
    expect(config.from).toBe("postmaster-triage@example.com");
    expect(config.humans).toEqual([
      {
        id: "human",
        to: ["Ann <ann@example.com>"],
        outlet: "smtp",
        form: "headers-only",
        maxBytes: undefined,
        maxPerHour: 60,
        rota: undefined,
        escalation: undefined,
        for: undefined,
      },
    ]);
    expect(config.policy?.[0]?.id).toBe("all-to-ann");
    expect(config.outlets[0]).toMatchObject({
      kind: "smtp",
      hosts: [{ tls: "implicit" }],
      auth: { user: "u", password: "p" },
    });
    expect(config.queue.lockDurationMs).toBe(30_000);
  });

  test("may be empty, and may be missing unless somebody asked for it", () => {
    expect(load("").humans[0]?.to).toEqual(["postmaster@localhost"]);
    expect(load("site:\nhuman:\n").site.domains).toEqual([]);
    expect(() => loadConfig({ path: join(folder, "gone.yaml"), env: {} })).toThrow(/gone\.yaml: does not exist/);
  });

  test("can take its secrets from other files, relative to itself", () => {
    mkdirSync(join(folder, "secrets"), { recursive: true });
    writeFileSync(join(folder, "secrets/db"), "postgresql://triage:pw@db/triage\n");
    writeFileSync(join(folder, "secrets/batv"), "batv-secret\n");
    writeFileSync(join(folder, "secrets/srs"), "new\nold\n");
    const config = load(
      "database: { urlFile: secrets/db }\nsite: { batv: { keyFiles: { 1: secrets/batv } }, srs: { domain: a.example, secretsFile: secrets/srs } }\nhttp: { keysFile: secrets/keys }",
    );
    expect(config.database.url).toBe("postgresql://triage:pw@db/triage");
    expect(config.site.batv?.keys.get("1")).toBe("batv-secret");
    expect(config.site.srs?.secrets).toEqual(["new", "old"]);
    expect(config.http.keysFile).toBe(join(folder, "secrets/keys"));
  });
});

describe("the secret of the sent ledger", () => {
  test("stands in the file or in one of its own, and is left to the database otherwise", () => {
    writeFileSync(join(folder, "ledger-secret"), "sixteen characters\n");
    const secretOf = (yaml: string) => load(`site: { ledger: { ${yaml} } }`).site.ledger.secret;
    expect(secretOf("secretFile: ledger-secret")).toBe("sixteen characters");
    expect(secretOf("secret: sixteen characters")).toBe("sixteen characters");
    expect(secretOf("complete: true")).toBeUndefined();
  });

  test("is not short, and not given twice", () => {
    expect(problemsOf("site:\n  ledger:\n    secret: short\n")).toEqual([
      "3: site.ledger.secret must have at least 16 characters",
    ]);
    expect(problemsOf("site:\n  ledger:\n    secret: sixteen characters\n    secretFile: x\n")).toEqual([
      "4: site.ledger.secretFile is given, and secret as well: keep one of them",
    ]);
    expect(problemsOf("site:\n  ledger: { staleAfterMinutes: 0 }\n")[0]).toContain("site.ledger.staleAfterMinutes");
  });
});

describe("storms", () => {
  test("are counted by default, with thresholds that a site may change, and can be turned off", () => {
    expect(load("").storms).toEqual({
      hours: 6,
      minMessages: 20,
      minReportingMtas: 5,
      unprovenShare: 0.9,
      quietHours: 6,
      groupDoubtful: true,
    });
    expect(load("storms: { hours: 12, minMessages: 50 }").storms).toMatchObject({ hours: 12, minMessages: 50 });
    expect(load("storms: { enabled: false }").storms).toBeUndefined();
  });

  test("need thresholds that make sense", () => {
    expect(problemsOf("storms:\n  minMessages: 1\n  unprovenShare: 0.2\n")).toEqual([
      "2: storms.minMessages must be at least 5, not 1",
      "3: storms.unprovenShare must be at least 0.5, not 0.2",
    ]);
  });
});

describe("learning", () => {
  test("is on by default, within the limits that scoring recommends, and can be turned off", () => {
    expect(load("").learning).toEqual({
      everyHours: 24,
      refreshSeconds: 5,
      keepVersions: 20,
      limits: DEFAULT_LEARNING_LIMITS,
    });
    expect(load("learning: { limits: { words: 0, maxAgeDays: 30 } }").learning?.limits).toEqual({
      ...DEFAULT_LEARNING_LIMITS,
      words: 0,
      maxAgeDays: 30,
    });
    expect(load("learning: { enabled: false }").learning).toBeUndefined();
  });

  test("needs something to roll back to, and limits that are numbers", () => {
    expect(problemsOf("learning:\n  keepVersions: 1\n  limits:\n    perCorrectorAndDay: many\n")).toEqual([
      "2: learning.keepVersions must be at least 2, not 1",
      '4: learning.limits.perCorrectorAndDay must be a whole number, not "many"',
    ]);
  });
});

describe("what is wrong", () => {
  test("an unknown key is an error that names line and key, and the key that was probably meant", () => {
    expect(problemsOf("site:\n  domains: [example.com]\n  relay: [mail.example.com]\n")).toEqual([
      "3: site.relay is not a key that is known here; did you mean relays?",
    ]);
    expect(problemsOf("htpp: { port: 1 }\n")[0]).toContain("did you mean http?");
    expect(problemsOf("http:\n  frobnicate: 1\n")[0]).toContain("(known: host, port, ");
  });

  test("all problems are told at once, each at its line", () => {
    expect(
      problemsOf(
        "http:\n  port: eighty\n  maxMessageBytes: 3\nsite:\n  domains: example.com\nlog: { level: loud }\nhuman:\n  to: [7]\n",
      ),
    ).toEqual([
      '2: http.port must be a whole number, not "eighty"',
      "3: http.maxMessageBytes must be at least 1024, not 3",
      '5: site.domains must be a list, not "example.com"',
      '6: log.level must be one of trace, debug, info, warn, error, fatal, silent, not "loud"',
      "8: human.to[0] must be text (in quotation marks, if it looks like a number), not 7",
    ]);
  });

  test("what the types cannot say is checked too", () => {
    expect(
      problemsOf(
        "site:\n  domains: ['exa mple.com']\n  relays: [192.0.2.0/99, 192.0.2.300]\n  batv: {}\n  dkim: { keys: { example.com: 'p=' } }\nhuman: { to: [nobody] }\nredis: { url: 'http://x' }\n",
      ),
    ).toEqual([
      '2: site.domains[0] must be a domain such as example.com or *.example.com, not "exa mple.com"',
      '3: site.relays[0] must be a host name, an address or a block such as 192.0.2.0/24, not "192.0.2.0/99"',
      '3: site.relays[1] must be a host name, an address or a block such as 192.0.2.0/24, not "192.0.2.300"',
      "4: site.batv needs at least one key (keys or keyFiles)",
      "5: site.dkim.keys.example.com must be named selector._domainkey.domain",
      '6: human.to[0] must be an address such as ann@example.com, not "nobody"',
      expect.stringMatching(/^7: redis\.url must be a URL that begins with one of redis:\/\//),
    ]);
  });

  test("a check that is not known cannot be switched off, and a form of Message-IDs must be one", () => {
    const site = "site:\n  messageIdForms: [postfix, '*.crm@example.com', sendmial]\n  checks: { off: [spf, dkmi] }\n";
    const problems = problemsOf(site);
    expect(problems.join("\n")).toContain("3: site.checks.off[1] must be one of batv, srs, ");
    expect(problemsOf("site:\n  checks: { off: [spf, own-mail] }\n")).toEqual([
      "2: site.checks.off[1] own-mail cannot be switched off: mail of this service that comes back would go round and round",
    ]);
    const forms = problemsOf(site.replace("dkmi", "dnsbl"));
    expect(forms).toEqual([
      '2: site.messageIdForms[2] must be postfix, exim, sendmail, qmail or a pattern with an @, such as *.crm@example.com, not "sendmial"',
    ]);
  });

  test("name servers and block lists are checked before a name is asked for", () => {
    const servers = "[192.0.2.53, 192.0.2.53:99999, '[::1]:53', '::1', ns.example.com, '[192.0.2.1]:53']";
    const zones = "[ips.backscatterer.org, '*.example.org', backscatterer, 'a b.example']";
    expect(problemsOf(`dns:\n  servers: ${servers}\nsite:\n  dnsbl: { zones: ${zones} }\n`)).toEqual([
      ...[1, 4, 5].map((index) => expect.stringContaining(`2: dns.servers[${index}] must be an address such as`)),
      ...[1, 2, 3].map((index) => expect.stringContaining(`4: site.dnsbl.zones[${index}] must be the name of a block`)),
    ]);
  });

  test("a secret is never quoted, not even a wrong one", () => {
    expect(problemsOf("database: { url: [s3cret] }").join()).not.toContain("s3cret");
    expect(problemsOf("redis: { url: 's3cret' }").join()).not.toContain("s3cret");
    expect(problemsOf("site: { srs: { domain: a.example, secrets: s3cret } }").join()).not.toContain("s3cret");
  });

  test("text that is no YAML, a key given twice, and a secret given twice, are errors with a line", () => {
    expect(problemsOf("site: [\n")[0]).toMatch(/^\d: is not YAML/);
    expect(problemsOf("http: { port: 1 }\nhttp: { port: 2 }\n")[0]).toMatch(/^2: is not YAML/);
    expect(problemsOf("database: { url: 'postgresql://a/b', urlFile: f }\n")[0]).toContain("keep one of them");
    expect(problemsOf("database: { urlFile: gone }\n")[0]).toContain("names a file that does not exist: gone");
  });
});

describe("the environment", () => {
  test("overrides the file, and an empty variable says nothing", () => {
    const env = { HOST: "0.0.0.0", PORT: "0", DATABASE_URL: "postgres://db/x", REDIS_URL: "rediss://r", LOG_LEVEL: "" };
    const config = load("http: { port: 9000 }\nlog: { level: warn }", { ...env, TRIAGE_API_KEY: "k" });
    expect(config.http).toMatchObject({ host: "0.0.0.0", port: 0, keys: [{ name: "environment", key: "k" }] });
    expect(config.database.url).toBe("postgres://db/x");
    expect(config.redis?.url).toBe("rediss://r");
    expect(config.log.level).toBe("warn");
  });

  test("a wrong variable is named as such", () => {
    expect(problemsOf("", { PORT: "eighty" })).toEqual(['environment: PORT must be a whole number, not "eighty"']);
    expect(problemsOf("", { DATABASE_URL: "mysql://x" })[0]).toMatch(/^environment: DATABASE_URL must be a URL/);
  });

  test("the data folder in the environment is relative to the working directory, in the file to the file", () => {
    expect(load("", { TRIAGE_DATA_DIR: "d" }).dataDir).toBe(join(process.cwd(), "d"));
    expect(load("dataDir: d").dataDir).toBe(join(folder, "d"));
    expect(load("dataDir: d").outlets).toEqual([{ id: "maildir", kind: "maildir", path: join(folder, "d/human") }]);
  });

  test("a variable named in a value is put in, keeps its type when it stands alone, and may have a default", () => {
    const config = load(
      `http:\n  port: ${named("P")}\n  host: "${named("H:-127.0.0.2")}"\nhuman: { from: "triage@${named("D")}" }`,
      { P: "81", D: "example.net" },
    );
    expect(config.http).toMatchObject({ port: 81, host: "127.0.0.2" });
    expect(config.from).toBe("triage@example.net");
    expect(problemsOf(`http:\n  port: ${named("NOT_SET")}\n`)).toEqual(["2: environment variable NOT_SET is not set"]);
  });

  test("a doubled dollar sign keeps the braces as they are", () => {
    const config = load(`site: { srs: { domain: a.example, secrets: ['$${named("X")}'] } }`);
    expect(config.site.srs?.secrets).toEqual([named("X")]);
  });

  test("whatever a variable holds, it stays one text in its place", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (secret) => {
        const config = load(`site: { srs: { domain: a.example, secrets: ["${named("S")}"] } }`, { S: secret });
        expect(config.site.srs?.secrets).toEqual([secret]);
      }),
      { numRuns: 50 },
    );
  });
});

test("every key and every variable can be listed, with a description", () => {
  expect(CONFIG_ENVIRONMENT).toEqual([
    "DATABASE_URL",
    "HOST",
    "LOG_LEVEL",
    "PORT",
    "REDIS_URL",
    "TRIAGE_API_KEY",
    "TRIAGE_CONFIG",
    "TRIAGE_DATA_DIR",
  ]);
  const keys = CONFIG_KEYS.map(({ key }) => key);
  for (const key of [
    "site.domains",
    "site.batv.keys",
    "human.to",
    "http.keys[].keyFile",
    "delivery.outlet.smtp.host",
  ]) {
    expect(keys).toContain(key);
  }
  expect(CONFIG_KEYS.filter(({ description, key }) => description === "" && !key.startsWith("policy[]"))).toEqual([]);
});

test("a keys file has one key a line, with or without a name", () => {
  expect(parseApiKeys("# MTA\nmx1 aaaa\n\nbbbb\n", "keys")).toEqual([
    { name: "mx1", key: "aaaa" },
    { name: "keys:4", key: "bbbb" },
  ]);
});
