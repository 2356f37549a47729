/** `triage policy list`: the table in effect, in the order in which its rows are asked. */
import { describeConditions, type PolicyRow, policyInEffect } from "@triage/routing";
import { wrapText } from "../why/wrap-text.ts";

export interface PolicyListOptions {
  readonly config?: string;
  readonly format: "json" | "text";
}

const WIDTH_CHARS = 100;
const INDENT = 4;

export async function policyListCommand({ config, format }: PolicyListOptions): Promise<number> {
  const rows = await readPolicy(config ?? process.env.TRIAGE_CONFIG);
  const text = format === "json" ? `${JSON.stringify(rows)}\n` : rows.map(formatRow).join("\n");
  process.stdout.write(text);
  return 0;
}

/** @throws {ConfigError} The configuration has mistakes, each named with its line. */
async function readPolicy(path: string | undefined): Promise<readonly PolicyRow[]> {
  if (path === undefined || path === "") return policyInEffect({});
  const { loadConfig } = await import("@triage/runtime");
  return policyInEffect(loadConfig({ path, env: process.env }));
}

function formatRow(row: PolicyRow, index: number): string {
  const head = `${String(index + 1).padStart(2)}  ${row.id} -> ${row.route}, urgency ${row.urgency ?? "normal"}`;
  const conditions = describeConditions(row).map(([id, wanted]) => `${id}: ${wanted}`);
  const lines = [...(conditions.length === 0 ? ["every message"] : conditions), row.because];
  return `${[head, ...lines.flatMap(wrap)].join("\n")}\n`;
}

function wrap(text: string): string[] {
  return wrapText(text, WIDTH_CHARS - INDENT).map((line) => " ".repeat(INDENT) + line);
}
