import { randomUUID } from "node:crypto";
import { type ActionLink, signActionLink } from "@triage/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bringToHuman } from "../../../test/support/bring-to-human.ts";
import { SPAM } from "./classifications.ts";
import { AUTHORIZED, openTestIngest, type TestIngest } from "./ingest-app.ts";

const SECRET = "the secret of the links of the tests";
let ingest: TestIngest;
beforeAll(async () => {
  ingest = await openTestIngest({ linkSecrets: [SECRET] });
});
afterAll(() => ingest.close());

const TOMORROW = new Date(Date.now() + 86_400_000);
const sign = (link: Partial<ActionLink>, secret = SECRET) =>
  `/l/${signActionLink({ action: "release", id: randomUUID(), expires: TOMORROW, ...link }, Buffer.from(secret))}`;
const open = (url: string, method: "GET" | "HEAD" | "POST" = "GET") =>
  ingest.app.inject({
    method,
    url,
    ...(method === "POST" && { headers: { "content-type": "application/x-www-form-urlencoded" }, payload: "" }),
  });

let count = 0;
async function archived(header = "Subject: Cheap pills"): Promise<string> {
  count += 1;
  const response = await ingest.post(`${header}\r\nMessage-ID: <${count}@example.net>\r\n\r\nhello\r\n`);
  const { id } = response.json();
  await ingest.store.saveClassification(id, SPAM);
  return id;
}
const deliveryJobsOf = (id: string) =>
  ingest.jobs.filter(({ queue, messageId }) => queue === "deliver" && messageId === id).length;
const stateOf = async (id: string) => (await ingest.store.message(id))?.state;

