/**
 * A person teaches the service: a spam that reaches them is corrected, and its sibling an hour later stays away, on every
 * worker and without a restart, while a letter that complains about that very spam is still shown. Going back to the
 * former version restores what was.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MessageView } from "@triage/contracts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readMaildir, type Service, startService } from "../../support/story.ts";
import { useDatabase } from "../../support/use-database.ts";
import { useRedis } from "../../support/use-redis.ts";

const SOON = { timeout: 30_000, interval: 50 };
const HOUR_MS = 3_600_000;
const ENVELOPE = { from: "bounce@events.example.net", to: ["postmaster@example.com"] };

describe.each(["Redis", "PostgreSQL"])("with the queues in %s", (backend) => {
  const database = useDatabase();
  const redis = useRedis();
  let folder: string;
  let service: Service;
  let clockMs: number;

  beforeEach(async () => {
    clockMs = Date.parse("2026-11-16T09:00:00Z");
    folder = await mkdtemp(join(tmpdir(), "triage-story-"));
    service = await startService({
      folder,
      databaseUrl: database.url,
      redisUrl: backend === "Redis" ? redis.url : undefined,
      config: {
        site: { domains: ["example.com"] },
        human: { to: ["ann@example.com"] },
        learning: { refreshSeconds: 1 },
      },
      classifiers: 2,
      now: () => new Date(clockMs),
    });
  });
  afterEach(async () => {
    await service.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function arrives(name: string): Promise<MessageView> {
    const raw = await readFile(join(import.meta.dirname, `${name}.eml`));
    const { body } = await service.client.post(raw, ENVELOPE);
    return service.client.settled(body.id);
  }

  async function everyWorkerHas(version: number): Promise<void> {
    const line = new RegExp(`^triage_model_version ${version}$`, "m");
    await vi.waitUntil(async () => {
      const pages = await Promise.all(service.classifierMetrics.map((metrics) => metrics.render()));
      return pages.every(({ body }) => line.test(body));
    }, SOON);
  }

  const inbox = async () => (await readMaildir(service.maildir)).length;

  test("a corrected spam keeps its siblings away, but no letter about it; rollback restores", async () => {
    const { client } = service;
    const spam = await arrives("spam");
    expect(spam).toMatchObject({ route: "human", state: "delivered" });
    const corrected = await client.correct(spam.id, { verdict: "spam", by: "ann" });
    expect(corrected).toMatchObject({ verdict: "spam", route: "archive", state: "delivered" });
    expect(corrected.corrections).toMatchObject([{ verdict: "spam", formerVerdict: spam.verdict, by: "ann" }]);
    await everyWorkerHas(1);

    clockMs += HOUR_MS;
    const sibling = await arrives("sibling");
    expect(sibling).toMatchObject({ verdict: "spam", state: "archived" });
    expect(sibling.why).toContain("a message that ann corrected to spam on 2026-11-16");
    expect(await arrives("complaint")).toMatchObject({ route: "human", state: "delivered" });
    expect(await inbox()).toBe(2);

    expect(await client.rollBack({})).toMatchObject({ active: 0, held: true });
    await everyWorkerHas(0);
    expect(await arrives("second-sibling")).toMatchObject({ route: "human", state: "delivered" });
    expect(await inbox()).toBe(3);

    // The archived sibling was the letter of somebody after all.
    const rescued = await client.correct(sibling.id, { verdict: "user-report", by: "bob" });
    expect(rescued).toMatchObject({ verdict: "user-report", route: "human" });
    expect(await client.settled(sibling.id)).toMatchObject({ state: "delivered", corrections: [{ by: "bob" }] });
    expect(await inbox()).toBe(4);

    // Going back held until now; asked to train, the service learns from everything that was said.
    await vi.waitUntil(async () => (await client.models()).training.lastOutcome === "held", SOON);
    expect((await client.models()).active).toBe(0);
    await client.train();
    await everyWorkerHas(2);
    expect(await client.models()).toMatchObject({ active: 2, held: false, training: { wanted: false } });
  });
});
