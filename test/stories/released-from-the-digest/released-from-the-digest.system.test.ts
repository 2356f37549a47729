/**
 * A bounce of mail that this site never sent is kept. The next morning the digest names it, the human opens the link, reads
 * what it is, presses the button, and has it in the mailbox. Opening the link alone, as scanners do, changes nothing.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { API_KEY, readMaildir, type Service, startService } from "../../support/story.ts";
import { useDatabase } from "../../support/use-database.ts";
import { useRedis } from "../../support/use-redis.ts";

const DAY_MS = 86_400_000;
const SOON = { timeout: 30_000, interval: 50 };
const PUBLIC_URL = "https://triage.example.com";
const BOUNCE = new URL("../01-blocked-by-policy/bounce.eml", import.meta.url);
const NEVER_SENT = new URL("../02-never-sent/story.json", import.meta.url);

describe.each(["Redis", "PostgreSQL"])("with the queues in %s", (backend) => {
  const database = useDatabase();
  const redis = useRedis();
  let folder: string;
  let service: Service;
  let sleptMs = 0;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "triage-released-"));
    sleptMs = 0;
    const { site } = JSON.parse(await readFile(NEVER_SENT, "utf8"));
    const config = {
      site,
      human: { to: ["ann@example.com"] },
      http: { port: 0, keys: [{ name: "mta", key: API_KEY }], publicUrl: PUBLIC_URL },
      digest: { schedule: "0 7 * * *", timeZone: "Europe/Vienna" },
      queue: { sweepAfterSeconds: 1 },
    };
    const now = () => new Date(Date.now() + sleptMs);
    const redisUrl = backend === "Redis" ? redis.url : undefined;
    service = await startService({ folder, databaseUrl: database.url, redisUrl, config, now });
  });
  afterEach(async () => {
    await service.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** The link, as the browser of the human reaches it. */
  const open = (link: string, method = "GET") =>
    fetch(link.replace(PUBLIC_URL, service.client.url), {
      method,
      headers: method === "POST" ? { "content-type": "application/x-www-form-urlencoded" } : {},
    });

  test("archive, digest, link, button, mailbox", async () => {
    const { body } = await service.client.post(await readFile(BOUNCE), { from: "<>", to: ["postmaster@example.com"] });
    expect(await service.client.settled(body.id)).toMatchObject({ verdict: "backscatter", state: "archived" });
    await vi.waitFor(async () => expect(await digests()).toHaveLength(1), SOON);

    sleptMs = DAY_MS;
    await vi.waitFor(async () => expect(await readMaildir(service.maildir)).toHaveLength(1), SOON);
    const [digest] = await readMaildir(service.maildir);
    expect(digest?.root.headers.text("subject")).toBe("[triage] Digest: 1 kept");
    const text = digest?.root.children[0]?.text() ?? "";
    const [link = ""] = /https:\/\/triage\.example\.com\/l\/[\w-]{51}/.exec(text) ?? [];

    expect(await (await open(link)).text()).toContain("Release this message?");
    expect(await service.client.message(body.id)).toMatchObject({ state: "archived" });
    expect(await (await open(link, "POST")).text()).toContain("<h1>Released</h1>");
    await vi.waitFor(async () => expect(await readMaildir(service.maildir)).toHaveLength(2), SOON);
    expect(await service.client.settled(body.id)).toMatchObject({ state: "delivered", route: "human" });
    const mails = await readMaildir(service.maildir);
    expect(mails.map(({ root }) => root.headers.text("x-triage-id"))).toContain(body.id);
    expect(await (await open(link, "POST")).text()).toContain("<h1>Already delivered</h1>");
  });

  async function digests(): Promise<readonly unknown[]> {
    const headers = { authorization: `Bearer ${API_KEY}` };
    const answer = await fetch(`${service.client.url}/v1/digests`, { headers });
    return ((await answer.json()) as { readonly digests: readonly unknown[] }).digests;
  }
});
