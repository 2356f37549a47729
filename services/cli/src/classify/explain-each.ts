/** What `triage why` and `triage policy explain` share: each message of the paths explained in turn, for a person or as JSON. */
import { once } from "node:events";
import type { ClassifyContext } from "@triage/classifier";
import type { Envelope } from "@triage/message";
import { formatError } from "./format-text.ts";
import { contextOf, envelopeOf, type MailOptions } from "./mail-options.ts";
import { listMailFiles, readMail } from "./mail-source.ts";

export interface ExplainOptions extends MailOptions {
  readonly format: "json" | "text";
}

/** How one message is explained, and how a person reads it (`width` in columns). */
export interface Explainer<Explained extends object> {
  explain(path: string, raw: Buffer, envelope: Envelope, context: ClassifyContext): Promise<Explained>;
  format(explained: Explained, style: { readonly width: number; readonly colours: boolean }): string;
}

/** What a file or a pipe gets, where nobody says how wide the reader's window is. */
const DEFAULT_WIDTH_CHARS = 80;
/** LIMIT: lines longer than this are hard to read, however wide the window is. */
const MAX_WIDTH_CHARS = 120;

/** @returns The exit code: 1 when a file could not be read; the others are still explained. */
export async function explainEach<Explained extends object>(
  paths: readonly string[],
  options: ExplainOptions,
  { explain, format }: Explainer<Explained>,
): Promise<number> {
  const envelope = envelopeOf(options);
  const context = await contextOf(options.config);
  const isJson = options.format === "json";
  const colours = process.stdout.isTTY === true && !process.env.NO_COLOR;
  const width = Math.min(process.stdout.columns ?? DEFAULT_WIDTH_CHARS, MAX_WIDTH_CHARS);
  const { files } = await listMailFiles(paths);
  let failures = 0;
  const print = async (text: string) => {
    if (!process.stdout.write(`${text}\n`)) await once(process.stdout, "drain");
  };
  for (const file of files) {
    for await (const item of readMail(file)) {
      if (item.kind === "error") {
        failures += 1;
        const { path, error } = item;
        await print(isJson ? JSON.stringify({ path, error }) : formatError(path, error, colours));
        continue;
      }
      const explained = await explain(item.path, item.raw, envelope, context);
      await print(isJson ? JSON.stringify(explained) : format(explained, { width, colours }));
    }
  }
  return failures > 0 ? 1 : 0;
}
