/**
 * Mail to humans through a submission service: Postfix with a certificate of its own authority and logins that Dovecot
 * checks. What is wrong with us (password, certificate, no TLS) keeps the mail, and mended it goes out.
 */
import type { MessageView } from "@triage/contracts";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { API_KEY, type Service, startService } from "../support/story.ts";
import { useDatabase } from "../support/use-database.ts";
import type { Dovecot } from "./dovecot.ts";
import { arrived, lettersOf, startFront, startMailboxes, useFloor } from "./human-server.ts";
import { type MailCertificate, makeCertificate } from "./mail-certificate.ts";
import type { Postfix } from "./postfix.ts";

const FROM_JOE = { from: "joe@example.net", to: ["postmaster@example.com"] };
const SERVER_NAME = "mail.human.example";

const database = useDatabase();
const floor = useFloor();
let dovecot: Dovecot;
let certificate: MailCertificate;

beforeEach(async () => {
  await database.query("DROP SCHEMA IF EXISTS triage CASCADE");
  dovecot = await startMailboxes(floor, { users: [{ name: "ann" }, { name: "triage" }] });
  certificate = await makeCertificate(floor.folder, SERVER_NAME);
});

const withTls = () => ({
  smtpd_tls_security_level: "may",
  smtpd_tls_cert_file: certificate.certFile,
  smtpd_tls_key_file: certificate.keyFile,
  smtpd_tls_received_header: "yes",
});

/** What docs/operations.md recommends for port 587. */
const asSubmission = () => ({
  ...withTls(),
  smtpd_tls_auth_only: "yes",
  smtpd_sasl_auth_enable: "yes",
  smtpd_sasl_type: "dovecot",
  smtpd_sasl_path: dovecot.authSocket,
  smtpd_sasl_authenticated_header: "yes",
  smtpd_recipient_restrictions: "permit_sasl_authenticated, reject",
});

const login = (password: string) => ({ user: "triage@human.example", password });

async function start(postfix: Postfix, smtp: object, attempts = 3): Promise<Service> {
  const trusted = { caFile: certificate.caFile, serverName: SERVER_NAME };
  const service = await startService({
    folder: floor.folder,
    databaseUrl: database.url,
    redisUrl: undefined,
    config: {
      site: { domains: ["example.com"] },
      human: { to: ["ann@human.example"] },
      queue: { backoffMs: 50, maxBackoffMs: 100, sweepAfterSeconds: 1, attempts: { deliver: attempts } },
      delivery: {
        outlet: { smtp: { host: "127.0.0.1", port: postfix.port, tls: "required", certificate: trusted, ...smtp } },
      },
    },
  });
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= service.close();
    return closed;
  };
  floor.closeLater(close);
  return { ...service, close };
}

async function arrives({ client }: Service, subject: string): Promise<MessageView> {
  const raw = [
    "From: Joe <joe@example.net>",
    "To: postmaster@example.com",
    `Subject: ${subject}`,
    `Message-ID: <${subject.replaceAll(" ", "-")}@example.net>`,
    "",
    "Hello,",
    "",
    "could you please have a look at it? We cannot reach anybody at your site since yesterday.",
    "",
    "Thank you, Joe",
    "",
  ].join("\r\n");
  const { body } = await client.post(Buffer.from(raw), FROM_JOE);
  return client.settled(body.id);
}

async function retry({ client }: Service, id: string): Promise<void> {
  const response = await fetch(`${client.url}/v1/dead-letters/${id}/retry`, {
    method: "POST",
    headers: { Authorization: `Bearer ${API_KEY}`, "Content-Type": "application/json" },
    body: "{}",
  });
  expect(response.status).toBeLessThan(300);
  await vi.waitFor(async () => expect(await client.message(id)).toMatchObject({ state: "delivered" }), {
    timeout: 60_000,
  });
}

