/**
 * The delivery role: mails a second from the first job until the last one is recorded as delivered, by SMTP and LMTP to a
 * sink on loopback and into a Maildir, with the queues on Redis and on PostgreSQL; beside nodemailer, which sends the same
 * bytes to the same sink without any service.
 *
 * All sides take turns, round by round, in one run. Role, sink and nodemailer are a process each. No limit per human: the
 * default one would hold nearly everything back.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createLog, loadConfig, openQueues } from "@triage/runtime";
import { openStore, type Store } from "@triage/store";
import pg from "pg";
import { HUMAN, humanMessages, keepComposed, storeForHuman } from "./delivery-mails.ts";
import type { Taken } from "./mail-sink.ts";
import { BACKENDS, type Backend, environmentOf, onStage, type Stage, startRoles } from "./stage.ts";
import { type BenchRow, type BenchTable, median, perSecond, spreadOf, whole } from "./table.ts";

const MESSAGES = Number(process.env.TRIAGE_BENCH_MAILS ?? 600);
const ROUNDS = 3;
const POOL_SIZE = 10;
const POLL_MS = 10;
const PROTOCOLS = ["smtp", "lmtp"] as const;
type Protocol = (typeof PROTOCOLS)[number];

interface Scene {
  readonly stage: Stage;
  readonly store: Store;
  readonly messages: readonly Buffer[];
  readonly sinks: Readonly<Record<Protocol, Child>>;
  readonly bare: Readonly<Record<Protocol, Child>>;
  /** What nodemailer alone sends. */
  readonly composed: string;
}

/** Messages a second of each side, one for each round. */
type Rates = Map<string, number[]>;

export function benchDelivery(): Promise<BenchTable> {
  return onStage(async (stage) => {
    const store = await openStore({ databaseUrl: stage.databaseUrl, poolSize: POOL_SIZE });
    const composed = join(stage.folder, "composed");
    const sinks = {
      smtp: await startChild("mail-sink.ts", ["smtp"]),
      lmtp: await startChild("mail-sink.ts", ["lmtp"]),
    };
    const bare = { smtp: await startBare("smtp", sinks, composed), lmtp: await startBare("lmtp", sinks, composed) };
    const scene = { stage, store, messages: humanMessages(MESSAGES), sinks, bare, composed };
    try {
      return await runRounds(scene);
    } finally {
      for (const { child } of [...Object.values(sinks), ...Object.values(bare)]) child.disconnect();
      await store.close();
    }
  });
}

async function runRounds(scene: Scene): Promise<BenchTable> {
  const rates: Rates = new Map();
  const note = (side: string, ms: number) => rates.set(side, [...(rates.get(side) ?? []), perSecond(MESSAGES, ms)]);
  let bytes = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const protocol of PROTOCOLS) bytes = await runProtocol(scene, protocol, round, note);
    for (const backend of BACKENDS) {
      const outlet = `maildir: { path: ${join(scene.stage.folder, `human-${backend}-${round}`)} }`;
      note(
        `maildir, queues on ${backend}`,
        (await timeRole(scene, { outlet, backend, name: `maildir-${backend}-${round}` })).ms,
      );
    }
  }
  const title = `Delivery: ${MESSAGES} mails, ${whole(bytes / MESSAGES)} bytes on average, to one human; median of ${ROUNDS} rounds`;
  return { title, rows: toRows(rates) };
}

/** @returns Bytes of all mails. */
async function runProtocol(
  scene: Scene,
  protocol: Protocol,
  round: number,
  note: (side: string, ms: number) => void,
): Promise<number> {
  const { sinks, bare, store, composed } = scene;
  const { port } = sinks[protocol].said as { readonly port: number };
  const outlet = `${protocol}: { host: 127.0.0.1, port: ${port}, tls: none }`;
  let sent = 0;
  for (const backend of BACKENDS) {
    const { ids, ms } = await timeRole(scene, { outlet, backend, name: `${protocol}-${backend}-${round}` });
    note(`${protocol}, queues on ${backend}`, ms);
    sent = (await takenBy(sinks[protocol])).bytes;
    if (backend === BACKENDS.at(-1)) await keepComposed(store, ids, composed);
  }
  note(`${protocol}, nodemailer alone`, await ask<number>(bare[protocol]));
  const { bytes } = await takenBy(sinks[protocol]);
  if (bytes !== sent) throw new Error(`nodemailer alone sent ${bytes} bytes, the service ${sent}`);
  return bytes;
}

interface RoleRun {
  /** What stands in `delivery.outlet`. */
  readonly outlet: string;
  readonly backend: Backend;
  /** Of this run alone. */
  readonly name: string;
}

async function timeRole({ stage, store, messages }: Scene, { outlet, backend, name }: RoleRun) {
  const ids = await storeForHuman(store, messages, name);
  const path = join(stage.folder, `${name}.yaml`);
  const lines = [
    "site: { domains: [example.com] }",
    `human: { to: [${HUMAN.to}], from: ${HUMAN.from}, maxPerHour: 0 }`,
    `delivery: { outlet: { ${outlet} } }`,
    `queue: { prefix: ${name.toLowerCase()} }`,
  ];
  await writeFile(path, `${lines.join("\n")}\n`);
  const env = { ...environmentOf(stage, backend), TRIAGE_CONFIG: path };
  const role = await startRoles(["delivery"], env);
  try {
    return { ids, ms: await timeJobs(ids, env) };
  } finally {
    await role.stop();
  }
}

/** From adding the jobs until all messages are `delivered`, in milliseconds. */
async function timeJobs(ids: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { queue, redis, database } = loadConfig({ env });
  const databaseUrl = database.url ?? "";
  const queues = await openQueues({ queue, redis, databaseUrl, log: createLog({ level: "silent" }) });
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const start = performance.now();
    await queues.addMany("deliver", ids);
    for (;;) {
      const { rows } = await client.query("SELECT FROM triage.message WHERE state = 'classified' LIMIT 1");
      if (rows.length === 0) return performance.now() - start;
      await delay(POLL_MS);
    }
  } finally {
    await client.end();
    await queues.close();
  }
}

interface Child {
  readonly child: ChildProcess;
  /** What it said first. */
  readonly said: unknown;
}

async function startChild(script: string, args: readonly string[]): Promise<Child> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = fork(path, [...args], { execArgv: ["--import", "tsx"] });
  const [said] = await once(child, "message");
  return { child, said };
}

function startBare(protocol: Protocol, sinks: Scene["sinks"], composed: string): Promise<Child> {
  const { port } = sinks[protocol].said as { readonly port: number };
  return startChild("bare-nodemailer.ts", [composed, protocol, String(port)]);
}

async function ask<Answer>({ child }: Child): Promise<Answer> {
  child.send("now");
  const [answer] = await once(child, "message");
  return answer as Answer;
}

async function takenBy(sink: Child): Promise<Taken> {
  const taken = await ask<Taken>(sink);
  if (taken.mails !== MESSAGES) throw new Error(`the sink took ${taken.mails} mails of ${MESSAGES}`);
  return taken;
}

function toRows(rates: Rates): readonly BenchRow[] {
  return [...rates].map(([side, all]) => {
    const bare = rates.get(`${side.slice(0, side.indexOf(","))}, nodemailer alone`);
    const ratio =
      bare === undefined || bare === all ? "" : `, ${(median(all) / median(bare)).toFixed(2)} of nodemailer alone`;
    return { side, figure: `${whole(median(all))}/s`, note: `${spreadOf(all)}${ratio}` };
  });
}
