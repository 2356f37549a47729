import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:net";
import type { SmtpConfig, TlsMode } from "@triage/runtime";
import { afterEach, expect, test } from "vitest";
import type { Outlet } from "../src/outlets/outlet.ts";
import { openSmtpOutlet } from "../src/outlets/smtp-outlet.ts";
import { anOutboundMail } from "./outbound-mails.ts";
import { refuse, type SmtpHost, type SmtpHostOptions, startSmtpHost } from "./smtp-host.ts";

const MAIL = anOutboundMail({});
const ANN = "ann@example.com";
const BOB = "bob@example.com";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function startServer(options: SmtpHostOptions = {}): Promise<SmtpHost> {
  const host = await startSmtpHost(options);
  closers.push(() => host.close());
  return host;
}

type Options = Partial<SmtpConfig> & { readonly tls?: TlsMode };

function open(port: number, { tls = "none", ...options }: Options = {}): Outlet {
  const hosts = [{ kind: "tcp", host: "127.0.0.1", port, tls }] as const;
  const outlet = openSmtpOutlet({ id: "smtp", kind: "smtp", hosts, auth: undefined, pool: 2, ...options });
  closers.push(() => outlet.close());
  return outlet;
}

test("the reverse-path is null, so that no bounce of our mail can come back (RFC 5321 section 4.5.5)", async () => {
  const { port, taken } = await startServer();
  const results = await open(port).deliver(MAIL, [ANN, BOB]);
  expect(results).toEqual([
    { recipient: ANN, outcome: "delivered", detail: "250 OK: queued as 12345" },
    { recipient: BOB, outcome: "delivered", detail: "250 OK: queued as 12345" },
  ]);
  expect(taken).toMatchObject([{ from: "", to: [ANN, BOB], raw: MAIL.raw.toString("latin1") }]);
});

test("an 8-bit mail is announced as such (RFC 6152) and arrives byte for byte", async () => {
  const { port, taken } = await startServer();
  const raw = Buffer.from("From: triage@example.com\r\n\r\ngr\u00fc\u00dfe\r\n", "utf8");
  await open(port).deliver({ ...MAIL, raw, eightBit: true }, [ANN]);
  expect(taken).toMatchObject([{ bodyType: "8bitmime", raw: raw.toString("latin1") }]);
});

test("a server that announces DSN is given our signed id as ENVID, and asked for no more than the header (RFC 3461)", async () => {
  const { port, taken } = await startServer({ hideDSN: false });
  await open(port).deliver(MAIL, [ANN]);
  expect(taken).toMatchObject([{ from: "", dsn: { ret: "HDRS", envid: MAIL.messageId.slice(1, -1) } }]);
});

test("a server without DSN is given neither, and an id that is too long for an ENVID is left out", async () => {
  const without = await startServer();
  await open(without.port).deliver(MAIL, [ANN]);
  const { port, taken } = await startServer({ hideDSN: false });
  const messageId = `<${MAIL.id}@${"long.".repeat(20)}example.com>`;
  await open(port).deliver({ ...MAIL, messageId }, [ANN]);
  expect([...without.taken, ...taken]).toMatchObject([{ to: [ANN] }, { dsn: { ret: "HDRS" } }]);
  expect(without.taken[0]?.dsn?.envid ?? undefined).toBeUndefined();
  expect(taken[0]?.dsn?.envid ?? undefined).toBeUndefined();
});

test("several mails share the connections of the pool", async () => {
  const connections = new Set<string>();
  const { port, taken } = await startServer({
    onConnect: (session, callback) => {
      connections.add(session.id);
      callback();
    },
  });
  const outlet = open(port, { pool: 1 });
  await Promise.all(Array.from({ length: 10 }, () => outlet.deliver(MAIL, [ANN])));
  expect(taken).toHaveLength(10);
  expect(connections.size).toBe(1);
});

