/**
 * Brings a day's messages through the service's own store and classifier, on a real PostgreSQL, as they arrive: the clock
 * is the day's, everything else is what runs at a site.
 */
import type { Classification } from "@triage/contracts";
import { NULL_REVERSE_PATH, parseAddress } from "@triage/message";
import { policyInEffect } from "@triage/routing";
import { createLog, createMetrics, loadConfig, type ResolvedConfig } from "@triage/runtime";
import { type NewMessage, type Notice, openStore, type Store } from "@triage/store";
import { type ClassifyParts, classifyMessage } from "../../services/classifier/src/classify-message.ts";
import { watchCauses } from "../../services/classifier/src/incidents/cause-watch.ts";
import { endFailures, replaceUnheard } from "../../services/classifier/src/incidents/failure-watch.ts";
import { StormWatch } from "../../services/classifier/src/storm-watch.ts";
import type { Day, HayMessage } from "./compose-day.ts";
import { type DayDelivery, startDayDelivery } from "./deliver-day.ts";
import type { HaystackSite } from "./site.ts";

/** Messages that arrive together: what ingest stores in one INSERT, and the workers of a site classify side by side. */
const BATCH = 50;
const WORKERS = 16;
const HOUR_MS = 3_600_000;
/** Of the day after. */
const HOURS_AFTER = 24;

export interface Found {
  readonly id: string;
  readonly message: HayMessage;
  readonly verdict: Classification["verdict"];
  readonly score: number;
  /** `grouped`: for a human, but told of by notices only. */
  readonly route: Classification["route"] | "grouped";
  readonly rule: string;
  readonly kind: string;
  /** Checks that moved the score, for the one who looks into a failure: `received-path fail +3.6`. */
  readonly evidence: readonly string[];
}

export interface RunOptions {
  readonly databaseUrl: string;
  readonly site: HaystackSite;
  /** The site's mail is really delivered, into this folder; undefined: it ends with the verdict. */
  readonly deliverTo?: string | undefined;
  /** Messages classified side by side; with one, the first message of a problem is the first that is judged. Default 16. */
  readonly workers?: number;
  /** Called after each batch with the messages done so far. */
  readonly onProgress?: (done: number) => void;
}

export interface Ran {
  /** One finding a message, in the order of arrival. */
  readonly found: readonly Found[];
  /** What the human is told about incidents: one begins, grows tenfold, ends. */
  readonly notices: readonly Pick<Notice, "kind" | "step">[];
}

export async function runDay(
  day: Day,
  { databaseUrl, site, deliverTo, workers = WORKERS, onProgress }: RunOptions,
): Promise<Ran> {
  const clock = { ms: day.messages[0]?.arrivesAtMs ?? 0 };
  const store = await openStore({ databaseUrl, poolSize: WORKERS + 2, now: () => clock.ms });
  let delivery: DayDelivery | undefined;
  try {
    // The ledger forgets by chance, not by kind: every tenth mail, say.
    const logged = day.sent.filter((_, index) => (index % 10) / 10 < site.ledgerShare);
    const notices: string[] = [];
    const config = loadConfig({ path: site.configPath, env: environmentOf(databaseUrl, deliverTo) });
    delivery = deliverTo === undefined ? undefined : await startDayDelivery(store, config, () => clock.ms);
    const { classify, tidy } = classifierOf({ store, config, notices, nowMs: () => clock.ms, delivery });
    const found: Found[] = [];
    for (let start = 0; start < day.messages.length; start += BATCH) {
      const batch = day.messages.slice(start, start + BATCH);
      clock.ms = batch.at(-1)?.arrivesAtMs ?? clock.ms;
      const sentBefore = logged.findIndex(({ at }) => at.getTime() > clock.ms);
      await store.recordSent(logged.splice(0, sentBefore < 0 ? logged.length : sentBefore));
      found.push(...(await classifyBatch(batch, store, { classify, workers })));
      await tidy();
      await delivery?.catchUp();
      onProgress?.(found.length);
    }
    await delivery?.sendDigest();
    // The next evening: what was quiet for long is over.
    for (let hour = 0; hour < HOURS_AFTER; hour += 1) {
      clock.ms += HOUR_MS;
      await tidy();
      await delivery?.catchUp();
    }
    return { found, notices: await readNotices(notices, store) };
  } finally {
    await delivery?.close();
    await store.close();
  }
}

