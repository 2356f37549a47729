/**
 * `npm run haystack [-- --seed N] [--site followed|plain] [--deliver] [--json] [--misses]`: 20,000 messages of one day through
 * the service, and what of it a person sees; with --deliver, what lies in the Maildirs of two humans of the followed site at the
 * end. Exit code 1 when a letter is hidden or lies in no Maildir, a problem is noticed late, or the person drowns.
 */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startEmbeddedPostgres } from "../../services/standalone/src/embedded-postgres/embedded-postgres.ts";
import { assessDay, formatAssessment } from "./assess-day.ts";
import { assessMails, formatMails } from "./assess-mails.ts";
import { composeDay } from "./compose-day.ts";
import { readMaildirs } from "./read-maildirs.ts";
import { type Found, runDay } from "./run-day.ts";
import { SITES, TWO_HUMANS } from "./site.ts";

const DEMANDS = { maxBesides: 60, noticedWithin: 5, maxNotices: 40 };

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    /** `followed` or `plain`: see site.ts. */
    site: { type: "string", default: "followed" },
    /** Not only to the verdict: to two humans, with queues on REDIS_URL, else in the database. */
    deliver: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    /** Names what the human got and should not, or should have got and did not. */
    misses: { type: "boolean", default: false },
  },
});
const seed = Number(values.seed);
if (!Number.isSafeInteger(seed)) throw new Error(`--seed ${values.seed}: not a whole number`);

const site = values.deliver ? TWO_HUMANS : SITES[values.site];
if (values.deliver && values.site !== "followed")
  throw new Error("--deliver: there are two humans at the followed site only");
if (site === undefined) throw new Error(`--site ${values.site}: not one of ${Object.keys(SITES).join(", ")}`);

const began = performance.now();
const day = composeDay(seed);
const { found, notices, mails } = await onOwnDatabase(async (databaseUrl, folder) => {
  const deliverTo = values.deliver ? join(folder, "humans") : undefined;
  const ran = await runDay(day, { databaseUrl, site, deliverTo, onProgress });
  return { ...ran, mails: deliverTo === undefined ? undefined : await readMaildirs(deliverTo) };
});
const assessment = assessDay({ found, notices }, DEMANDS);
const delivered = mails && assessMails(found, mails, DEMANDS);
const seconds = Math.round((performance.now() - began) / 1_000);
if (values.json)
  process.stdout.write(`${JSON.stringify({ seed, site: values.site, seconds, ...assessment, delivered })}\n`);
else
  process.stdout.write(
    `seed ${seed}, ${values.site} site, ${day.messages.length} messages, ${seconds} s\n\n${formatAssessment(assessment)}\n`,
  );
if (delivered !== undefined && !values.json) process.stdout.write(`\n${formatMails(delivered)}\n`);
if (values.misses) process.stdout.write(`\n${describeWrong(found)}\n`);
process.exitCode = assessment.misses.length + (delivered?.misses.length ?? 0) > 0 ? 1 : 0;

async function onOwnDatabase<T>(work: (databaseUrl: string, folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "triage-haystack-"));
  // root runs PostgreSQL as another account, which must reach its data.
  await chmod(folder, 0o755);
  const elsewhere = { cacheDir: join(folder, "programs"), stateDir: join(folder, "state") };
  const postgres = await startEmbeddedPostgres({ dataDir: folder, elsewhere });
  try {
    return await work(postgres.databaseUrl, folder);
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function onProgress(done: number): void {
  if (process.stderr.isTTY)
    process.stderr.write(`\r${done} of ${day.messages.length}${done === day.messages.length ? "\n" : ""}`);
}

/** Counts alike ones: what was made, and what it was taken for. */
function describeWrong(all: readonly Found[]): string {
  const counts = new Map<string, number>();
  for (const { message, verdict, kind, rule, route } of all) {
    const { truth, made, problem } = message;
    // What the notices tell of is neither hidden nor in the way.
    const wanted = truth === "joe job" || truth === "nuisance" ? "archive" : "human";
    if (route === "grouped" || (route === "human") === (wanted === "human")) continue;
    const line = `${truth}${problem === undefined ? "" : ` (${problem})`}, ${made}: ${kind}, ${verdict} by ${rule} -> ${route}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  return sorted.map(([line, count]) => `${String(count).padStart(5)}  ${line}`).join("\n");
}
