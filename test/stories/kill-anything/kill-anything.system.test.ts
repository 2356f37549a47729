/**
 * The promise that matters most: what was answered with 202 is never lost. Every role is killed with SIGKILL again and
 * again while mail comes in, Redis is wiped, in the end everything dies at once; then it all starts again and every
 * message must be delivered or archived, or told of by a notice about many: the bounces have two causes, and so many of each
 * that they become two incidents.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { RoleName } from "@triage/runtime";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findFreePort } from "../../support/free-port.ts";
import { type RoleProcess, startRoleProcess } from "../../support/role-process.ts";
import { API_KEY, IngestClient, readMaildir, type StoryEnvelope } from "../../support/story.ts";
import { type TestDatabase, useDatabase } from "../../support/use-database.ts";
import { useRedis } from "../../support/use-redis.ts";

const MESSAGES = 160;
/** MTAs that send at the same time; each holds one message until it is answered with 202. */
const CLIENTS = 8;

/** After this many accepted messages, the next blow falls: the counting puts it in the middle of work, without a clock. */
const ACCEPTED_BETWEEN_BLOWS = 20;
const SETTLE_TIMEOUT_MS = 300_000;

interface ComingIn {
  readonly file: string;
  readonly from: string;
  readonly ends: readonly string[];
}

/**
 * What comes in, and where it may end up. Each message is made unique by a field of its own. An unknown user is nobody's concern
 * until so many in an hour make it a spike.
 */
const MAIL: readonly [ComingIn, ...ComingIn[]] = [
  { file: "../01-blocked-by-policy/bounce.eml", from: "<>", ends: ["delivered", "grouped"] },
  { file: "../03-user-unknown/bounce.eml", from: "<>", ends: ["archived", "delivered", "grouped"] },
  { file: "../04-a-letter/letter.eml", from: "juergen.mueller@example.net", ends: ["delivered"] },
  { file: "../06-auto-reply/out-of-office.eml", from: "<>", ends: ["archived"] },
];

const read = (file: string) => readFile(new URL(file, import.meta.url));
const { site } = JSON.parse(await readFile(new URL("../01-blocked-by-policy/story.json", import.meta.url), "utf8"));

describe.each(["Redis", "PostgreSQL"])("with the queues in %s", (backend) => {
  const database = useDatabase();
  const redis = useRedis();
  let folder: string;
  const running = new Map<RoleName, RoleProcess>();

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "triage-kill-"));
  });
  afterEach(async () => {
    await Promise.all([...running.values()].map((role) => role.kill()));
    running.clear();
    await rm(folder, { recursive: true, force: true });
  });

  /** Starts roles of a site whose lost jobs come back within seconds instead of minutes. */
  async function prepare() {
    const config = {
      site,
      human: { to: ["ann@example.com"], maxPerHour: 0 },
      http: { keys: [{ name: "mta", key: API_KEY }] },
      // A message that was in the hands of many workers that were killed must not be given up for it.
      queue: {
        lockDurationMs: 1_000,
        sweepAfterSeconds: 1,
        backoffMs: 50,
        maxBackoffMs: 500,
        attempts: { classify: 50 },
      },
      database: { poolSize: 4 },
      delivery: { outlet: { maildir: { path: join(folder, "human") } } },
    };
    await writeConfig(folder, config);
    const ports = { ingest: await findFreePort(), classifier: await findFreePort(), delivery: await findFreePort() };
    const env = {
      TRIAGE_CONFIG: join(folder, "triage.yaml"),
      DATABASE_URL: database.url,
      ...(backend === "Redis" && { REDIS_URL: redis.url }),
    };
    const start = async (role: RoleName) => {
      const logFile = join(folder, `${role}.log`);
      running.set(role, await startRoleProcess({ role, port: ports[role], env, logFile }));
    };
    return { start, client: new IngestClient(`http://127.0.0.1:${ports.ingest}`, API_KEY) };
  }

  test("kill -9 of any role at any point, and a wiped Redis: no message that got a 202 is missing", async () => {
    const { start, client } = await prepare();
    for (const role of ["ingest", "classifier", "delivery"] as const) await start(role);

    const blows = blowsFor(start, running, backend === "Redis" ? () => redis.flushAll() : undefined);
    const accepted = await sendAll(client, blows);
    expect(accepted.size).toBe(MESSAGES);

    // Everything dies at once, with work in progress everywhere; then start again.
    await Promise.all([...running.values()].map((role) => role.kill()));
    if (backend === "Redis") await redis.flushAll();
    for (const role of ["delivery", "classifier", "ingest"] as const) await start(role);

    await untilNothingMoves(database);
    const rows = await database.query("SELECT id::text, state FROM triage.message");
    expect(rows.map(({ id }) => id).sort()).toEqual([...accepted.keys()].sort());
    const wrong = rows.filter(({ id, state }) => accepted.get(String(id))?.includes(String(state)) !== true);
    expect(wrong).toEqual([]);
    const delivered = rows.filter(({ state }) => state === "delivered").map(({ id }) => id);
    const mails = await readMaildir(join(folder, "human"));
    const told = mails.flatMap(({ root }) => root.headers.value("x-triage-id") ?? []);
    expect(told.sort()).toEqual(delivered.sort());
    expect(await database.query(OPENERS)).toEqual([
      { openers: "1", all_delivered: true },
      { openers: "1", all_delivered: true },
    ]);
    expect(await database.query(GROUPED_WITHOUT_INCIDENT)).toEqual([]);
    expect(await database.query("SELECT * FROM triage.dead_letter")).toEqual([]);

    const codes = await Promise.all([...running.values()].map((role) => role.stop()));
    expect(codes).toEqual([0, 0, 0]);
  }, 900_000);
});

