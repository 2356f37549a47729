/**
 * Counting storms: observations in, for each of them whether it belongs to a storm out.
 *
 * The counts are a pure function of the set of observations (see storm-sketches.ts), so that any number of workers, in any
 * order, with repeats, come to the same. The hour of an observation is that in which its message came in, not that in
 * which it was worked on, for the same reason. Addresses and contents are kept as keyed hashes only.
 */
import { createHmac, randomBytes } from "node:crypto";
import {
  addMark,
  assessStorm,
  countsOf,
  emptySketch,
  markOf,
  mergeSketch,
  type StormAnswer,
  type StormCounts,
  type StormKey,
  type StormMeasure,
  type StormSketch,
  type StormStrength,
  type StormThresholds,
} from "@triage/provenance";
import type { Database } from "../database.ts";
import { formatUuid, uuidTimeMs } from "../uuid-v7.ts";
import { type NotedReport, raiseStorms, type StormGroup } from "./storm-incidents.ts";
import { StormNews } from "./storm-news.ts";
import { HOUR_MS, type SketchRow, StormSketches } from "./storm-sketches.ts";

export interface StormSettings extends StormThresholds {
  /** How far back reports count, in hours of the clock; the running one is the first. */
  readonly hours: number;
}

export interface StormFindings {
  /** One for each report, in order; never `temperror`. */
  readonly answers: readonly StormAnswer[];
  /** The incident of each report, in order; undefined: it belongs to none. It may be over by now. */
  readonly incidentIds: readonly (string | undefined)[];
  /** The hashed keys of each report, in order: by these it is found again, also when its storm is only seen after it. */
  readonly keys: readonly (readonly string[])[];
  /** Notices that the human has to get because of this batch. */
  readonly noticeIds: readonly string[];
}

export interface StormLedgerOptions {
  readonly database: Database;
  readonly secret: Buffer;
  readonly newId: () => string;
}

/** A key of a report with its hash. */
interface HashedKey extends StormKey {
  readonly key: string;
}

interface Hashed {
  readonly report: NotedReport;
  readonly atMs: number;
  readonly keys: readonly HashedKey[];
}

interface Counted {
  readonly sketch: StormSketch;
  readonly counts: StormCounts;
}

interface StormyKey extends HashedKey, Counted {
  readonly strength: StormStrength;
}

const STRENGTHS: readonly StormStrength[] = ["full", "soft", "unprovable"];

export class StormLedger {
  readonly #options: StormLedgerOptions;
  readonly #sketches: StormSketches;
  readonly #news = new StormNews();

  constructor(options: StormLedgerOptions) {
    this.#options = options;
    this.#sketches = new StormSketches(options.database);
  }