test("each recipient has its own outcome: 250 delivered, 450 retried, 550 failed", async () => {
  const carl = "carl@example.com";
  const { port, taken } = await startServer({
    refuseTo: { [BOB]: refuse(450, "mailbox busy"), [carl]: refuse(550, "no such user") },
  });
  const results = await open(port).deliver(MAIL, [ANN, BOB, carl]);
  expect(results).toEqual([
    { recipient: ANN, outcome: "delivered", detail: "250 OK: queued as 12345" },
    { recipient: BOB, outcome: "error", detail: "450 mailbox busy" },
    { recipient: carl, outcome: "failed", detail: "550 no such user" },
  ]);
  expect(taken).toMatchObject([{ to: [ANN] }]);
});

test("a refusal is not overlooked because the address is written in capitals or with an umlaut", async () => {
  const refuseTo = {
    "Bob@example.com": refuse(550, "no such user"),
    "joe@bücher.example": refuse(550, "no such user"),
  };
  const { port } = await startServer({ refuseTo });
  const results = await open(port).deliver(MAIL, [ANN, "Bob@Example.COM", "joe@bücher.example"]);
  expect(results.map(({ recipient, outcome }) => `${recipient} ${outcome}`)).toEqual([
    `${ANN} delivered`,
    "Bob@Example.COM failed",
    "joe@bücher.example failed",
  ]);
});

test("when every recipient is refused, each keeps its own answer", async () => {
  const { port } = await startServer({ refuseTo: { [ANN]: refuse(550, "no such user"), [BOB]: refuse(452, "full") } });
  const results = await open(port).deliver(MAIL, [ANN, BOB]);
  expect(results.map(({ outcome }) => outcome)).toEqual(["failed", "error"]);
});

test.each([
  [554, "failed"],
  [451, "error"],
] as const)("a message refused with %i after DATA is %s for everybody", async (code, outcome) => {
  const { port } = await startServer({ refuseData: refuse(code, "no") });
  const results = await open(port).deliver(MAIL, [ANN, BOB]);
  expect(results).toEqual([
    { recipient: ANN, outcome, detail: `${code} no` },
    { recipient: BOB, outcome, detail: `${code} no` },
  ]);
});

test("when the data is refused, who was put off or refused before keeps that answer (RFC 5321 section 3.3)", async () => {
  const carl = "carl@example.com";
  const { port } = await startServer({
    refuseTo: { [BOB]: refuse(450, "mailbox busy"), [carl]: refuse(550, "no such user") },
    refuseData: refuse(554, "looks like spam"),
  });
  const results = await open(port).deliver(MAIL, [ANN, BOB, carl]);
  expect(results.map(({ outcome, detail }) => `${outcome} ${detail}`)).toEqual([
    "failed 554 looks like spam",
    "error 450 mailbox busy",
    "failed 550 no such user",
  ]);
});

test("a mail larger than the server's SIZE (RFC 1870) is failed: it will not shrink", async () => {
  const { port } = await startServer({ size: 10 });
  expect(await open(port).deliver(MAIL, [ANN])).toMatchObject([{ outcome: "failed" }]);
});

test("a server that is down is an error, to be retried", async () => {
  const { port } = await startServer();
  for (const close of closers.splice(0)) await close();
  expect(await open(port).deliver(MAIL, [ANN])).toMatchObject([{ outcome: "error" }]);
});

test("a refused login is an error: the password will be mended, the mail is not at fault", async () => {
  const { port } = await startServer({
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    onAuth: (_auth, _session, callback) => callback(refuse(535, "wrong password")),
  });
  const outlet = open(port, { auth: { user: "triage", password: "wrong" } });
  expect(await outlet.deliver(MAIL, [ANN])).toMatchObject([{ outcome: "error", detail: "535 wrong password" }]);
});

test("a server without STARTTLS gets nothing when TLS is required", async () => {
  const { port, taken } = await startServer();
  expect(await open(port, { tls: "required" }).deliver(MAIL, [ANN])).toMatchObject([
    { outcome: "error", detail: expect.stringMatching(/STARTTLS.*50\d /) },
  ]);
  expect(taken).toEqual([]);
});

