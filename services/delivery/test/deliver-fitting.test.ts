import { readMessage } from "@triage/message";
import { afterEach, expect, test } from "vitest";
import { composeMail } from "../src/compose/compose-mail.ts";
import { openMailIds } from "../src/compose/mail-ids.ts";
import { deliverFitting } from "../src/outlets/deliver-fitting.ts";
import { openSmtpOutlet } from "../src/outlets/smtp-outlet.ts";
import { aClassification } from "./classifications.ts";
import { readSample } from "./samples.ts";
import { refuse, type SmtpHost, type SmtpHostOptions, startSmtpHost } from "./smtp-host.ts";

const ANN = "ann@example.com";
const BOB = "bob@example.com";
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function deliverLarge(options: SmtpHostOptions) {
  const server: SmtpHost = await startSmtpHost(options);
  const hosts = [{ kind: "tcp", host: "127.0.0.1", port: server.port, tls: "none" }] as const;
  const outlet = openSmtpOutlet({ id: "smtp", kind: "smtp", hosts, auth: undefined, pool: 1 });
  closers.push(
    () => outlet.close(),
    () => server.close(),
  );
  const mail = await composeMail({
    id: "019aaa65-1e80-7e4f-8a9b-0c1d2e3f4a5b",
    raw: Buffer.concat([await readSample("letter-utf8.eml"), Buffer.alloc(40_000, "0123456789abcde\n")]),
    receivedAt: new Date("2026-11-22T09:00:00Z"),
    classification: aClassification({ report: { kind: "person" }, returned: { form: "none" } }),
    from: "triage@example.com",
    to: [ANN, BOB],
    mailIds: openMailIds("triage@example.com", "a secret of sixteen characters"),
    lineEnd: "crlf",
    form: "headers-only",
    maxBytes: undefined,
  });
  return { results: await deliverFitting(outlet, mail, [ANN, BOB]), taken: server.taken, mail };
}

test("a server that announces a smaller SIZE (RFC 1870) gets the mail with the header only, and nobody a dead letter", async () => {
  const { results, taken, mail } = await deliverLarge({ size: 10_000 });
  expect(results.map(({ outcome }) => outcome)).toEqual(["delivered", "delivered"]);
  expect(taken).toHaveLength(1);
  const { root } = readMessage(Buffer.from(taken[0]?.raw ?? "", "latin1"));
  expect(root.headers.value("message-id")).toBe(mail.messageId);
  expect(root.children[1]?.contentType.value).toBe("text/rfc822-headers");
  expect(root.children[0]?.text()).toContain("too large for this mailbox");
});

test("who alone refuses it as too large is asked again alone: who took it does not get it twice", async () => {
  const { results, taken } = await deliverLarge({
    refuseTo: { [BOB]: refuse(552, "5.3.4 Message too big for system") },
  });
  expect(results).toMatchObject([
    { recipient: ANN, outcome: "delivered" },
    // Refused whatever the size is: the last answer is the one that counts.
    { recipient: BOB, outcome: "failed" },
  ]);
  expect(taken.map(({ to }) => to)).toEqual([[ANN]]);
});

test("a refusal for another reason is final: less of the mail would not be taken either", async () => {
  const { results, taken } = await deliverLarge({ refuseData: refuse(554, "5.7.1 Not wanted here") });
  expect(results.map(({ outcome }) => outcome)).toEqual(["failed", "failed"]);
  expect(taken).toEqual([]);
});
