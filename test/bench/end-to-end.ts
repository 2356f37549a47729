/**
 * End to end on one machine, real processes: ingest, two classifiers and delivery into a Maildir, on PostgreSQL and
 * Redis; beside the same two queue hops with empty handlers. Messages a second from the first POST until all are drained.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createLog, loadConfig, openQueues } from "@triage/runtime";
import pg from "pg";
import { environmentOf, onStage, type Stage, startRoles, stopChild } from "./stage.ts";
import { type BenchTable, median, perSecond, whole } from "./table.ts";

const MESSAGES = 4_000;
const CLIENTS = 32;
const ROUNDS = 3;
const EMPTY_HOPS = fileURLToPath(new URL("./empty-hops.ts", import.meta.url));

export function benchEndToEnd(corpus: readonly Buffer[]): Promise<BenchTable> {
  return onStage((stage) => runRounds(corpus, stage));
}

async function runRounds(corpus: readonly Buffer[], stage: Stage): Promise<BenchTable> {
  const service: number[] = [];
  const empty: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    service.push(await drainService(corpus, stage, round));
    empty.push(await drainEmptyHops(stage, round));
  }
  const ratio = median(service) / median(empty);
  return {
    title: `End to end: ${MESSAGES} messages, ${CLIENTS} clients, ingest, 2 classifiers, delivery, ${ROUNDS} rounds`,
    rows: [
      { side: "202, classified, delivered or archived", figure: `${whole(median(service))}/s`, note: "" },
      { side: "two queue hops, empty handlers", figure: `${whole(median(empty))}/s`, note: "no database, no mail" },
      { side: "ratio", figure: ratio.toFixed(2), note: "" },
    ],
  };
}

async function drainService(corpus: readonly Buffer[], stage: Stage, round: number): Promise<number> {
  const config = join(stage.folder, `triage-${round}.yaml`);
  const maildir = join(stage.folder, `human-${round}`);
  await writeFile(
    config,
    [
      "site: { domains: [example.com], relays: [192.0.2.0/24] }",
      "human: { to: [ann@example.com], from: triage@example.com, maxPerHour: 0 }",
      `queue: { prefix: bench-${round} }`,
      `delivery: { outlet: { maildir: { path: ${maildir} } } }`,
      "",
    ].join("\n"),
  );
  const env = { ...environmentOf(stage, "Redis"), TRIAGE_CONFIG: config, TRIAGE_API_KEY: "bench" };
  const roles = await startRoles(["ingest", "classifier", "classifier", "delivery"], env);
  try {
    const start = performance.now();
    await postAll(corpus, `http://127.0.0.1:${roles.ports[0]}/v1/messages`, round);
    await waitUntilDrained(stage.databaseUrl);
    return perSecond(MESSAGES, performance.now() - start);
  } finally {
    await roles.stop();
  }
}

async function postAll(corpus: readonly Buffer[], url: string, round: number): Promise<void> {
  let next = 0;
  const headers = { Authorization: "Bearer bench", "Content-Type": "message/rfc822", "X-Envelope-From": "<>" };
  const client = async () => {
    while (next < MESSAGES) {
      const number = next;
      next += 1;
      // Every message is a new one: the same bytes would be a duplicate.
      const mark = Buffer.from(`X-Bench: ${round}-${number}\r\n`);
      const body = new Uint8Array(Buffer.concat([mark, corpus[number % corpus.length] as Buffer]));
      const response = await fetch(url, { method: "POST", headers, body });
      if (response.status !== 202) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
      await response.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}

async function waitUntilDrained(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (;;) {
      const { rows } = await client.query(
        "SELECT count(*)::int AS open FROM triage.message WHERE state IN ('received', 'classified')",
      );
      if (rows[0].open === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  } finally {
    await client.end();
  }
}

async function drainEmptyHops(stage: Stage, round: number): Promise<number> {
  const config = join(stage.folder, `empty-${round}.yaml`);
  await writeFile(config, `queue: { prefix: empty-${round} }\n`);
  const env = { ...environmentOf(stage, "Redis"), TRIAGE_CONFIG: config };
  const start = (role: string) =>
    spawn(process.execPath, ["--import", "tsx", EMPTY_HOPS, role], { env, stdio: ["ignore", "pipe", "inherit"] });
  const children = ["classify", "classify", "deliver"].map(start);
  try {
    const lines = children.map(readLines);
    for (const each of lines) await each.until("ready");
    return await feedEmptyHops(env, () => lines[2]?.until(String(MESSAGES)) ?? Promise.resolve());
  } finally {
    await Promise.all(children.map(stopChild));
  }
}

async function feedEmptyHops(env: NodeJS.ProcessEnv, drained: () => Promise<void>): Promise<number> {
  const { queue, redis, database } = loadConfig({ env });
  const log = createLog({ level: "silent" });
  const queues = await openQueues({ queue, redis, databaseUrl: database.url ?? "", log });
  try {
    const start = performance.now();
    let next = 0;
    const client = async () => {
      for (; next < MESSAGES; ) {
        next += 1;
        await queues.add("classify", randomUUID());
      }
    };
    await Promise.all([...Array.from({ length: CLIENTS }, client), drained()]);
    return perSecond(MESSAGES, performance.now() - start);
  } finally {
    await queues.close();
  }
}

function readLines(child: ChildProcess): { until(line: string): Promise<void> } {
  const seen = new Set<string>();
  const waiting = new Map<string, () => void>();
  if (child.stdout === null) throw new Error("the child has no stdout");
  createInterface({ input: child.stdout }).on("line", (line) => {
    seen.add(line);
    waiting.get(line)?.();
  });
  return {
    until: (line) => (seen.has(line) ? Promise.resolve() : new Promise((resolve) => waiting.set(line, resolve))),
  };
}
