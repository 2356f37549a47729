/** `triage erase`: what is kept of a person goes, and what cannot go from here is said. */
import { createInterface } from "node:readline/promises";
import { type Address, formatAddress, parseAddress } from "@triage/message";
import type { ErasureMessage, ErasureResult } from "@triage/store";
import { startProgressBar } from "../progress-bar.ts";
import { borrowStore } from "./borrow-store.ts";

/** LIMIT: messages that are named one by one. */
const MAX_NAMED = 1_000;

export interface EraseOptions {
  readonly address: string;
  readonly config?: string;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

/** @returns The exit code: 0 done; 1 not, or something has to wait until it is finished: run it again then. */
export async function eraseCommand({ address: text, config, dryRun, yes }: EraseOptions): Promise<number> {
  const address = parseAddress(text);
  if (address === undefined || address.domain === "") return refuse(`not an address: ${text}`);
  if (!dryRun && !yes && !(await isConfirmed(address))) return refuse("nothing was changed");
  return borrowStore(config, async (store) => {
    let bar: ReturnType<typeof startProgressBar> | undefined;
    const onProgress = (done: number, total: number) => {
      bar ??= startProgressBar("erase", total);
      bar.update(Math.min(done, total));
    };
    const outcome = await store.erasePerson({ address, dryRun, onProgress }).finally(() => bar?.finish());
    if (outcome.kind === "busy") return refuse("retention or another erasure is at work; try again later");
    process.stdout.write(formatErasure(outcome.result, dryRun));
    return outcome.result.unfinished.length > 0 ? 1 : 0;
  });
}

function refuse(why: string): number {
  process.stderr.write(`triage erase: ${why}\n`);
  return 1;
}

async function isConfirmed(address: Address): Promise<boolean> {
  if (process.stdin.isTTY !== true) {
    process.stderr.write("triage erase: nobody is there to ask; say --yes, or --dry-run first\n");
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(
      `Everything that is kept of ${formatAddress(address)} goes, and cannot be brought back. Type the address to go on: `,
    );
    return answer.trim().toLowerCase() === formatAddress(address).toLowerCase();
  } finally {
    terminal.close();
  }
}

/** For a terminal or a file of the case; does not name the person. */
export function formatErasure(result: ErasureResult, dryRun: boolean): string {
  const { written, mentioned, rows, ledger, delivered, unfinished, auditId } = result;
  const lines = [
    dryRun ? "Nothing was changed. It would be:" : "Erased:",
    `  ${count(written, "message")} from the person: bytes and words go, a stub without them stays`,
    `  ${count(mentioned, "message")} that ${mentioned === 1 ? "names" : "name"} the person: bytes go, the address is taken out of what is known`,
    `  ${count(ledger, "entry", "entries")} of the sent ledger`,
    ...[...rows].map(([column, total]) => `  ${count(total, "row")} of ${column}`),
  ];
  if (auditId !== undefined)
    lines.push(`Line ${auditId} of the table erasure says so, with a keyed hash of the address.`);
  lines.push("", "Not from here:");
  if (delivered.length > 0) {
    lines.push(`- ${count(delivered.length, "message")} reached a human's mailbox, and must be removed there:`);
    lines.push(...named(delivered));
  }
  if (unfinished.length > 0) {
    lines.push(
      `- ${count(unfinished.length, "message")} untouched, because not finished or a dead letter. Settle them, then run this again:`,
    );
    lines.push(...named(unfinished));
  }
  lines.push(
    "- Counts of storms are one-way sketches without addresses; they are forgotten within hours.",
    "- Backups of the database, its logs for recovery, and the MTA's own logs. Attachments that are packed or encrypted are not looked into, and names without the address are not found.",
  );
  return `${lines.join("\n")}\n`;
}

function named(messages: readonly ErasureMessage[]): readonly string[] {
  const shown = messages
    .slice(0, MAX_NAMED)
    .map(({ id, receivedAt, state }) => `  ${id}  ${receivedAt.toISOString()}  ${state}`);
  return messages.length > MAX_NAMED ? [...shown, `  and ${messages.length - MAX_NAMED} more`] : shown;
}

function count(total: number, one: string, many = `${one}s`): string {
  return `${total} ${total === 1 ? one : many}`;
}
