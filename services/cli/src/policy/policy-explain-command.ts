/**
 * `triage policy explain`: why a message goes where it goes. It is classified as by `triage classify`, without a database;
 * then every row of the policy says whether it matches.
 */
import { once } from "node:events";
import type { ClassifyContext } from "@triage/classifier";
import type { Envelope } from "@triage/message";
import { formatError } from "../classify/format-text.ts";
import { contextOf, envelopeOf, type MailOptions } from "../classify/mail-options.ts";
import { listMailFiles, type MailItem, readMail } from "../classify/mail-source.ts";
import { type ExplainedRoute, explainRoute } from "./explain-route.ts";
import { formatRoute } from "./format-route.ts";

export interface PolicyExplainOptions extends MailOptions {
  readonly format: "json" | "text";
}

/** What a file or a pipe gets, where nobody says how wide the reader's window is. */
const DEFAULT_WIDTH_CHARS = 80;
/** LIMIT: lines longer than this are hard to read, however wide the window is. */
const MAX_WIDTH_CHARS = 120;

type Result = ExplainedRoute | { readonly path: string; readonly error: string };

/** @returns The exit code: 1 when a file could not be read; the others are still explained. */
export async function policyExplainCommand(paths: readonly string[], options: PolicyExplainOptions): Promise<number> {
  const envelope = envelopeOf(options);
  const context = await contextOf(options.config);
  const format = options.format === "json" ? (result: Result) => JSON.stringify(result) : formatForPerson;
  const { files } = await listMailFiles(paths);
  let failures = 0;
  for (const file of files) {
    for await (const item of readMail(file)) {
      const result = await explainItem(item, envelope, context);
      if ("error" in result) failures += 1;
      if (!process.stdout.write(`${format(result)}\n`)) await once(process.stdout, "drain");
    }
  }
  return failures > 0 ? 1 : 0;
}

async function explainItem(item: MailItem, envelope: Envelope, context: ClassifyContext): Promise<Result> {
  if (item.kind === "error") return { path: item.path, error: item.error };
  return explainRoute(item.path, item.raw, envelope, context);
}

function formatForPerson(result: Result): string {
  const colours = process.stdout.isTTY === true && !process.env.NO_COLOR;
  if ("error" in result) return formatError(result.path, result.error, colours);
  return formatRoute(result, {
    width: Math.min(process.stdout.columns ?? DEFAULT_WIDTH_CHARS, MAX_WIDTH_CHARS),
    colours,
  });
}
