import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError, describeOutlet, loadConfig, type OutletConfig } from "@triage/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "triage-outlets-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

function load(text: string) {
  const path = join(folder, "triage.yaml");
  writeFileSync(path, text);
  return loadConfig({ path, env: {} });
}

/** The one outlet, written as YAML flow: `smtp: { ... }`. */
function outletOf(text: string): OutletConfig {
  const [outlet] = load(`outlets:\n  - id: x\n    ${text}\nhumans:\n  - { id: ann, to: [ann@example.com] }\n`).outlets;
  if (outlet === undefined) throw new Error("no outlet");
  return outlet;
}

/** Without the name of the file. */
function problemsOf(text: string): string[] {
  try {
    outletOf(text);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ line, key, message }) => `${line}: ${key}: ${message}`);
  }
}

function hostsOf(text: string): unknown {
  const outlet = outletOf(text);
  return outlet.kind === "smtp" || outlet.kind === "lmtp" ? outlet.hosts : undefined;
}

const tcp = (host: string, port: number, tls: string) => ({ kind: "tcp", host, port, tls });

describe("the hosts of a mail server", () => {
  test("each may have a port of its own; 465 is TLS from the start (RFC 8314)", () => {
    expect(
      hostsOf('smtp: { hosts: [a.example, "b.example:465", "192.0.2.1:2525", "[2001:db8::1]:26", "2001:db8::2"] }'),
    ).toEqual([
      tcp("a.example", 25, "opportunistic"),
      tcp("b.example", 465, "implicit"),
      tcp("192.0.2.1", 2525, "opportunistic"),
      tcp("2001:db8::1", 26, "opportunistic"),
      tcp("2001:db8::2", 25, "opportunistic"),
    ]);
  });

  test("one port for those that name none", () => {
    expect(hostsOf('smtp: { hosts: [a.example, "b.example:26"], port: 587 }')).toEqual([
      tcp("a.example", 587, "opportunistic"),
      tcp("b.example", 26, "opportunistic"),
    ]);
  });

  test("where a password is sent, TLS is required unless somebody says otherwise", () => {
    const auth = "auth: { user: u, password: p }";
    expect(hostsOf(`smtp: { host: a.example, ${auth} }`)).toEqual([tcp("a.example", 25, "required")]);
    expect(hostsOf(`smtp: { host: a.example, tls: none, ${auth} }`)).toEqual([tcp("a.example", 25, "none")]);
    expect(problemsOf(`smtp: { host: a.example, tls: opportunistic, ${auth} }`)).toEqual([
      "3: outlets[0].smtp.tls: must be required or implicit where there is auth: else the password can be had",
    ]);
  });

  test("LMTP has port 24, or a Unix socket relative to the file", () => {
    expect(hostsOf("lmtp: { host: mail.example.com }")).toEqual([tcp("mail.example.com", 24, "opportunistic")]);
    expect(hostsOf("lmtp: { socket: run/lmtp }")).toEqual([{ kind: "socket", path: join(folder, "run/lmtp") }]);
  });

  test.each([
    ["smtp: {}", "outlets[0].smtp: needs host or hosts"],
    ["lmtp: {}", "outlets[0].lmtp: needs socket, host or hosts"],
    ["smtp: { host: a, hosts: [b] }", "outlets[0].smtp.hosts: is given, and host as well: keep one of them"],
    ["lmtp: { host: a, socket: b }", "outlets[0].lmtp.socket: is given, and host or hosts as well: keep one of them"],
    [
      'smtp: { hosts: ["a b"] }',
      'outlets[0].smtp.hosts[0]: must be a host such as mx1.example.com or mx1.example.com:25, not "a b"',
    ],
    [
      'smtp: { hosts: ["a:99999"] }',
      'outlets[0].smtp.hosts[0]: must be a host such as mx1.example.com or mx1.example.com:25, not "a:99999"',
    ],
    [
      'smtp: { hosts: ["[a]:25"] }',
      'outlets[0].smtp.hosts[0]: must be a host such as mx1.example.com or mx1.example.com:25, not "[a]:25"',
    ],
    ["smtp: { host: a, auth: { user: u } }", "outlets[0].smtp.auth: needs password or passwordFile"],
    [
      "smtp: { host: a, auth: { user: u, password: p, method: ntlm } }",
      'outlets[0].smtp.auth.method: must be one of plain, login, cram-md5, not "ntlm"',
    ],
    [
      "smtp: { host: a, certificate: { caFile: gone.pem } }",
      "outlets[0].smtp.certificate.caFile: names a file that does not exist: gone.pem",
    ],
    [
      "smtp: { host: a, certificate: { caFile: triage.yaml } }",
      "outlets[0].smtp.certificate.caFile: names a file without a certificate in PEM",
    ],
    [
      "smtp: { host: a, certificate: { verify: false, serverName: b } }",
      "outlets[0].smtp.certificate.verify: is false, so that caFile and serverName have no meaning: keep one of them",
    ],
  ])("%s is refused with its line", (text, problem) => {
    expect(problemsOf(text)).toEqual([`3: ${problem}`]);
  });

  test("the authority's certificate is read from its file, relative to the configuration", () => {
    const pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
    writeFileSync(join(folder, "ca.pem"), pem);
    expect(outletOf("smtp: { host: a, certificate: { caFile: ca.pem, serverName: mx.example.com } }")).toMatchObject({
      certificate: { ca: pem, serverName: "mx.example.com", verify: undefined },
    });
  });
});