test("a server that accepts the connection and says nothing is an error after the time limit", async () => {
  const silent: Server = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  closers.push(() => new Promise((resolve) => silent.close(() => resolve())));
  const { port } = silent.address() as AddressInfo;
  expect(await open(port, { idleTimeoutMs: 50 }).deliver(MAIL, [ANN])).toMatchObject([{ outcome: "error" }]);
});

test.each([
  ["never says a word", ""],
  ["trickles, so that it is never silent", "220-one more line\r\n"],
])("an attempt at a server that %s ends in its time, for all of several recipients and hosts", async (_, line) => {
  let connections = 0;
  const tarpit: Server = createServer((socket) => {
    connections += 1;
    socket.on("error", () => undefined);
    const trickle = line === "" ? undefined : setInterval(() => socket.write(line), 10);
    socket.on("close", () => clearInterval(trickle));
  });
  await new Promise<void>((resolve) => tarpit.listen(0, "127.0.0.1", resolve));
  closers.push(() => new Promise((resolve) => tarpit.close(() => resolve())));
  const { port } = tarpit.address() as AddressInfo;
  const host = { kind: "tcp", host: "127.0.0.1", port, tls: "none" } as const;
  const outlet = open(port, {
    hosts: [host, { ...host, host: "localhost" }],
    idleTimeoutMs: 3_600_000,
    totalTimeoutMs: 200,
  });
  expect(await outlet.deliver(MAIL, [ANN, BOB])).toMatchObject([{ outcome: "error" }, { outcome: "error" }]);
  expect(connections).toBeGreaterThan(0);
});

test("a human with a name beside the address is delivered to, and not again because nobody answered for `Ann <ann@...>`", async () => {
  const { port, taken } = await startServer();
  expect(await open(port).deliver(MAIL, ["Ann <ann@Example.COM>"])).toMatchObject([
    { recipient: "Ann <ann@Example.COM>", outcome: "delivered" },
  ]);
  expect(taken).toMatchObject([{ to: [ANN] }]);
});

test("with a login configured, a server that offers none gets nothing", async () => {
  const { port, taken } = await startServer();
  expect(await open(port, { auth: { user: "triage", password: "x" } }).deliver(MAIL, [ANN])).toMatchObject([
    { outcome: "error" },
  ]);
  expect(taken).toEqual([]);
});

test.each(["plain", "login", "cram-md5"] as const)("logs in by %s when that is asked for", async (method) => {
  const asked: string[] = [];
  const { port } = await startServer({
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    authMethods: ["PLAIN", "LOGIN", "CRAM-MD5"],
    onAuth: (auth, _session, callback) => {
      asked.push(auth.method);
      callback(null, { user: "triage" });
    },
  });
  await open(port, { auth: { user: "triage", password: "x", method } }).deliver(MAIL, [ANN]);
  expect(asked).toEqual([method.toUpperCase()]);
});

test("says in EHLO what it was told to say", async () => {
  const names: (string | false | undefined)[] = [];
  const { port } = await startServer({
    onMailFrom: (_address, session, callback) => {
      names.push(session.hostNameAppearsAs);
      callback();
    },
  });
  await open(port, { clientName: "triage.example.com" }).deliver(MAIL, [ANN]);
  expect(names).toEqual(["triage.example.com"]);
});

test("an internationalised address is announced (SMTPUTF8, RFC 6531)", async () => {
  const announced: boolean[] = [];
  const { port, taken } = await startServer({
    onMailFrom: ({ args }, _session, callback) => {
      announced.push(args !== false && "SMTPUTF8" in args);
      callback();
    },
  });
  expect(await open(port).deliver(MAIL, ["jürgen@example.com"])).toMatchObject([{ outcome: "delivered" }]);
  expect(taken).toMatchObject([{ to: ["jürgen@example.com"] }]);
  expect(announced).toEqual([true]);
});
