/**
 * The MTA zoo: real MTAs from Debian's packages, made to bounce in many ways, and what this project reads of it.
 * `npm run zoo [-- --store] [MTA...]`. Needs root on Debian or its kin, and a package mirror; runs on demand only.
 *
 * What came back lies in `.cache/zoo/<mta>/`; with `--store` also in `test/corpus/dsn/<mta>/NN.eml`, where the tests read
 * it. The golden `.json` beside it is written by the test and checked by eye.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { unpackMta } from "./debian-packages.ts";
import type { Mta } from "./mta.ts";
import { MTAS } from "./mtas/index.ts";
import type { Outcome } from "./outcome.ts";
import { printReading } from "./reading.ts";
import { SCENARIOS } from "./scenarios.ts";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const CACHE = join(REPOSITORY, ".cache/zoo");
const CORPUS = join(REPOSITORY, "test/corpus/dsn");

const wanted = process.argv.slice(2).filter((word) => word !== "--store");
const stores = process.argv.includes("--store");
const unknown = wanted.filter((name) => !MTAS.some((mta) => mta.name === name));
if (unknown.length > 0) giveUp(`no ${unknown.join(", ")} here; there are ${MTAS.map((mta) => mta.name).join(", ")}.`);
if (process.getuid?.() !== 0 || !existsSync("/usr/bin/dpkg-deb"))
  giveUp("it needs root on Debian: MTAs are unpacked, mounted and caged.");

let faults = 0;
for (const mta of MTAS) {
  if (wanted.length > 0 && !wanted.includes(mta.name)) continue;
  console.error(`zoo: ${mta.name} ...`);
  try {
    await visit(mta);
  } catch (error) {
    faults += 1;
    console.log(`\n${mta.name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
process.exitCode = faults > 0 ? 1 : 0;

async function visit(mta: Mta): Promise<void> {
  const { folder, version } = await unpackMta(CACHE, mta.name, mta.packages);
  const outcomes = await runInCage(mta, folder);
  const kept = join(CACHE, mta.name, "reports");
  await rm(kept, { recursive: true, force: true });
  await mkdir(kept, { recursive: true });
  if (stores) await removeOldSamples(mta);
  console.log(`\n${mta.name} ${version}`);
  for (const scenario of SCENARIOS) {
    const outcome = outcomes.find((one) => one.scenario === scenario.id);
    if (outcome === undefined) continue;
    const { reports } = outcome;
    if (reports.length === 0)
      console.log(`  ${scenario.id.padEnd(18)} - ${oneLine(outcome.why ?? "nothing came back")}`);
    for (const [index, { reversePath, raw }] of reports.entries()) {
      const sample = sampleOf(reversePath, Buffer.from(raw, "base64"));
      const file = `${scenario.number}${index === 0 ? "" : `-${index + 1}`}.eml`;
      await writeFile(join(kept, file), sample);
      if (stores) await writeFile(join(CORPUS, mta.name, file), sample);
      printReading(scenario, file, sample);
    }
  }
}

/** As a Maildir has it: LF line ends, and the reverse-path on top (RFC 5321 section 4.4). */
function sampleOf(reversePath: string, raw: Buffer): Buffer {
  return Buffer.from(`Return-Path: <${reversePath}>\n${raw.toString("latin1").replaceAll("\r\n", "\n")}`, "latin1");
}

async function runInCage(mta: Mta, folder: string): Promise<readonly Outcome[]> {
  const cage = fileURLToPath(new URL("cage.ts", import.meta.url));
  const log = join(CACHE, mta.name, "log");
  const namespaces = ["--mount", "--net", "--uts", "--ipc", "--pid", "--fork", "--mount-proc", "--kill-child"];
  const command = [process.execPath, "--import", "tsx", cage, mta.name, folder, log];
  const child = spawn("unshare", [...namespaces, ...command], {
    cwd: REPOSITORY,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
  if (code !== 0) throw new Error(`its cage ended with ${code}; its log is ${log}`);
  return JSON.parse(output) as readonly Outcome[];
}

/** Those of the zoo have numbers from 51 on. */
async function removeOldSamples(mta: Mta): Promise<void> {
  const folder = join(CORPUS, mta.name);
  await mkdir(folder, { recursive: true });
  for (const file of await readdir(folder)) {
    if (/^[5-9]\d(-\d+)?\.eml$/.test(file)) await rm(join(folder, file));
  }
}

function oneLine(sentence: string): string {
  return sentence.replaceAll(/\s+/g, " ");
}

function giveUp(sentence: string): never {
  console.error(`zoo: ${sentence}`);
  process.exit(1);
}
