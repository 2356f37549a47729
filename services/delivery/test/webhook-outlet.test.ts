import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import type { WebhookConfig } from "@triage/runtime";
import { Webhook } from "standardwebhooks";
import { afterEach, describe, expect, test } from "vitest";
import { openWebhookOutlet } from "../src/outlets/webhook/webhook-outlet.ts";
import { anOutboundMail } from "./outbound-mails.ts";

const MAIL = anOutboundMail({});
const HUMAN = "human:ops";
const OLD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const NEW = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD8UqsVBxA4Yo=";

interface Taken {
  readonly url: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}

/** A real server; `answer` may be changed by the test. */
async function startReceiver(first: Answer = (response) => response.end("ok")) {
  const taken: Taken[] = [];
  const receiver = { answer: first, taken, url: "" };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      taken.push({ url: request.url, headers: request.headers as Record<string, string>, body });
      receiver.answer(response, request);
    });
  });
  receiver.url = `http://127.0.0.1:${await listen(server)}/hook`;
  return receiver;
}

function open(url: string, options: Partial<WebhookConfig> = {}, now?: () => number) {
  const config: WebhookConfig = {
    id: "webhook",
    kind: "webhook",
    url,
    template: { kind: "generic" },
    secrets: [],
    authorization: undefined,
    attachMail: false,
    maxBodyBytes: 1_000_000,
    timeoutMs: 30_000,
    concurrency: 2,
    certificate: undefined,
    ...options,
  };
  const outlet = openWebhookOutlet(config, now);
  closers.push(() => outlet.close());
  return outlet;
}

const keyOf = (secret: string) => Buffer.from(secret.slice("whsec_".length), "base64");
const answering = (status: number, fields: Record<string, string> = {}, words = ""): Answer => {
  return (response) => response.writeHead(status, fields).end(words);
};