describe("a link that releases", () => {
  test("says what the message is and asks; reading it, again and again, does nothing", async () => {
    const id = await archived("Subject: Cheap pills\r\nFrom: Joe <joe@example.net>");
    for (const method of ["GET", "HEAD", "GET"] as const) {
      expect((await open(sign({ id }), method)).statusCode).toBe(200);
    }
    const { body } = await open(sign({ id }));
    for (const text of ["Cheap pills", "joe@example.net", "spam", "It is spam.", id, "Release it"]) {
      expect(body).toContain(text);
    }
    expect(await stateOf(id)).toBe("archived");
  });

  test("releases by POST, without a key, once, and says so to whoever presses again", async () => {
    const id = await archived();
    expect((await open(sign({ id }), "POST")).body).toContain("<h1>Released</h1>");
    expect(deliveryJobsOf(id)).toBe(1);
    const again = await open(sign({ id }), "POST");
    expect([again.statusCode, again.body.includes("<h1>On its way</h1>")]).toEqual([200, true]);
    await bringToHuman(ingest.store, id);
    expect((await open(sign({ id }))).body).toContain("<h1>Already delivered</h1>");
    expect(deliveryJobsOf(id)).toBe(1);
  });

  test("two who press at the same time release it once", async () => {
    const id = await archived();
    const answers = await Promise.all([open(sign({ id }), "POST"), open(sign({ id }), "POST")]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    expect(deliveryJobsOf(id)).toBe(1);
  });

  test("shows what a stranger wrote as text: no element, no link, no turned-around reading", async () => {
    const id = await archived('Subject: <img src=x onerror=alert(1)> "a" =?utf-8?Q?=E2=80=AEfdp.exe?=');
    const { body } = await open(sign({ id }));
    expect(body).toContain("&lt;img src=x onerror=alert(1)&gt; &quot;a&quot;");
    expect(body).not.toContain("<img");
    expect(body).not.toContain("\u202e");
  });
});

test("where the API writes no local parts, the page does not either: a link may be passed on with its mail", async () => {
  const { app, store, post, close } = await openTestIngest({ linkSecrets: [SECRET], writeAddress: () => "***" });
  try {
    const { id } = (
      await post("From: Joe <joe@example.net>\r\nSubject: sue@example.org is closed\r\n\r\nhello\r\n")
    ).json();
    await store.saveClassification(id, SPAM);
    const { body } = await app.inject({ method: "GET", url: sign({ id }) });
    for (const text of ["Joe &lt;***@example.net&gt;", "***@example.org is closed"]) expect(body).toContain(text);
    expect(body).not.toContain("sue");
  } finally {
    await close();
  }
});

test("a link that acknowledges says so once; whoever presses again changes nothing", async () => {
  const id = await archived();
  const url = sign({ id, action: "acknowledge" });
  expect((await open(url)).body).toContain("<h1>Acknowledge this message?</h1>");
  expect((await ingest.store.message(id))?.acknowledged).toBeUndefined();
  expect((await open(url, "POST")).body).toContain("<h1>Acknowledged</h1>");
  const first = (await ingest.store.message(id))?.acknowledged;
  expect(first?.by).toBe("a reader of the mail");
  expect((await open(url, "POST")).statusCode).toBe(200);
  expect((await ingest.store.message(id))?.acknowledged).toEqual(first);
  expect((await open(url)).body).toContain("<h1>Acknowledged already</h1>");
  expect(await stateOf(id)).toBe("archived");
});

describe("a link that does nothing says why", () => {
  test.each(["GET", "POST"] as const)("%s", async (method) => {
    const id = await archived();
    const outcomes: [string, number, string][] = [
      [sign({ id, expires: new Date(Date.now() - 1_000) }), 410, "This link has expired"],
      [sign({ id }, "the secret of somebody else"), 403, "Not a link of ours"],
      ["/l/nonsense", 403, "Not a link of ours"],
      [`${sign({ id })}x`, 403, "Not a link of ours"],
      [sign({ id: randomUUID() }), 404, "No such message"],
    ];
    for (const [url, status, title] of outcomes) {
      const { statusCode, body, headers } = await open(url, method);
      expect([statusCode, body.includes(`<h1>${title}</h1>`)], url).toEqual([status, true]);
      expect(headers["content-type"]).toContain("text/html");
      expect(body).not.toContain("<form");
    }
    expect(await stateOf(id)).toBe("archived");
  });

  test("when the bytes are no longer kept", async () => {
    const id = await archived();
    const own = await openTestIngest({ linkSecrets: [SECRET], store: { ...ingest.store, raw: async () => undefined } });
    const { statusCode, body } = await own.app.inject({ method: "POST", url: sign({ id }) });
    await own.close();
    expect([statusCode, body.includes("<h1>No longer kept</h1>")]).toEqual([410, true]);
    expect(await stateOf(id)).toBe("archived");
  });
});

test("who guesses links is slowed down; who has one is not", async () => {
  const own = await openTestIngest({ linkSecrets: [SECRET] });
  try {
    const statuses: number[] = [];
    for (let index = 0; index < 32; index += 1) {
      statuses.push((await own.app.inject({ method: "GET", url: `/l/${index}` })).statusCode);
    }
    expect(statuses.slice(-2)).toEqual([429, 429]);
    expect((await own.app.inject({ method: "GET", url: sign({}) })).statusCode).toBe(404);
  } finally {
    await own.close();
  }
});

test("forged links from more addresses than are remembered make no valid link wait", async () => {
  const own = await openTestIngest({ linkSecrets: [SECRET] });
  const openFrom = (url: string, remoteAddress: string) => own.app.inject({ method: "GET", url, remoteAddress });
  try {
    const addresses = Array.from({ length: 10_100 }, (_, index) => `10.1.${index >> 8}.${index & 255}`);
    const answers = await Promise.all(addresses.map((address) => openFrom("/l/forged", address)));
    expect(answers.at(-1)?.statusCode).toBe(429);
    expect((await openFrom(sign({}), "192.0.2.1")).statusCode).toBe(404);
  } finally {
    await own.close();
  }
});

test("a message that waits for room in the hour of its human is released like one that was kept", async () => {
  const { id } = (await ingest.post("Subject: waits\r\nMessage-ID: <waits@example.net>\r\n\r\nhello\r\n")).json();
  await ingest.store.saveClassification(id, { ...SPAM, route: "human" });
  await ingest.store.assign(id, [{ human: "ann", escalateAt: undefined }], new Date());
  await ingest.store.hold(id, { human: "ann", lane: "letter", at: new Date() });
  expect((await open(sign({ id }))).body).toContain("Release it");
  expect((await open(sign({ id }), "POST")).body).toContain("<h1>Released</h1>");
  expect(deliveryJobsOf(id)).toBe(1);
  expect((await open(sign({ id }), "POST")).body).toContain("<h1>On its way</h1>");
  expect(deliveryJobsOf(id)).toBe(1);
});

test("pages are kept by no cache, tell no other site where they were, run nothing and show up in no frame", async () => {
  const { headers } = await open(sign({ id: await archived() }));
  expect(headers).toMatchObject({ "cache-control": "no-store", "referrer-policy": "no-referrer" });
  expect(headers["content-security-policy"]).toMatch(
    /^default-src 'none';.*form-action 'self';.*frame-ancestors 'none'/,
  );
});

test("no link is in the log, and none in the description of the API", async () => {
  const url = sign({ id: await archived() });
  await open(url, "POST");
  expect(JSON.stringify(ingest.lines)).not.toContain(url.slice(3, 30));
  const { body } = await ingest.app.inject({ method: "GET", url: "/openapi.json", headers: AUTHORIZED });
  expect(body).not.toContain("/l/");
});

test("without a secret in the configuration the store keeps one, the same for every process", async () => {
  const secrets = await Promise.all([ingest.store.linkSecret(), ingest.store.linkSecret()]);
  expect(secrets[0]).toHaveLength(32);
  expect(secrets[0]).toEqual(secrets[1]);
});
