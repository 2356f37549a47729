/** Several hosts of one outlet, and their certificates. */
import { readFileSync } from "node:fs";
import type { CertificateConfig, SmtpConfig, TlsMode } from "@triage/runtime";
import { afterEach, describe, expect, test } from "vitest";
import type { Outlet } from "../src/outlets/outlet.ts";
import { openSmtpOutlet } from "../src/outlets/smtp-outlet.ts";
import { anOutboundMail } from "./outbound-mails.ts";
import { refuse, type SmtpHost, type SmtpHostOptions, startSmtpHost } from "./smtp-host.ts";

const ANN = "ann@example.com";
const BOB = "bob@example.com";
const MAIL = anOutboundMail({});
const certificateFile = (name: string) => readFileSync(new URL(`certificates/${name}`, import.meta.url), "utf8");
const CERTIFICATE = certificateFile("mx.example.com.crt");

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function startServer(options: SmtpHostOptions = {}): Promise<SmtpHost> {
  const host = await startSmtpHost(options);
  closers.push(() => host.close());
  return host;
}

async function portOfNobody(): Promise<number> {
  const host = await startSmtpHost();
  await host.close();
  return host.port;
}

interface Options extends Partial<SmtpConfig> {
  readonly tls?: TlsMode;
  readonly now?: () => number;
}

function open(ports: readonly number[], { tls = "none", now, ...options }: Options = {}): Outlet {
  const hosts = ports.map((port) => ({ kind: "tcp", host: "127.0.0.1", port, tls }) as const);
  const outlet = openSmtpOutlet({ id: "smtp", kind: "smtp", hosts, auth: undefined, pool: 1, ...options }, now);
  closers.push(() => outlet.close());
  return outlet;
}

describe("several hosts", () => {
  test("the first that works gets everything", async () => {
    const [first, second] = [await startServer(), await startServer()];
    const outlet = open([first.port, second.port]);
    await outlet.deliver(MAIL, [ANN]);
    await outlet.deliver(MAIL, [BOB]);
    expect(first.taken.map(({ to }) => to)).toEqual([[ANN], [BOB]]);
    expect(second.taken).toEqual([]);
  });

  test("when the first is down, the second gets it; the record names who took it", async () => {
    const second = await startServer();
    const results = await open([await portOfNobody(), second.port]).deliver(MAIL, [ANN]);
    expect(results).toEqual([
      { recipient: ANN, outcome: "delivered", detail: `127.0.0.1:${second.port}: 250 OK: queued as 12345` },
    ]);
  });

  test.each([
    [
      "refuses the connection in its greeting",
      { onConnect: (_: unknown, done: (e: Error) => void) => done(refuse(554, "no service")) },
    ],
    [
      "closes with 421",
      { onMailFrom: (_: unknown, __: unknown, done: (e: Error) => void) => done(refuse(421, "shutting down")) },
    ],
    ["is too busy to take the mail", { refuseData: refuse(452, "disk full") }],
    ["knows the recipient only later", { refuseTo: { [ANN]: refuse(450, "greylisted") } }],
  ])("a host that %s is not the last word", async (_case, options) => {
    const first = await startServer(options as SmtpHostOptions);
    const second = await startServer();
    expect(await open([first.port, second.port]).deliver(MAIL, [ANN])).toMatchObject([{ outcome: "delivered" }]);
    expect(second.taken).toHaveLength(1);
  });

  test("a refused login falls over too, and the password is not tried again for a minute", async () => {
    let logins = 0;
    const auth = { disabledCommands: ["STARTTLS"], allowInsecureAuth: true };
    const first = await startServer({
      ...auth,
      onAuth: (_auth, _session, callback) => {
        logins += 1;
        callback(refuse(535, "wrong password"));
      },
    });
    const second = await startServer({ ...auth, onAuth: (_auth, _session, callback) => callback(null, { user: "t" }) });
    let at = 0;
    const outlet = open([first.port, second.port], { auth: { user: "t", password: "x" }, now: () => at });
    await outlet.deliver(MAIL, [ANN]);
    await outlet.deliver(MAIL, [ANN]);
    expect(logins).toBe(1);
    at += 60_001;
    await outlet.deliver(MAIL, [ANN]);
    expect(logins).toBe(2);
    expect(second.taken).toHaveLength(3);
  });

  test("what one host refuses for good is not offered to the next", async () => {
    const first = await startServer({ refuseTo: { [ANN]: refuse(550, "no such user") } });
    const second = await startServer();
    expect(await open([first.port, second.port]).deliver(MAIL, [ANN])).toMatchObject([{ outcome: "failed" }]);
    expect(second.taken).toEqual([]);
  });

  test("only the recipients that a host put off are asked for at the next", async () => {
    const first = await startServer({ refuseTo: { [BOB]: refuse(452, "mailbox full") } });
    const second = await startServer();
    const results = await open([first.port, second.port]).deliver(MAIL, [ANN, BOB]);
    expect(results.map(({ outcome }) => outcome)).toEqual(["delivered", "delivered"]);
    expect([first.taken[0]?.to, second.taken[0]?.to]).toEqual([[ANN], [BOB]]);
  });

  test("when all are down, the mail waits, and the record says what each of them did", async () => {
    const ports = [await portOfNobody(), await portOfNobody()];
    const [result] = await open(ports).deliver(MAIL, [ANN]);
    expect(result).toMatchObject({ outcome: "error" });
    for (const port of ports) expect(result?.detail).toContain(`127.0.0.1:${port}: `);
  });

  test("a host that comes back is used again, also when all had failed", async () => {
    const port = await portOfNobody();
    const outlet = open([port, await portOfNobody()], { now: () => 0 });
    await outlet.deliver(MAIL, [ANN]);
    const host = await startSmtpHost({ port });
    closers.push(() => host.close());
    expect(await outlet.deliver(MAIL, [ANN])).toMatchObject([{ outcome: "delivered" }]);
    await outlet.close();
  });
});

