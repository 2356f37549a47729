import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MailHost } from "@triage/runtime";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Outlet } from "../src/outlets/outlet.ts";
import { openSmtpOutlet } from "../src/outlets/smtp-outlet.ts";
import { anOutboundMail } from "./outbound-mails.ts";
import { refuse, type SmtpHostOptions, startSmtpHost } from "./smtp-host.ts";

const ANN = "ann@example.com";
const BOB = "bob@example.com";
const CARL = "carl@example.com";
const MAIL = anOutboundMail({});
const closers: (() => Promise<unknown>)[] = [];
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "triage-lmtp-"));
  closers.push(() => rm(folder, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function open(host: MailHost): Outlet {
  const outlet = openSmtpOutlet({ id: "lmtp", kind: "lmtp", hosts: [host], auth: undefined, pool: 2 });
  closers.push(() => outlet.close());
  return outlet;
}

describe.each(["TCP", "a Unix socket"])("over %s", (way) => {
  async function start(options: SmtpHostOptions = {}) {
    const socket = way === "TCP" ? undefined : join(folder, "lmtp");
    const server = await startSmtpHost({ lmtp: true, ...options, ...(socket === undefined ? {} : { socket }) });
    closers.push(() => server.close());
    const tcp = { kind: "tcp", host: "127.0.0.1", port: server.port, tls: "none" } as const;
    return { server, outlet: open(socket === undefined ? tcp : { kind: "socket", path: socket }) };
  }

  test("each recipient has the answer that the server gave for it after the data (RFC 2033 section 4.2)", async () => {
    const { server, outlet } = await start({
      refuseAfterData: { [BOB]: refuse(452, "mailbox full"), [CARL]: refuse(552, "quota exceeded") },
    });
    expect(await outlet.deliver(MAIL, [ANN, BOB, CARL])).toEqual([
      { recipient: ANN, outcome: "delivered", detail: `250 OK: saved for ${ANN}` },
      { recipient: BOB, outcome: "error", detail: "452 mailbox full" },
      { recipient: CARL, outcome: "failed", detail: "552 quota exceeded" },
    ]);
    expect(server.taken[0]).toMatchObject({ from: "", raw: MAIL.raw.toString("latin1") });
  });

  test("a recipient that is refused before the data keeps nobody else from getting it", async () => {
    const { outlet } = await start({ refuseTo: { [ANN]: refuse(550, "no such user") } });
    const results = await outlet.deliver(MAIL, [ANN, BOB]);
    expect(results.map(({ outcome }) => outcome)).toEqual(["failed", "delivered"]);
  });

  test("twenty mails share two connections", async () => {
    const sessions = new Set<string>();
    const { server, outlet } = await start({
      onConnect: (session, callback) => {
        sessions.add(session.id);
        callback();
      },
    });
    await Promise.all(Array.from({ length: 20 }, () => outlet.deliver(MAIL, [ANN])));
    expect(server.taken).toHaveLength(20);
    expect(sessions.size).toBeLessThanOrEqual(2);
  });
});

test("a socket that is not there is an error, to be retried, and is found when the server has started", async () => {
  const path = join(folder, "later");
  const outlet = open({ kind: "socket", path });
  expect(await outlet.deliver(MAIL, [ANN])).toMatchObject([
    { outcome: "error", detail: expect.stringContaining(path) },
  ]);
  const server = await startSmtpHost({ lmtp: true, socket: path });
  closers.push(() => server.close());
  expect(await outlet.deliver(MAIL, [ANN])).toMatchObject([{ outcome: "delivered" }]);
  await outlet.close();
});
