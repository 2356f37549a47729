/** Secrets that stand in a file of their own (`urlFile`, `keyFile`, ...), as Docker and Kubernetes mount them. */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { ConfigPath } from "../config-document.ts";

/** Collects what is wrong instead of stopping at the first thing. */
export type ReportProblem = (path: ConfigPath, message: string) => void;

/** Relative paths are relative to the folder of the configuration file. */
export class SecretFiles {
  readonly #folder: string;
  readonly #report: ReportProblem;

  constructor(configPath: string | undefined, report: ReportProblem) {
    this.#folder = configPath === undefined ? process.cwd() : dirname(configPath);
    this.#report = report;
  }

  resolve(path: string): string {
    return resolve(this.#folder, path);
  }

  /** The text without the line break at its end; undefined when there is no such key or the file cannot be read. */
  read(key: ConfigPath, path: string | undefined): string | undefined {
    if (path === undefined) return undefined;
    try {
      const text = readFileSync(this.resolve(path), "utf8").trim();
      if (text === "") this.#report(key, `names an empty file: ${path}`);
      return text;
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
      const reason = { ENOENT: "does not exist", EACCES: "may not be read", EISDIR: "is a folder" }[code] ?? code;
      this.#report(key, `names a file that ${reason}: ${path}`);
      return undefined;
    }
  }

  /** A value that is either written directly or stands in a file; both is a mistake. */
  choose(section: ConfigPath, key: string, value: string | undefined, file: string | undefined): string | undefined {
    if (value !== undefined && file !== undefined) {
      this.#report([...section, `${key}File`], `is given, and ${key} as well: keep one of them`);
    }
    return value ?? this.read([...section, `${key}File`], file);
  }
}
