/**
 * One MTA of the zoo at work. Runs as the first process of namespaces of its own (`zoo.ts` makes them): when it ends, the
 * kernel ends all that it started, and its mounts and networks are gone.
 *
 * There are two hosts. This process is the world (`world.ts`) and the client; the MTA has a box of its own (`box.ts`). So
 * it runs as installed, on port 25, with MX look-ups, and touches nothing outside.
 */
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { makeBox, type RunInBox } from "./box.ts";
import { MTA_ADDRESS, type Mta } from "./mta.ts";
import { MTAS } from "./mtas/index.ts";
import type { Outcome } from "./outcome.ts";
import type { ReceivedMail } from "./remote-server.ts";
import { reportedTo, SCENARIOS, type Scenario, senderOf } from "./scenarios.ts";
import { messageOf, submit } from "./submit.ts";
import { startWorld, WORLD_ADDRESSES } from "./world.ts";

/** The longest that an MTA gets for all scenarios: its slowest retry schedule, and a busy machine. */
const LONGEST_MS = 110_000;
/** Longer than from any MTA's warning to its giving up: when every scenario has a report and no other came, it is done. */
const QUIET_MS = 16_000;
const TURN_MS = 2_000;

const [name = "", folder = "", logPath = ""] = process.argv.slice(2);
const mta = MTAS.find((one) => one.name === name);
if (mta === undefined) throw new Error(`no MTA ${name} in the zoo`);
const scenarios = SCENARIOS.filter(({ postmaster }) => postmaster === undefined || mta.tellsPostmaster === true);
process.stdout.write(`${JSON.stringify(await keep(mta, folder))}\n`);
process.exit(0);

async function keep(mta: Mta, folder: string): Promise<readonly Outcome[]> {
  const box = await makeBox(mta, folder, WORLD_ADDRESSES);
  const reports = new Map(scenarios.map((scenario) => [reportedTo(scenario), [] as ReceivedMail[]]));
  await startWorld(mta, (mail) => {
    for (const path of mail.forwardPaths) reports.get(path.replace(/^"(.*)"@/, "$1@"))?.push(mail);
  });
  startDaemon(mta, box);
  if (mta.listens) await untilItListens(box);
  const refusals = await submitAll(mta, box);
  await untilAllReported(mta, box, refusals, reports);
  return scenarios.map((scenario) => ({
    scenario: scenario.id,
    why: refusals.get(scenario.id) ?? mta.lacks[scenario.id],
    reports: kept(scenario, reports.get(reportedTo(scenario)) ?? []),
  }));
}

function startDaemon(mta: Mta, box: RunInBox): void {
  const log = createWriteStream(logPath);
  const daemon = box(mta.start);
  daemon.stdin?.end();
  daemon.stdout?.pipe(log, { end: false });
  daemon.stderr?.pipe(log, { end: false });
}

/** Of what the postmaster is told, two of a kind are enough: Postfix sends transcripts and copies under one name. */
function kept({ postmaster }: Scenario, mails: readonly ReceivedMail[]): Outcome["reports"] {
  const some = postmaster === undefined ? mails : mails.slice(0, 2);
  return some.map(({ reversePath, raw }) => ({ reversePath, raw: raw.toString("base64") }));
}

async function untilItListens(box: RunInBox): Promise<void> {
  const begin = performance.now();
  while (performance.now() - begin < 20_000) {
    const probe = box(`exec 3<>/dev/tcp/${MTA_ADDRESS}/25 && head -c 4 <&3`, "bash");
    if ((await text(probe.stdout ?? process.stdin)).startsWith("220")) return;
    await wait(300);
  }
  throw new Error(`${name} does not listen; see its log`);
}

/** @returns Why the MTA did not take a message, by scenario. */
async function submitAll(mta: Mta, box: RunInBox): Promise<Map<string, string>> {
  const refusals = new Map<string, string>();
  for (const scenario of scenarios) {
    if (scenario.id in mta.lacks || scenario.recipients.length === 0) continue;
    if (mta.usesSmarthost === true && !isRefusedAtRcpt(scenario)) {
      refusals.set(scenario.id, "not for it to find out, but for its smarthost");
      continue;
    }
    const date = new Date();
    const overSmtp = mta.listens && scenario.local !== true;
    const refusal = overSmtp
      ? await submit(scenario, mta.forwards?.(scenario) ?? scenario.recipients, date).catch(
          (error: unknown) => `submission failed: ${error}`,
        )
      : await runSendmail(mta, box, scenario, date);
    if (refusal !== undefined) refusals.set(scenario.id, refusal);
  }
  return refusals;
}

function isRefusedAtRcpt({ destinations }: Scenario): boolean {
  return Object.values(destinations).some((one) => one.kind === "server" && one.script.rcpt !== undefined);
}

async function runSendmail(mta: Mta, box: RunInBox, scenario: Scenario, date: Date): Promise<string | undefined> {
  if (scenario.mailParameters !== undefined || scenario.recipientParameters !== undefined) {
    return "its sendmail command has no DSN or SMTPUTF8 parameters";
  }
  const child = box(`SENDER='${senderOf(scenario)}'; RECIPIENTS='${scenario.recipients.join(" ")}'; ${mta.sendmail}`);
  child.stdin?.end(messageOf(scenario, date).replaceAll("\r\n", "\n"));
  const [output, [code]] = await Promise.all([text(child.stderr ?? process.stdin), once(child, "close")]);
  return code === 0 ? undefined : `refused by its sendmail command (${code}): ${output.trim()}`;
}

async function untilAllReported(
  mta: Mta,
  box: RunInBox,
  refusals: ReadonlyMap<string, string>,
  reports: ReadonlyMap<string, readonly ReceivedMail[]>,
): Promise<void> {
  const awaited = scenarios.filter((scenario) => !(scenario.id in mta.lacks) && !refusals.has(scenario.id));
  const countOf = (scenario: Scenario) => reports.get(reportedTo(scenario))?.length ?? 0;
  const begin = performance.now();
  let lastReport = begin;
  let count = 0;
  for (let now = begin; now - begin < LONGEST_MS; now = performance.now()) {
    const soFar = awaited.reduce((sum, scenario) => sum + countOf(scenario), 0);
    if (soFar > count) lastReport = now;
    count = soFar;
    if (now - lastReport > QUIET_MS && awaited.every((scenario) => countOf(scenario) > 0)) return;
    if (mta.turn !== undefined) await once(box(mta.turn), "close");
    await wait(TURN_MS);
  }
}
