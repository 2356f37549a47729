/** `triage rota`: who is on duty, from the configuration alone. */
import { ConfigError, loadConfig } from "@triage/runtime";
import { describeDuty } from "./describe-duty.ts";

export interface RotaOptions {
  readonly at?: Date;
  readonly turns: number;
}

export async function rotaCommand(file: string | undefined, { at, turns }: RotaOptions): Promise<number> {
  try {
    const { humans } = loadConfig({ path: file, env: process.env });
    const lines = humans.flatMap((human) => {
      const duty = describeDuty(human, at ?? new Date(), turns);
      return duty.length === 0 ? [] : [human.id, ...duty.map((line) => `  ${line}`)];
    });
    process.stdout.write(lines.length === 0 ? "no human has a rota\n" : `${lines.join("\n")}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}