describe("the certificate of the server", () => {
  const withTls = { disabledCommands: ["AUTH"], cert: CERTIFICATE, key: certificateFile("mx.example.com.key") };
  const deliver = async (tls: TlsMode, certificate?: Partial<CertificateConfig>, options: SmtpHostOptions = {}) => {
    const host = await startServer({ ...withTls, ...options });
    const whole = certificate && { ca: undefined, serverName: undefined, verify: undefined, ...certificate };
    const [result] = await open([host.port], { tls, certificate: whole }).deliver(MAIL, [ANN]);
    return result;
  };

  test.each(["required", "implicit"] as const)(
    "with TLS %s, one that nobody vouches for ends the delivery",
    async (tls) => {
      expect(await deliver(tls, undefined, { secure: tls === "implicit" })).toMatchObject({ outcome: "error" });
    },
  );

  test.each(["required", "implicit"] as const)(
    "with TLS %s and the authority in caFile, the mail arrives",
    async (tls) => {
      const certificate = { ca: CERTIFICATE, serverName: "mx.example.com" };
      expect(await deliver(tls, certificate, { secure: tls === "implicit" })).toMatchObject({ outcome: "delivered" });
    },
  );

  test("a certificate of another name ends the delivery", async () => {
    expect(await deliver("required", { ca: CERTIFICATE, serverName: "mx.example.net" })).toMatchObject({
      outcome: "error",
      detail: expect.stringContaining("mx.example.net"),
    });
  });

  test("verify: false takes any, encrypted all the same", async () => {
    expect(await deliver("required", { verify: false })).toMatchObject({ outcome: "delivered" });
  });

  test("opportunistic TLS takes any (RFC 7435): who can forge it could as well hide that there is TLS", async () => {
    expect(await deliver("opportunistic")).toMatchObject({ outcome: "delivered" });
  });

  test("but not once a caFile says what to expect", async () => {
    expect(await deliver("opportunistic", { serverName: "mx.example.net" })).toMatchObject({ outcome: "error" });
  });
});
