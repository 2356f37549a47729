import { addressWriter, createLog, loadConfig, type ResolvedConfig, Shutdown } from "@triage/runtime";
import { describeStart } from "./announcement.ts";
import { describeStartError } from "./describe-start-error.ts";
import { type RunningStandalone, startStandalone } from "./start-standalone.ts";

/**
 * Runs the standalone service until a signal ends the process.
 *
 * @returns 1 when it cannot start; the reason is on stderr. Does not return otherwise.
 */
export async function runStandalone(): Promise<number> {
  try {
    const config = loadConfig({ env: process.env });
    await run(config);
  } catch (error) {
    process.stderr.write(`postmaster-triage: ${describeStartError(error)}\n`);
    return 1;
  }
  return new Promise(() => {}); // Shutdown ends the process
}

async function run(config: ResolvedConfig): Promise<void> {
  // That nobody reads what is printed (`npm start | head`), or that it fills the disk, is no reason to end.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  const log = createLog({
    level: config.log.level,
    writeAddress: addressWriter(config.privacy.addresses.log, config.privacy.secret),
  });
  const starting = startStandalone(config, {
    log,
    onProgress: (line) => process.stdout.write(`postmaster-triage: ${line}\n`),
  });
  let stopping = false;
  // A Ctrl-C while it starts waits for the start, so that nothing half-made is left behind.
  const close = async () => {
    stopping = true;
    const running: RunningStandalone | undefined = await starting.catch(() => undefined);
    await running?.close();
  };
  new Shutdown({ close, log }).listen();
  const running = await starting;
  if (!stopping) process.stdout.write(describeStart(config, running, process.cwd()));
}