describe("the signature (Standard Webhooks)", () => {
  test("is accepted by the reference library, with the old secret and with the new one, while both are configured", async () => {
    const receiver = await startReceiver();
    await open(receiver.url, { secrets: [keyOf(NEW), keyOf(OLD)] }).deliver(MAIL, [HUMAN]);
    const [{ body, headers } = { body: "", headers: {} }] = receiver.taken;
    for (const secret of [OLD, NEW]) {
      expect(new Webhook(secret).verify(body, headers)).toMatchObject({ type: "triage.message" });
    }
    expect(() => new Webhook(OLD).verify(body.replace("Blocked", "blocked"), headers)).toThrow();
  });

  test("is that of the published example", async () => {
    const { signWebhook } = await import("../src/outlets/webhook/sign-webhook.ts");
    const body = Buffer.from('{"test": 2432232314}');
    const signed = { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", at: new Date(1_614_265_330_000), body, secrets: [keyOf(OLD)] };
    expect(signWebhook(signed)).toEqual({
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    });
  });

  test("a repeat has the same id and a time of its own; another human has another id", async () => {
    const receiver = await startReceiver(answering(500));
    let at = 1_000_000;
    const outlet = open(receiver.url, {}, () => at);
    await outlet.deliver(MAIL, [HUMAN]);
    at += 60_000;
    await outlet.deliver(MAIL, [HUMAN]);
    await outlet.deliver(MAIL, ["human:noc"]);
    const ids = receiver.taken.map(({ headers }) => headers["webhook-id"]);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
    expect(receiver.taken.map(({ headers }) => headers["webhook-timestamp"])).toEqual(["1000", "1060", "1060"]);
    expect(receiver.taken[0]?.body).toBe(receiver.taken[1]?.body);
  });
});

test.each([
  [200, "delivered"],
  [202, "delivered"],
  [400, "failed"],
  [410, "failed"],
  [422, "failed"],
  [401, "error"],
  [404, "error"],
  [408, "error"],
  [425, "error"],
  [429, "error"],
  [500, "error"],
  [503, "error"],
] as const)("the answer %i means %s", async (status, outcome) => {
  const receiver = await startReceiver(answering(status, {}, "so\nit is"));
  expect(await open(receiver.url).deliver(MAIL, [HUMAN])).toEqual([
    { recipient: HUMAN, outcome, detail: `HTTP ${status}: so it is` },
  ]);
});

test("a redirect is not followed: neither the mail nor the token goes where the other side points", async () => {
  const elsewhere = await startReceiver();
  const receiver = await startReceiver(answering(307, { location: elsewhere.url }));
  expect(await open(receiver.url).deliver(MAIL, [HUMAN])).toMatchObject([{ outcome: "error" }]);
  expect(elsewhere.taken).toEqual([]);
});

test.each(["120", new Date(1_000_000 + 120_000).toUTCString()])(
  "Retry-After: %s keeps the server alone for that long, whatever else is to be delivered",
  async (retryAfter) => {
    const receiver = await startReceiver(answering(429, { "retry-after": retryAfter }));
    let at = 1_000_000;
    const outlet = open(receiver.url, {}, () => at);
    await outlet.deliver(MAIL, [HUMAN]);
    receiver.answer = answering(200);
    at += 119_000;
    expect(await outlet.deliver(MAIL, [HUMAN])).toMatchObject([{ outcome: "error" }]);
    expect(receiver.taken).toHaveLength(1);
    at += 2_000;
    expect(await outlet.deliver(MAIL, [HUMAN])).toMatchObject([{ outcome: "delivered" }]);
  },
);

test("a server that asks for a year is asked again after an hour", async () => {
  const receiver = await startReceiver(answering(503, { "retry-after": "31536000" }));
  let at = 0;
  const outlet = open(receiver.url, {}, () => at);
  await outlet.deliver(MAIL, [HUMAN]);
  at += 3_600_001;
  await outlet.deliver(MAIL, [HUMAN]);
  expect(receiver.taken).toHaveLength(2);
});

test("a server that does not answer is an error after the time limit, and one that is down at once", async () => {
  const receiver = await startReceiver(() => undefined);
  const outlet = open(receiver.url, { timeoutMs: 50 });
  expect(await outlet.deliver(MAIL, [HUMAN])).toMatchObject([{ outcome: "error", detail: "no answer in 0.05 s" }]);
  expect(await open("http://127.0.0.1:1/").deliver(MAIL, [HUMAN])).toMatchObject([{ outcome: "error" }]);
});

test("a server that never stops talking is cut off", async () => {
  const receiver = await startReceiver((response) => {
    response.writeHead(200);
    const talk = () => response.destroyed || response.write("x".repeat(10_000), () => setImmediate(talk));
    talk();
  });
  const [result] = await open(receiver.url).deliver(MAIL, [HUMAN]);
  expect(result).toMatchObject({ outcome: "delivered" });
  expect(result?.detail.length).toBeLessThanOrEqual(500);
});

test("sends the token that it was told to send", async () => {
  const receiver = await startReceiver();
  await open(receiver.url, { authorization: "Token token=abc" }).deliver(MAIL, [HUMAN]);
  expect(receiver.taken[0]?.headers).toMatchObject({
    authorization: "Token token=abc",
    "content-type": "application/json",
    "user-agent": "postmaster-triage",
  });
});

describe("the certificate", () => {
  const file = (name: string) => readFileSync(new URL(`certificates/${name}`, import.meta.url), "utf8");
  const start = async () => {
    const pair = { cert: file("mx.example.com.crt"), key: file("mx.example.com.key") };
    return `https://127.0.0.1:${await listen(createTlsServer(pair, (_, response) => response.end("ok")))}/`;
  };

  test("one that nobody vouches for gets nothing", async () => {
    expect(await open(await start()).deliver(MAIL, [HUMAN])).toMatchObject([{ outcome: "error" }]);
  });

  test("one that caFile vouches for gets it", async () => {
    const certificate = { ca: file("mx.example.com.crt"), serverName: "mx.example.com", verify: undefined };
    expect(await open(await start(), { certificate }).deliver(MAIL, [HUMAN])).toMatchObject([{ outcome: "delivered" }]);
  });
});
