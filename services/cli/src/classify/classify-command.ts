/**
 * `triage classify`: the five stages over files, without database, Redis or network (DNS only when the configuration
 * asks for it). One result a message, in order; a file that cannot be read gives a line with `error`, and the exit
 * code 1 at the end.
 */
import { once } from "node:events";
import { type ClassifyContext, classify } from "@triage/classifier";
import type { Classification } from "@triage/contracts";
import type { Envelope } from "@triage/message";
import { startProgressBar } from "../progress-bar.ts";
import { formatError, formatText } from "./format-text.ts";
import { contextOf, envelopeOf, type MailOptions } from "./mail-options.ts";
import { listMailFiles, type MailItem, readMail } from "./mail-source.ts";

export interface ClassifyOptions extends MailOptions {
  readonly format: "json" | "text";
}

/** What is printed for one message. */
export type ClassifyResult =
  | ({ readonly path: string } & Classification)
  | { readonly path: string; readonly error: string };

export async function classifyCommand(paths: readonly string[], options: ClassifyOptions): Promise<number> {
  const envelope = envelopeOf(options);
  const context = await contextOf(options.config);
  const format = options.format === "json" ? formatJson : formatForPerson;
  const { files, skipped } = await listMailFiles(paths);
  const progress = startProgressBar("classify", files.length);
  let failures = 0;
  for (const [index, file] of files.entries()) {
    for await (const item of readMail(file)) {
      const result = await classifyItem(item, envelope, context);
      if ("error" in result) failures += 1;
      await print(format(result));
    }
    progress.update(index + 1);
  }
  progress.finish();
  if (skipped.length > 0) process.stderr.write(`triage classify: left out ${nameSome(skipped)}: not mail.\n`);
  return failures > 0 ? 1 : 0;
}

async function classifyItem(item: MailItem, envelope: Envelope, context: ClassifyContext): Promise<ClassifyResult> {
  if (item.kind === "error") return { path: item.path, error: item.error };
  try {
    const { classification } = await classify(item.raw, envelope, context);
    return { path: item.path, ...classification };
  } catch (error) {
    // classify() does not throw for bad mail: this is a defect of ours, and the other messages are still done.
    return { path: item.path, error: error instanceof Error ? error.message : String(error) };
  }
}

const formatJson = (result: ClassifyResult): string => JSON.stringify(result);

function formatForPerson(result: ClassifyResult): string {
  const colours = process.stdout.isTTY === true && !process.env.NO_COLOR;
  return "error" in result ? formatError(result.path, result.error, colours) : formatText(result, colours);
}

/** Waits for a slow reader (a pager) instead of filling memory. */
async function print(text: string): Promise<void> {
  if (!process.stdout.write(`${text}\n`)) await once(process.stdout, "drain");
}

function nameSome(paths: readonly string[]): string {
  const [first = ""] = paths;
  return paths.length === 1 ? first : `${first} and ${paths.length - 1} more`;
}
