/**
 * From 202 to the human: real processes (ingest, classifier, delivery into two Maildirs), fed over HTTP with 100 messages a second
 * by the clock, whatever the answers take (an open loop: a slow service gets no rest). Two loads: a fair sample of the haystack, of
 * which a small part goes to a human, and letters only, all of which do. The time counts from the answer 202 until the mail is in the
 * Maildir, as the service records it. No limit per human: what waits for the next hour says nothing about speed.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { openStore } from "@triage/store";
import pg from "pg";
import { composeDay, type Day, type HayMessage } from "../haystack/compose-day.ts";
import { BACKENDS, type Backend, environmentOf, onStage, type Stage, startRoles, withDatabase } from "./stage.ts";
import { type BenchRow, type BenchTable, percentile } from "./table.ts";

const SEED = 1;
const PER_SECOND = 100;
const MIX_SECONDS = 30;
const LETTER_SECONDS = 12;
/** A process that has just started compiles: these are not counted. */
const WARM_UP_SECONDS = 3;
const POLL_MS = 50;
/** LIMIT: a service that cannot keep up is not waited for longer than that, after the last message. */
const MAX_DRAIN_MS = 20_000;

interface Load {
  readonly name: string;
  readonly messages: readonly HayMessage[];
}

export function benchHaystackDelivery(): Promise<BenchTable> {
  return onStage(async (stage) => {
    const day = composeDay(SEED);
    const letters = composeDay(SEED, { ...NOTHING, letters: PER_SECOND * (WARM_UP_SECONDS + LETTER_SECONDS) }).messages;
    const loads = [
      { name: "haystack", messages: sample(day.messages, PER_SECOND * (WARM_UP_SECONDS + MIX_SECONDS)) },
      { name: "letters only", messages: letters },
    ];
    const rows: BenchRow[] = [];
    for (const load of loads) {
      for (const [index, backend] of BACKENDS.entries()) {
        const own = await withDatabase(stage, `${load.name.replaceAll(" ", "_")}_${index}`);
        await recordSent(own, day);
        rows.push(await runLoad(own, backend, load));
      }
    }
    return { title: `From 202 to the Maildir, ${PER_SECOND} messages a second, ms`, rows };
  });
}

const NOTHING = { joeJob: 0, nuisances: 0, problems: 0, letters: 0, feedbackReports: 0 };

/** Evenly over the day, so that the shares of the day stay. */
function sample(messages: readonly HayMessage[], count: number): readonly HayMessage[] {
  return Array.from(
    { length: count },
    (_, index) => messages[Math.floor((index / count) * messages.length)] as HayMessage,
  );
}

async function recordSent({ databaseUrl }: Stage, { sent }: Day): Promise<void> {
  const store = await openStore({ databaseUrl, poolSize: 2 });
  await store.recordSent(sent);
  await store.close();
}

async function runLoad(stage: Stage, backend: Backend, { name, messages }: Load): Promise<BenchRow> {
  const run = `${backend}-${name.replaceAll(" ", "-")}`.toLowerCase();
  const path = join(stage.folder, `${run}.yaml`);
  await writeFile(path, configOf(stage, run));
  const env = { ...environmentOf(stage, backend), TRIAGE_CONFIG: path, TRIAGE_API_KEY: "bench" };
  const roles = await startRoles(["ingest", "classifier", "delivery"], env);
  try {
    const accepted = await postByTheClock(messages, `http://127.0.0.1:${roles.ports[0]}/v1/messages`, run);
    const { delivered, open } = await waitForDeliveries(stage.databaseUrl, [...accepted.keys()]);
    const counted = [...accepted].slice(WARM_UP_SECONDS * PER_SECOND);
    const times = counted.flatMap(([id, at]) => {
      const deliveredAt = delivered.get(id);
      return deliveredAt === undefined ? [] : [Math.max(0, deliveredAt - at)];
    });
    return toRow(`${name}, queues on ${backend}`, times, { messages: counted.length, open });
  } finally {
    await roles.stop();
  }
}

