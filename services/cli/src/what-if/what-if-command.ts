/**
 * `triage what-if`: the stored messages of the last days judged again, under other thresholds or another configuration,
 * and what would have changed. Reads the database and nothing else of the service; writes nothing anywhere.
 */
import { openReplay } from "@triage/classifier";
import { loadConfig, type ResolvedConfig } from "@triage/runtime";
import { borrowDatabase } from "@triage/standalone";
import { type MessageArchive, openArchive } from "@triage/store";
import { startProgressBar } from "../progress-bar.ts";
import { formatWhatIf } from "./format-what-if.ts";
import { judgeAgain, type Replays } from "./judge-again.ts";
import type { SupposedThresholds } from "./supposed-thresholds.ts";
import { Tally } from "./tally.ts";
import type { WhatIf } from "./what-if.ts";

const DAY_MS = 86_400_000;

export interface WhatIfOptions {
  readonly threshold: SupposedThresholds;
  readonly config?: string;
  readonly days: number;
  readonly format: "text" | "json";
}

/** @returns The exit code: 0, also when much would change. Throws what keeps it from looking, in one sentence. */
export async function whatIfCommand(options: WhatIfOptions): Promise<number> {
  const case_ = readCase(options);
  const database = await borrowDatabase(case_.service);
  try {
    const result = await lookInto(database.databaseUrl, case_, options.days);
    const colours = process.stdout.isTTY === true && !process.env.NO_COLOR;
    process.stdout.write(options.format === "json" ? `${JSON.stringify(result)}\n` : formatWhatIf(result, colours));
    return 0;
  } finally {
    await database.close();
  }
}

interface Case {
  /** The service whose messages are read. */
  readonly service: ResolvedConfig;
  readonly supposed: ResolvedConfig;
  /** Undefined: nothing else is supposed, or the service's own configuration is not at hand. */
  readonly present: ResolvedConfig | undefined;
  /** What is supposed, in words. */
  readonly words: readonly string[];
}

/** With `--config` alone, without a configuration of the service beside it, that file tells where the database is, too. */
function readCase({ config, threshold }: WhatIfOptions): Case {
  const own = loadConfig({ env: process.env });
  const base = config === undefined ? own : loadConfig({ path: config, env: process.env });
  const isOther = base.path !== own.path;
  const service = isOther && own.path === undefined ? base : own;
  const words = [
    ...(isOther ? [`the configuration ${base.path}`] : []),
    ...Object.entries(threshold).map(([verdict, value]) => `thresholds.${verdict} ${value}`),
  ];
  const isPresentKnown = words.length > 0 && !(isOther && own.path === undefined);
  return {
    service,
    supposed: { ...base, thresholds: { ...base.thresholds, ...threshold } },
    present: isPresentKnown ? own : undefined,
    words,
  };
}

async function lookInto(
  databaseUrl: string,
  { service, supposed, present, words }: Case,
  days: number,
): Promise<WhatIf> {
  const { ledger } = service.site;
  const archive = await openArchive({
    databaseUrl,
    ledgerDays: ledger.days,
    ...(ledger.secret !== undefined && { ledgerSecret: ledger.secret }),
  });
  try {
    const since = new Date(Date.now() - days * DAY_MS);
    const replays: Replays = {
      supposed: await openReplay(supposed, archive),
      present: present && (await openReplay(present, archive)),
    };
    const { tally, total } = await judgeAll(archive, since, replays);
    const withoutBytes = Math.max(total - tally.messages, 0);
    const counted = tally.result(replays.present !== undefined);
    return { since: since.toISOString(), days, supposed: words, withoutBytes, ...counted };
  } finally {
    await archive.close();
  }
}

/** Batch by batch: what a batch holds is forgotten before the next one is read. */
async function judgeAll(archive: MessageArchive, since: Date, replays: Replays) {
  const total = await archive.count(since);
  const tally = new Tally();
  const progress = startProgressBar("what-if", total);
  try {
    for await (const batch of archive.read(since)) {
      const judged = await Promise.all(batch.map((message) => judgeAgain(message, replays)));
      for (const one of judged) tally.add(one);
      progress.update(Math.min(tally.messages, total));
    }
  } finally {
    progress.finish();
  }
  return { tally, total };
}