describe("a webhook", () => {
  test("takes its secrets by name, Base64 of 24 to 64 bytes, directly or one a line in a file", () => {
    const key = Buffer.from(SECRET.slice(6), "base64");
    writeFileSync(join(folder, "secrets"), `${SECRET}\n\n${SECRET}\n`);
    expect(outletOf(`webhook: { url: "https://a.example/x", secrets: [${SECRET}] }`)).toMatchObject({ secrets: [key] });
    expect(outletOf('webhook: { url: "https://a.example/x", secretsFile: secrets }')).toMatchObject({
      secrets: [key, key],
    });
  });

  test("a ticket in Zammad belongs to the sender of our mail where nobody else is named", () => {
    expect(outletOf('webhook: { url: "https://a.example/api/v1/tickets", template: zammad }')).toMatchObject({
      template: { kind: "zammad", group: "Users", customer: "postmaster-triage@localhost" },
    });
  });

  test.each([
    ["webhook: {}", "outlets[0].webhook: needs url or urlFile"],
    [
      'webhook: { url: "https://a.example/", authorization: 12345 }',
      "outlets[0].webhook.authorization: must be text (in quotation marks, if it looks like a number), not what is there",
    ],
    [
      "webhook: { url: hooks.example.com }",
      "outlets[0].webhook.url: must be a URL such as https://hooks.example.com/triage",
    ],
    [
      'webhook: { url: "ftp://a.example/T0KEN" }',
      "outlets[0].webhook.url: must be a URL such as https://hooks.example.com/triage",
    ],
    [
      'webhook: { url: "https://u:p@a.example/" }',
      "outlets[0].webhook.url: must not hold a password: use authorization",
    ],
    [
      'webhook: { url: "https://a.example/", secrets: [whsec_c2hvcnQ=] }',
      "outlets[0].webhook.secrets[0]: must be whsec_ and Base64 of 24 to 64 bytes",
    ],
    [
      'webhook: { url: "https://a.example/", secrets: [plain] }',
      "outlets[0].webhook.secrets[0]: must be whsec_ and Base64 of 24 to 64 bytes",
    ],
    [
      'webhook: { url: "https://a.example/", template: slack, attachMail: true }',
      "outlets[0].webhook.attachMail: is for generic and zammad: slack takes no files this way",
    ],
    [
      'webhook: { url: "https://a.example/", zammad: { group: x } }',
      "outlets[0].webhook.zammad: has a meaning only with template: zammad",
    ],
    [
      'webhook: { url: "https://a.example/", template: irc }',
      'outlets[0].webhook.template: must be one of generic, slack, teams, zammad, not "irc"',
    ],
  ])("%s is refused with its line", (text, problem) => {
    expect(problemsOf(text)).toEqual([`3: ${problem}`]);
  });
});