/** What the configuration takes from the environment. */
function environmentOf(databaseUrl: string, deliverTo: string | undefined): NodeJS.ProcessEnv {
  if (deliverTo === undefined) return {};
  const { REDIS_URL } = process.env;
  return { DATABASE_URL: databaseUrl, HAYSTACK_FOLDER: deliverTo, ...(REDIS_URL !== undefined && { REDIS_URL }) };
}

async function classifyBatch(
  batch: readonly HayMessage[],
  store: Store,
  { classify, workers }: { readonly classify: (id: string) => Promise<void>; readonly workers: number },
): Promise<readonly Found[]> {
  const outcomes = await store.insertMessages(batch.map(toNewMessage));
  const waiting = batch.map((message, index) => ({ message, id: outcomes[index]?.id ?? "" }));
  const found = new Map<string, Found>();
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      await classify(item.id);
      found.set(item.id, await readFinding(item.message, item.id, store));
    }
  };
  const inOrder = waiting.map(({ id }) => id);
  await Promise.all(Array.from({ length: workers }, worker));
  return inOrder.flatMap((id) => found.get(id) ?? []);
}

function toNewMessage({ raw, reversePath, forwardPath }: HayMessage): NewMessage {
  const forward = parseAddress(forwardPath);
  return {
    raw,
    envelope: {
      reversePath: reversePath === undefined ? NULL_REVERSE_PATH : parseAddress(reversePath),
      forwardPaths: forward === undefined ? [] : [forward],
    },
    envelopeKnown: true,
    source: "haystack",
  };
}

const metrics = createMetrics({ processMetrics: false });
const log = createLog({ level: "silent" });

async function readNotices(ids: readonly string[], store: Store): Promise<Ran["notices"]> {
  const notices = await Promise.all(ids.map((id) => store.notice(id)));
  return notices.flatMap((notice) => (notice === undefined ? [] : [{ kind: notice.kind, step: notice.step }]));
}

interface ClassifierParts {
  readonly store: Store;
  readonly config: ResolvedConfig;
  /** Takes the ids of all that the human is told. */
  readonly notices: string[];
  readonly nowMs: () => number;
  readonly delivery: DayDelivery | undefined;
}

/** What a classify job does, without the queue: one process, the day's clock, storms counted in the database. */
function classifierOf({ store, config, notices, nowMs, delivery }: ClassifierParts) {
  const { site, thresholds } = config;
  const now = () => new Date(nowMs());
  const enqueueNotices = async (ids: readonly string[]) => {
    notices.push(...ids);
    await delivery?.enqueueNotices(ids);
  };
  const storms = config.storms && new StormWatch({ store, config: config.storms, enqueueNotices, log, now });
  const policy = policyInEffect(config);
  const causes = watchCauses({ store, policy, log, now });
  const { incidents } = config;
  const enqueueDelivery = delivery?.enqueueDelivery ?? (async () => undefined);
  const parts: ClassifyParts = {
    ...{ store, metrics, log, now },
    enqueueDelivery,
    enqueueNotices,
    ...(causes !== undefined && { causes }),
    ...(incidents !== undefined && { incidents }),
    ...(storms !== undefined && { storms }),
    context: {
      ...{ site, thresholds },
      policy,
      ports: () => ({ now: now(), ledger: { find: store.findSent } }),
    },
  };
  return {
    classify: (messageId: string) => classifyMessage({ messageId }, parts),
    tidy: async () => {
      await enqueueNotices((await storms?.tidy()) ?? []);
      await replaceUnheard({ store, enqueueDelivery, log });
      if (incidents !== undefined) await enqueueNotices(await endFailures({ store, config: incidents, now }));
    },
  };
}

async function readFinding(message: HayMessage, id: string, store: Store): Promise<Found> {
  const stored = await store.message(id);
  const classification = stored?.classification;
  if (classification === undefined) throw new Error(`message ${id} (${message.made}) was not classified`);
  const { verdict, score, rule, report } = classification;
  const route = stored?.state === "grouped" ? "grouped" : classification.route;
  const evidence = classification.evidence
    .filter(({ check, weight }) => check !== "prior" && Math.abs(weight) >= 0.2)
    .map(({ check, outcome, weight }) => `${check} ${outcome} ${weight.toFixed(1)}`);
  return { id, message, verdict, score, route, rule, kind: report.kind, evidence };
}
