/**
 * Storms become incidents: opened once, grown by everybody, each step of them told once.
 *
 * One lock for all of it: what two workers find at the same time is one incident. The step is a row with a unique key, so
 * that whoever inserts it has to tell the human, and nobody else.
 */
import type { NoticeStep, StormFacts } from "@triage/contracts";
import {
  countsOf,
  decodeSketch,
  emptySketch,
  encodeSketch,
  mergeSketch,
  type StormKeyKind,
  type StormObservation,
  type StormSketch,
  type StormStrength,
} from "@triage/provenance";
import type { Database, Row, Session } from "../database.ts";
import { toJsonText } from "../json-text.ts";
import { insertNotice } from "./incident-writes.ts";
import { countGrouped } from "./storm-reports.ts";

/** The first number of messages that is told of after the beginning; then ten times that, and so on. */
const FIRST_STEP = 100;
/** LIMIT: examples of an incident. */
const MAX_EXAMPLES = 5;

export interface NotedReport {
  /** Id of the message here (UUIDv7): what makes a repeat count once, and says when it came in. */
  readonly messageId: string;
  readonly observation: StormObservation;
}

/** Reports of one batch that belong together. */
export interface StormGroup {
  /** By hash. */
  readonly keys: Map<string, { readonly kind: StormKeyKind; readonly value: string; readonly strength: StormStrength }>;
  /** All that was counted under these keys. */
  readonly sketch: StormSketch;
  readonly reports: (NotedReport & { readonly atMs: number })[];
}

interface Parts {
  readonly database: Database;
  readonly newId: () => string;
}

interface OpenIncident {
  readonly id: string;
  readonly facts: StormFacts;
  readonly sketch: StormSketch;
}

const FIND = `
SELECT id, facts, sketch FROM incident
 WHERE kind = 'storm' AND state = 'open' AND id IN (SELECT incident_id FROM incident_key WHERE key = ANY($1::uuid[]))
 ORDER BY id LIMIT 1`;

export interface RaisedStorm {
  readonly incidentId: string;
  /** Notices that this call has to see delivered. */
  readonly noticeIds: readonly string[];
}

/** @returns One for each group, in order. */
export async function raiseStorms(parts: Parts, groups: readonly StormGroup[]): Promise<readonly RaisedStorm[]> {
  return parts.database.transaction(async (session) => {
    await session.query("SELECT pg_advisory_xact_lock(hashtextextended('postmaster-triage:incident:' || $1, 0))", [
      parts.database.schema,
    ]);
    const raised: RaisedStorm[] = [];
    for (const group of groups) raised.push(await raiseStorm(session, group, parts.newId));
    return raised;
  });
}

async function raiseStorm(session: Session, group: StormGroup, newId: () => string): Promise<RaisedStorm> {
  const keys = [...group.keys.keys()];
  const [row] = await session.query(FIND, [keys]);
  const incident = row === undefined ? undefined : readIncident(row);
  const sketch = incident?.sketch ?? emptySketch();
  mergeSketch(sketch, group.sketch);
  const id = incident?.id ?? newId();
  const facts = { ...factsOf(group, sketch, incident?.facts), grouped: await countGrouped(session, id) };
  await (incident === undefined ? insert : update)(session, { id, facts, sketch }, group);
  await session.query(
    "INSERT INTO incident_key (key, incident_id) SELECT key, $2 FROM unnest($1::uuid[]) AS key ON CONFLICT DO NOTHING",
    [keys, id],
  );
  const noticeIds: string[] = [];
  for (const step of stepsOf(facts.unproven)) {
    const notice = await insertNotice(session, { id: newId(), incidentId: id, step, facts, at: latest(group) });
    if (notice) noticeIds.push(notice);
  }
  return { incidentId: id, noticeIds };
}

/** `begin`, then each power of ten that is reached. */
export function stepsOf(messages: number): readonly NoticeStep[] {
  const steps: NoticeStep[] = ["begin"];
  for (let step = FIRST_STEP; step <= messages; step *= 10) steps.push(`${step}`);
  return steps;
}

async function insert(session: Session, { id, facts, sketch }: OpenIncident, group: StormGroup): Promise<void> {
  await session.query(
    `INSERT INTO incident (id, kind, state, first_seen, last_seen, messages, facts, sketch)
     VALUES ($1, 'storm', 'open', $2, $3, $4, $5, $6)`,
    [id, earliest(group), latest(group), facts.unproven, toJsonText(facts), encodeSketch(sketch)],
  );
}

async function update(session: Session, { id, facts, sketch }: OpenIncident, group: StormGroup): Promise<void> {
  await session.query(
    `UPDATE incident SET first_seen = least(first_seen, $2), last_seen = greatest(last_seen, $3), messages = $4,
            facts = $5, sketch = $6 WHERE id = $1`,
    [id, earliest(group), latest(group), facts.unproven, toJsonText(facts), encodeSketch(sketch)],
  );
}

function readIncident(row: Row): OpenIncident {
  return { id: String(row.id), facts: row.facts as StormFacts, sketch: decodeSketch(row.sketch as Buffer) };
}

const KINDS: readonly StormKeyKind[] = ["address", "domain", "content"];
const STRENGTHS: readonly StormStrength[] = ["unprovable", "soft", "full"];

/** What the incident is named after stays; how sure it is may only rise. */
function factsOf(group: StormGroup, sketch: StormSketch, earlier: StormFacts | undefined): StormFacts {
  const keys = [...group.keys.values()].sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
  const [first] = keys;
  const strengths = [...keys.map(({ strength }) => strength), earlier?.strength ?? "unprovable"];
  const strongest = Math.max(...strengths.map((strength) => STRENGTHS.indexOf(strength)));
  return {
    by: earlier?.by ?? first?.kind ?? "content",
    scope: earlier?.scope ?? scopeOf(group, first),
    strength: STRENGTHS[strongest] ?? "unprovable",
    ...countsOf(sketch),
    examples: examplesOf(group, earlier?.examples ?? []),
  };
}

function scopeOf({ reports }: StormGroup, key: { readonly kind: StormKeyKind; readonly value: string } | undefined) {
  if (key === undefined || key.kind === "content") return reports[0]?.observation.subject ?? "";
  return key.value;
}

function examplesOf({ reports }: StormGroup, earlier: StormFacts["examples"]): StormFacts["examples"] {
  const examples = [...earlier];
  for (const { messageId, observation } of reports) {
    if (examples.length >= MAX_EXAMPLES) break;
    if (examples.some((example) => example.messageId === messageId)) continue;
    const { subject, reporter } = observation;
    examples.push({
      messageId,
      ...(subject !== undefined && { subject }),
      ...(reporter !== undefined && { reporter }),
    });
  }
  return examples;
}

function earliest({ reports }: StormGroup): Date {
  return new Date(Math.min(...reports.map(({ atMs }) => atMs)));
}

function latest({ reports }: StormGroup): Date {
  return new Date(Math.max(...reports.map(({ atMs }) => atMs)));
}