/** Of each incident: one message stands for it, and the human has that one. */
const OPENERS = `
SELECT count(*) AS openers, bool_and(m.state = 'delivered') AS all_delivered
  FROM triage.incident i JOIN triage.incident_message o ON o.incident_id = i.id AND o.role = 'opener'
  JOIN triage.message m ON m.id = o.message_id
 WHERE i.kind = 'failure' GROUP BY i.id`;

const GROUPED_WITHOUT_INCIDENT = `
SELECT id FROM triage.message m
 WHERE state = 'grouped' AND NOT EXISTS (SELECT FROM triage.incident_message WHERE message_id = m.id)`;

async function writeConfig(folder: string, config: object): Promise<void> {
  // JSON is YAML.
  await writeFile(join(folder, "triage.yaml"), JSON.stringify(config));
}

/** One blow after another: each role in turn, Redis in between; the next one falls when the last victim is up again. */
function blowsFor(
  start: (role: RoleName) => Promise<void>,
  running: ReadonlyMap<RoleName, RoleProcess>,
  flushAll: (() => Promise<void>) | undefined,
): () => Promise<void> {
  const kill = (role: RoleName) => async () => {
    await running.get(role)?.kill();
    await start(role);
  };
  const blows = [kill("classifier"), kill("delivery"), kill("ingest"), ...(flushAll === undefined ? [] : [flushAll])];
  let next = 0;
  let last = Promise.resolve();
  return () => {
    const blow = blows[next % blows.length];
    next += 1;
    last = last.then(blow);
    return last;
  };
}

/**
 * Sends as MTAs do: again and again, until the answer is 202.
 *
 * @returns The id of each message that was answered with 202, and the states that it may come to.
 */
async function sendAll(client: IngestClient, blow: () => Promise<void>): Promise<Map<string, readonly string[]>> {
  const accepted = new Map<string, readonly string[]>();
  const blows: Promise<void>[] = [];
  let next = 0;
  const send = async () => {
    for (let serial = next++; serial < MESSAGES; serial = next++) {
      const mail = MAIL[serial % MAIL.length] ?? MAIL[0];
      const raw = Buffer.concat([Buffer.from(`X-Serial: ${serial}\r\n`), await read(mail.file)]);
      const id = await sendUntilAccepted(client, raw, { from: mail.from, to: ["postmaster@example.com"] });
      accepted.set(id, mail.ends);
      if (accepted.size % ACCEPTED_BETWEEN_BLOWS === 0) blows.push(blow());
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, send));
  await Promise.all(blows);
  return accepted;
}

async function sendUntilAccepted(client: IngestClient, raw: Buffer, envelope: StoryEnvelope): Promise<string> {
  for (;;) {
    const answer = await client.post(raw, envelope).catch(() => undefined);
    if (answer?.status === 202) return answer.body.id;
    await delay(50);
  }
}

/** Waits until every message is at rest; which rest is the right one is for the test to say. */
async function untilNothingMoves(database: TestDatabase): Promise<void> {
  const deadline = performance.now() + SETTLE_TIMEOUT_MS;
  for (;;) {
    const moving = await database.query("SELECT id FROM triage.message WHERE state IN ('received', 'classified')");
    if (moving.length === 0) return;
    if (performance.now() > deadline) throw new Error(`${moving.length} messages are still on their way`);
    await delay(200);
  }
}
