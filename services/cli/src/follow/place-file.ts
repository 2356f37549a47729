/**
 * Remembers how far each log was fed, in a file that is there whole or not at all: written beside, fsynced, renamed, and the
 * folder fsynced. What it says was in the ledger before it was written: after a crash some lines are sent again, none is left out.
 */
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import type { LogPlace } from "./log-files.ts";
import type { OpenMessageList } from "./open-messages.ts";

export interface LogProgress {
  readonly place: LogPlace;
  /** Messages that were begun before the place and not ended. */
  readonly open: OpenMessageList;
}

const VERSION = 1;

interface Content {
  readonly version: typeof VERSION;
  readonly logs: Readonly<Record<string, LogProgress>>;
}

export class PlaceFile {
  readonly #path: string;
  readonly #logs: Map<string, LogProgress>;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, logs: Map<string, LogProgress>) {
    this.#path = path;
    this.#logs = logs;
  }

  /** @throws {Error} The file is there and cannot be read, or is none of ours: nobody guesses where to go on. */
  static async open(path: string): Promise<PlaceFile> {
    await mkdir(dirname(path), { recursive: true });
    const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    if (text === undefined) return new PlaceFile(path, new Map());
    const content = parse(text);
    if (content?.version !== VERSION) throw new Error(`${path} is not a state file of triage follow`);
    return new PlaceFile(path, new Map(Object.entries(content.logs)));
  }

  progressOf(log: string): LogProgress | undefined {
    return this.#logs.get(log);
  }

  /** Resolves when it is on disk. */
  save(log: string, progress: LogProgress): Promise<void> {
    this.#logs.set(log, progress);
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<void> {
    const content: Content = { version: VERSION, logs: Object.fromEntries(this.#logs) };
    const fresh = `${this.#path}.new`;
    const handle = await open(fresh, "w", 0o600);
    try {
      await handle.writeFile(JSON.stringify(content));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, this.#path);
    const folder = await open(dirname(this.#path), "r");
    await folder.sync().finally(() => folder.close());
  }
}

function parse(text: string): Content | undefined {
  try {
    return JSON.parse(text) as Content;
  } catch {
    return undefined;
  }
}
