/** `triage retention`: what is kept no longer goes now; with `--dry-run` it is only said. */
import { addressWriter, type ResolvedConfig } from "@triage/runtime";
import type { RetentionResult } from "@triage/store";
import { borrowStore } from "./borrow-store.ts";

const DAY_MS = 86_400_000;

export interface RetentionCommandOptions {
  readonly config?: string;
  readonly dryRun: boolean;
  /** The clock is right, whatever it looks like. */
  readonly yes: boolean;
}

/** @returns The exit code: 0; 1 when another process is at it, or the clock may have jumped. */
export function retentionCommand({ config, dryRun, yes }: RetentionCommandOptions): Promise<number> {
  return borrowStore(config, async (store, { retention, privacy }) => {
    if (dryRun) {
      process.stdout.write(formatRetention(await store.planRetention(retention), retention, true));
      return 0;
    }
    const redact = addressWriter(privacy.addresses.archive, privacy.secret);
    const outcome = await store.runRetention(retention, { redact, trustClock: yes });
    if (outcome.kind === "busy") {
      process.stderr.write("triage retention: another process is at it; try again later\n");
      return 1;
    }
    if (outcome.kind === "doubtful") {
      const { from, to } = outcome.gap;
      process.stderr.write(
        `triage retention: nothing was dropped. Between ${from.toISOString()} and ${to.toISOString()} there was no mail and no ` +
          "run: was the service stopped, or has the clock jumped? Where the clock is right, --yes drops what is over.\n",
      );
      return 1;
    }
    process.stdout.write(formatRetention(outcome.result, retention, false));
    return 0;
  });
}

const HOW = {
  drop: "the whole day goes",
  exchange: "what stays is copied, the old table is dropped",
  delete: "most of it stays, the others are deleted",
} as const;

export function formatRetention(
  { days, facts, oldest }: RetentionResult,
  keep: ResolvedConfig["retention"],
  dryRun: boolean,
): string {
  const lines = [
    `Days that are kept: ${keep.human} for a human, ${keep.digest} digest, ${keep.archive} archive; facts ${keep.facts}.`,
  ];
  for (const { partition, how, goes, stays, bytes } of days) {
    const day = new Date(partition.day * DAY_MS).toISOString().slice(0, 10);
    lines.push(`${day}  ${goes} messages go, ${stays} stay, ${formatBytes(bytes)} (${HOW[how]})`);
  }
  const freed = days.reduce((sum, { bytes }) => sum + bytes, 0);
  const messages = days.reduce((sum, { goes }) => sum + goes, 0);
  const verb = dryRun ? "Would drop" : "Dropped";
  lines.push(
    `${verb} the bytes of ${messages} messages (${formatBytes(freed)}), what is known of ${facts.messages}, and ${facts.incidents} incidents.`,
  );
  lines.push(`The oldest message whose bytes are kept: ${oldest?.toISOString() ?? "there is none"}.`);
  return `${lines.join("\n")}\n`;
}

function formatBytes(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.ceil(bytes / 1_000)} kB`;
  return bytes < 1_000_000_000 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