  /** Counts a batch, opens and updates incidents. One batch at a time in a process is best: they share statements. */
  async note(batch: readonly NotedReport[], settings: StormSettings): Promise<StormFindings> {
    const reports = batch.map((report) => this.#hashKeys(report));
    const sketches = await this.#sketches.count(rowsOf(reports, this.#hash), settings.hours);
    const counted = new Map([...sketches].map(([key, sketch]) => [key, { sketch, counts: countsOf(sketch) }]));
    const stormy = reports.map((report) => stormyKeysOf(report, counted, settings));
    const groups = groupOf(reports, stormy).filter((group) => this.#news.isNews(group));
    const raised = groups.length === 0 ? [] : await raiseStorms(this.#options, groups);
    for (const [index, { incidentId }] of raised.entries()) {
      const group = groups[index];
      if (group !== undefined) this.#news.remember(group, incidentId);
    }
    return {
      answers: stormy.map((keys) => answerOf(keys, settings)),
      incidentIds: stormy.map((keys) => this.#news.incidentOf(keys)),
      keys: reports.map(({ keys }) => keys.map(({ key }) => key)),
      noticeIds: raised.flatMap(({ noticeIds }) => noticeIds),
    };
  }

  /** Deletes the counts of hours that ended before this. */
  forgetBefore(before: Date): Promise<void> {
    return this.#sketches.forgetBefore(before);
  }

  #hashKeys(report: NotedReport): Hashed {
    const keys = report.observation.keys.map((key) => ({
      ...key,
      key: formatUuid(this.#hash(`key:${key.kind}`, key.value).toString("hex", 0, 16)),
    }));
    return { report, atMs: uuidTimeMs(report.messageId), keys };
  }

  readonly #hash = (purpose: string, text: string): Buffer =>
    createHmac("sha256", this.#options.secret).update(`${purpose}\0${text}`).digest();
}

/** The secret that keeps the keys of storms from being read or guessed; made at first use, kept by the database. */
export async function stormSecret(database: Database): Promise<Buffer> {
  const [row] = await database.query(
    `INSERT INTO secret (name, value) VALUES ('storms', $1)
       ON CONFLICT (name) DO UPDATE SET value = secret.value RETURNING value`,
    [randomBytes(32)],
  );
  return row?.value as Buffer;
}

/** What the batch adds: one sketch a key and hour. */
function rowsOf(reports: readonly Hashed[], hash: (purpose: string, text: string) => Buffer): readonly SketchRow[] {
  const rows = new Map<string, SketchRow>();
  for (const { report, atMs, keys } of reports) {
    const hour = Math.floor(atMs / HOUR_MS);
    const marks = marksOf(report, hash);
    for (const { key, kind } of keys) {
      const name = `${key} ${hour}`;
      const row = rows.get(name) ?? { key, hour, kind, sketch: emptySketch() };
      for (const [measure, mark] of marks) addMark(row.sketch, measure, mark);
      rows.set(name, row);
    }
  }
  return [...rows.values()];
}

type Marks = readonly (readonly [StormMeasure, ReturnType<typeof markOf>])[];

function marksOf({ messageId, observation }: NotedReport, hash: (purpose: string, text: string) => Buffer): Marks {
  const { proof, counts, reporter, recipients, sender } = observation;
  if (!counts) return [];
  const message = markOf(hash("message", messageId));
  if (proof === "proven") return [["proven", message]];
  return [
    ["unproven", message],
    ...(proof === "contradicted" ? ([["contradicted", message]] as const) : []),
    ...(reporter === undefined ? [] : ([["reporters", markOf(hash("reporter", reporter))]] as const)),
    ...(sender === undefined ? [] : ([["senders", markOf(hash("sender", sender))]] as const)),
    ...recipients.map((recipient) => ["recipients", markOf(hash("recipient", recipient))] as const),
  ];
}

/** The keys of a report that are in a storm, those that speak most clearly first. */
function stormyKeysOf(
  { report, keys }: Hashed,
  counted: ReadonlyMap<string, Counted>,
  settings: StormSettings,
): readonly StormyKey[] {
  const found = keys.flatMap((key): readonly StormyKey[] => {
    const known = counted.get(key.key);
    if (known === undefined) return [];
    const strength = assessStorm(key.kind, known.counts, settings, report.observation.canProve);
    return strength === undefined ? [] : [{ ...key, ...known, strength }];
  });
  return found.sort((a, b) => STRENGTHS.indexOf(a.strength) - STRENGTHS.indexOf(b.strength));
}

function answerOf(keys: readonly StormyKey[], { hours }: StormSettings): StormAnswer {
  const [first] = keys;
  if (first === undefined) return { kind: "calm" };
  const { kind: by, strength, counts } = first;
  return { kind: "storm", by, strength, messages: counts.unproven, reporters: counts.reporters, hours };
}

/** Reports that share a key in a storm belong to one incident, also by way of a third. */
function groupOf(reports: readonly Hashed[], stormy: readonly (readonly StormyKey[])[]): readonly StormGroup[] {
  const groups: StormGroup[] = [];
  for (const [index, keys] of stormy.entries()) {
    const report = reports[index];
    if (report === undefined || keys.length === 0 || report.report.observation.proof === "proven") continue;
    const own = groups.filter((group) => keys.some(({ key }) => group.keys.has(key)));
    const group: StormGroup = own[0] ?? { keys: new Map(), sketch: emptySketch(), reports: [] };
    if (own.length === 0) groups.push(group);
    for (const other of own.slice(1)) {
      absorb(group, other);
      groups.splice(groups.indexOf(other), 1);
    }
    for (const key of keys) {
      if (!group.keys.has(key.key)) mergeSketch(group.sketch, key.sketch);
      group.keys.set(key.key, key);
    }
    group.reports.push({ ...report.report, atMs: report.atMs });
  }
  return groups;
}

function absorb(group: StormGroup, other: StormGroup): void {
  for (const [key, value] of other.keys) group.keys.set(key, value);
  mergeSketch(group.sketch, other.sketch);
  group.reports.push(...other.reports);
}