describe("a submission service with TLS and a login", () => {
  test("takes the mail: encrypted, its certificate checked against our own authority, and logged in", async () => {
    const postfix = await startFront({ floor, dovecot, settings: asSubmission() });
    const service = await start(postfix, { auth: login(dovecot.password) });
    expect(await arrives(service, "Submitted")).toMatchObject({ state: "delivered" });
    const text = (await arrived(dovecot, "ann", "Submitted")).raw.toString("latin1");
    expect(text).toMatch(/^Return-Path: <>\r$/m);
    expect(text).toContain("with ESMTPSA id");
    expect(text).toContain("Authenticated sender: triage@human.example");
  });

  test("refuses a wrong password: the mail is kept, and goes out when the password is right and it is tried again", async () => {
    const postfix = await startFront({ floor, dovecot, settings: asSubmission() });
    const wrong = await start(postfix, { auth: login("not the password") });
    const message = await arrives(wrong, "Kept for a password");
    expect(message).toMatchObject({ state: "failed", deadLetter: { error: expect.stringContaining("535 5.7.8") } });
    expect(message.deliveries.map(({ outcome }) => outcome)).toEqual(["error", "error", "error"]);
    await wrong.close();
    const right = await start(postfix, { auth: login(dovecot.password) });
    await retry(right, message.id);
    await arrived(dovecot, "ann", "Kept for a password");
    expect(await lettersOf(dovecot, "ann")).toHaveLength(1);
  });
});

describe("TLS that is required", () => {
  test("and not offered: not one line of the mail goes out in the clear; it does when the server has TLS", async () => {
    const postfix = await startFront({ floor, dovecot });
    const service = await start(postfix, {});
    const { id, ...message } = await arrives(service, "Not in the clear");
    expect(message).toMatchObject({ state: "failed", deadLetter: { error: expect.stringContaining("STARTTLS") } });
    expect(await postfix.readLog()).not.toContain("from=<>");
    await postfix.change(withTls());
    await retry(service, id);
    expect((await arrived(dovecot, "ann", "Not in the clear")).raw.toString("latin1")).toContain("with ESMTPS id");
  });

  test("by a host with another name than its certificate: nothing is handed over", async () => {
    const postfix = await startFront({ floor, dovecot, settings: withTls() });
    const { caFile } = certificate;
    const service = await start(postfix, { certificate: { caFile, serverName: "mx.other.example" } });
    const message = await arrives(service, "Another name");
    expect(message).toMatchObject({
      state: "failed",
      deadLetter: { error: expect.stringContaining("mx.other.example") },
    });
    expect(message.deliveries.every(({ outcome }) => outcome === "error")).toBe(true);
    expect(await postfix.readLog()).not.toContain("from=<>");
  });

  test("by a host whose authority nobody trusts: nothing is handed over", async () => {
    const postfix = await startFront({ floor, dovecot, settings: withTls() });
    const service = await start(postfix, { certificate: { serverName: SERVER_NAME } });
    const message = await arrives(service, "Unknown authority");
    expect(message).toMatchObject({ state: "failed", deadLetter: { error: expect.stringContaining("certificate") } });
    expect(await postfix.readLog()).not.toContain("from=<>");
  });
});

test("of two hosts the second takes the mail at once when the first is stopped", async () => {
  const first = await startFront({ floor, dovecot, name: "first", settings: withTls() });
  const second = await startFront({ floor, dovecot, name: "second", settings: withTls() });
  const hosts = [`127.0.0.1:${first.port}`, `127.0.0.1:${second.port}`];
  const service = await start(first, { host: undefined, port: undefined, hosts }, 100);
  const path = async (subject: string) => {
    expect(await arrives(service, subject)).toMatchObject({
      state: "delivered",
      deliveries: [{ outcome: "delivered" }],
    });
    return (await arrived(dovecot, "ann", subject)).raw.toString("latin1");
  };
  expect(await path("By the first")).toContain("by first.human.example (Postfix)");
  await first.stop();
  expect(await path("By the second")).toContain("by second.human.example (Postfix)");
  expect(await lettersOf(dovecot, "ann")).toHaveLength(2);
});