/** @param open  Messages that were not finished when nobody waited any longer. */
function toRow(
  side: string,
  times: readonly number[],
  { messages, open }: { readonly messages: number; readonly open: number },
): BenchRow {
  if (times.length === 0)
    return { side, figure: "none", note: `${open} of ${messages} messages were not finished in time` };
  const ms = (share: number) => `${percentile(times, share).toFixed(0)}`;
  const part = ((times.length / messages) * 100).toFixed(times.length === messages ? 0 : 1);
  const note = `p50, p99, worst ${ms(1)}; ${times.length} of ${messages} messages (${part} %) went to a human as themselves`;
  const late = open === 0 ? "" : `; ${open} not finished in time, and not counted`;
  return { side, figure: `${ms(0.5)}  ${ms(0.99)}`, note: `${note}${late}` };
}

function configOf({ folder }: Stage, run: string): string {
  const maildir = (human: string) => `  - { id: ${human}, maildir: { path: "${join(folder, `${human}-${run}`)}" } }`;
  return [
    "site:",
    "  domains: [example.com]",
    "  relays: [mail.example.com, relay2.example.com, 192.0.2.10, 192.0.2.11]",
    "  messageIdDomains: [example.com]",
    "  ledger: { complete: true }",
    ...["outlets:", maildir("ann"), maildir("ops")],
    "humans:",
    "  - { id: ops, to: [ops@example.com], outlet: ops, maxPerHour: 0, for: { verdict: [genuine-dsn] } }",
    "  - { id: ann, to: [ann@example.com], outlet: ann, maxPerHour: 0 }",
    `queue: { prefix: ${run} }`,
    "",
  ].join("\n");
}

/** @returns When each was answered with 202, by id, in the order in which they were posted. */
async function postByTheClock(messages: readonly HayMessage[], url: string, run: string): Promise<Map<string, number>> {
  const start = performance.now();
  const answers: Promise<readonly [string, number]>[] = [];
  for (const [index, message] of messages.entries()) {
    const wait = start + (index * 1_000) / PER_SECOND - performance.now();
    if (wait > 1) await delay(wait);
    answers.push(post(message, url, `X-Bench: ${run}-${index}\r\n`));
  }
  return new Map(await Promise.all(answers));
}

async function post({ raw, reversePath, forwardPath }: HayMessage, url: string, mark: string) {
  const headers = {
    Authorization: "Bearer bench",
    "Content-Type": "message/rfc822",
    "X-Envelope-From": reversePath ?? "<>",
    "X-Envelope-To": forwardPath,
  };
  // Every message is a new one: the same bytes would be a duplicate.
  const body = new Uint8Array(Buffer.concat([Buffer.from(mark), raw]));
  const response = await fetch(url, { method: "POST", headers, body });
  const at = performance.timeOrigin + performance.now();
  if (response.status !== 202) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  const { id } = (await response.json()) as { readonly id: string };
  return [id, at] as const;
}

interface Deliveries {
  /** When a human had them, in ms since 1970, by id; not those that no human got. */
  readonly delivered: ReadonlyMap<string, number>;
  readonly open: number;
}

/** Waits until all messages are finished, or MAX_DRAIN_MS are over. */
async function waitForDeliveries(databaseUrl: string, ids: readonly string[]): Promise<Deliveries> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const deadline = performance.now() + MAX_DRAIN_MS;
    let open = await countOpen(client);
    while (open > 0 && performance.now() < deadline) {
      await delay(POLL_MS);
      open = await countOpen(client);
    }
    const { rows } = await client.query(
      `SELECT message_id, (extract(epoch FROM min(at)) * 1000)::float8 AS at_ms FROM triage.delivery
        WHERE outcome = 'delivered' AND message_id = ANY($1::uuid[]) GROUP BY 1`,
      [ids],
    );
    return { delivered: new Map(rows.map((row) => [String(row.message_id), Number(row.at_ms)])), open };
  } finally {
    await client.end();
  }
}

async function countOpen(client: pg.Client): Promise<number> {
  const { rows } = await client.query(
    "SELECT count(*)::int AS open FROM triage.message WHERE state IN ('received', 'classified')",
  );
  return rows[0].open;
}
