/** `triage model list|show|train|rollback`: what the service learned from corrections, in versions. */
import { setTimeout as delay } from "node:timers/promises";
import type { Models, ModelVersionView } from "@triage/contracts";
import type { Comparison } from "@triage/scoring";
import { ApiClient, type ApiOptions } from "../api-client.ts";

const POLL_MS = 500;
/** LIMIT: a training takes seconds; without an answer by then, no classifier is running. */
const TRAINING_TIMEOUT_MS = 120_000;

export interface ModelOptions extends ApiOptions {
  readonly json: boolean;
}

export async function listModelsCommand({ json, ...api }: ModelOptions): Promise<number> {
  print(await (await ApiClient.open(api)).get<Models>("/v1/models"), json, formatModels);
  return 0;
}

/** @param version  Undefined: the active one. */
export async function showModelCommand(version: number | undefined, { json, ...api }: ModelOptions): Promise<number> {
  const client = await ApiClient.open(api);
  const shown = version ?? (await client.get<Models>("/v1/models")).active;
  if (shown === 0) throw new Error("version 0 is the model that the service ships: it has learned from no correction");
  print(await client.get<ModelVersionView>(`/v1/models/${shown}`), json, formatVersion);
  return 0;
}

/** Waits for the training. @returns 1 when nothing was activated although something is new. */
export async function trainModelCommand({ json, ...api }: ModelOptions): Promise<number> {
  const client = await ApiClient.open(api);
  let models = await client.post<Models>("/v1/models/training", {});
  const deadline = performance.now() + TRAINING_TIMEOUT_MS;
  while (models.training.wanted) {
    if (performance.now() > deadline)
      throw new Error("nobody has trained yet: is a classifier running, with learning?");
    await delay(POLL_MS);
    models = await client.get<Models>("/v1/models");
  }
  print(models, json, formatTraining);
  const { lastOutcome } = models.training;
  return lastOutcome === "activated" || lastOutcome === "unchanged" ? 0 : 1;
}

/** @param version  Undefined: the one before the active one. */
export async function rollBackModelCommand(
  version: number | undefined,
  { json, ...api }: ModelOptions,
): Promise<number> {
  const client = await ApiClient.open(api);
  const models = await client.post<Models>("/v1/models/rollback", version === undefined ? {} : { version });
  print(models, json, ({ active }) => [
    `version ${active} is active; all workers have it within seconds`,
    "It stays so: triage model train lets training activate versions again.",
  ]);
  return 0;
}

function print<Answer>(answer: Answer, json: boolean, format: (answer: Answer) => readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(answer)}\n` : `${format(answer).join("\n")}\n`);
}

function formatModels(models: Models): string[] {
  const { active, held, versions } = models;
  const rows = versions.map(
    ({ version, madeAt, corrections, outcome, why }) =>
      `${version === active ? "*" : " "} ${String(version).padStart(5)}  ${minuteOf(madeAt)}  ${String(corrections).padStart(11)}  ${outcome.padEnd(9)}  ${why}`,
  );
  return [
    "  version  made (UTC)        corrections  outcome    why",
    ...rows,
    `${active === 0 ? "*" : " "}     0  the model that the service ships`,
    ...(held ? ["held by a rollback: triage model train lets training activate versions again"] : []),
    ...formatTraining(models),
  ];
}

function formatTraining({ training }: Models): string[] {
  const { wanted, lastAt, lastOutcome, lastWhy } = training;
  const last =
    lastAt === undefined
      ? "never trained"
      : `last trained ${minuteOf(lastAt)}: ${lastOutcome ?? "?"}${lastWhy === undefined ? "" : `, ${lastWhy}`}`;
  return [wanted ? `${last}; there is something new to learn` : last];
}

function formatVersion({ version, madeAt, corrections, outcome, why, comparison }: ModelVersionView): string[] {
  const { groups, lettersSuppressed } = comparison as Comparison;
  return [
    `version ${version}, made ${minuteOf(madeAt)} UTC from ${corrections} ${corrections === 1 ? "correction" : "corrections"}: ${outcome}`,
    why,
    "",
    "group                messages  wrong: the one before  this one",
    ...groups.map(
      ({ group, messages, wrongLive, wrongCandidate }) =>
        `${group.padEnd(20)} ${String(messages).padStart(8)}  ${String(wrongLive).padStart(21)}  ${String(wrongCandidate).padStart(8)}`,
    ),
    ...lettersSuppressed.map((id) => `hides ${id}`),
  ];
}

/** `2026-11-22 13:45` */
function minuteOf(instant: string): string {
  return instant.slice(0, 16).replace("T", " ");
}