describe("a program, an mbox", () => {
  test("have their defaults, and paths relative to the file", () => {
    expect(outletOf("command: { argv: [/usr/lib/dovecot/dovecot-lda, -d, ann] }")).toMatchObject({
      argv: ["/usr/lib/dovecot/dovecot-lda", "-d", "ann"],
      timeoutMs: 60_000,
      concurrency: 2,
    });
    expect(outletOf("mbox: { path: mail/ops }")).toEqual({
      id: "x",
      kind: "mbox",
      path: join(folder, "mail/ops"),
      lockTimeoutMs: 30_000,
    });
  });

  test.each([
    ["command: { argv: [sendmail] }", 'outlets[0].command.argv[0]: must be an absolute path, not "sendmail"'],
    ["command: { argv: [] }", "outlets[0].command.argv: must not be empty"],
    ["mbox: {}", "outlets[0].mbox.path: is missing"],
    ["mbox: { path: a }\n    smtp: { host: b }", "outlets[0].smtp: is given, and mbox as well: keep one of them"],
  ])("%s is refused with its line", (text, problem) => {
    expect(problemsOf(text)).toEqual([`${text.includes("\n") ? 4 : 3}: ${problem}`]);
  });
});

test("a human without an address is one where the outlet needs none, and a mistake where it is a mail server", () => {
  const withOutlet = (outlet: string) => `outlets:\n  - { id: x, ${outlet} }\nhumans:\n  - { id: ops }\n`;
  expect(load(withOutlet('webhook: { url: "https://a.example/" }')).humans[0]).toMatchObject({ id: "ops", to: [] });
  expect(() => load(withOutlet("smtp: { host: a }"))).toThrow(/humans\[0\].*needs to, with at least one address/);
});

test("an outlet is described without its secrets", () => {
  const described = [
    "smtp: { hosts: [a.example, b.example], auth: { user: u, password: s3cret } }",
    "lmtp: { socket: /run/lmtp }",
    `webhook: { url: "https://hooks.example.com/T0KEN", template: slack, secrets: [${SECRET}] }`,
    "command: { argv: [/bin/x, --token, s3cret] }",
    "mbox: { path: /var/mail/ops }",
  ].map((text) => describeOutlet(outletOf(text)));
  expect(described).toEqual([
    "SMTP a.example:25 (TLS required), else b.example:25 (TLS required)",
    "LMTP /run/lmtp",
    "webhook (slack) at hooks.example.com, signed",
    "command /bin/x",
    "mbox /var/mail/ops",
  ]);
});

test("the example in docs/operations.md is a configuration without mistakes", () => {
  const page = readFileSync(new URL("../../../docs/operations.md", import.meta.url), "utf8");
  const section = page.slice(page.indexOf("\n## Outlets\n"));
  const [, yaml = ""] = /```yaml\n([^`]*)```/.exec(section) ?? [];
  const path = join(folder, "example.yaml");
  writeFileSync(path, yaml);
  const env = {
    SMTP_PASSWORD: "p",
    SLACK_URL: "https://hooks.example.com/x",
    ZAMMAD_TOKEN: "t",
    WEBHOOK_SECRET: SECRET,
  };
  const config = loadConfig({ path, env });
  expect(config.outlets.map(({ kind }) => kind)).toEqual([
    "smtp",
    "lmtp",
    "maildir",
    "mbox",
    "webhook",
    "webhook",
    "webhook",
    "command",
  ]);
});
