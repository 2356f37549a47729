import { TriageError } from "../triage-error.ts";

/** One thing that is wrong, and where a person finds it. */
export interface ConfigProblem {
  /** The file, or `environment`. */
  readonly source: string;
  /** First line is 1; undefined: no line of the file is to blame. */
  readonly line: number | undefined;
  /** `http.port`, or the name of the environment variable. */
  readonly key: string;
  /** Continues the sentence that the key begins. */
  readonly message: string;
}

/** The configuration cannot be used. The message names every problem, one a line: `triage.yaml:3: http.port must be ...`. */
export class ConfigError extends TriageError {
  readonly code = "CONFIG_INVALID";
  readonly retryable = false;
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(formatProblem).join("\n"));
    this.problems = problems;
  }
}

function formatProblem({ source, line, key, message }: ConfigProblem): string {
  const where = line === undefined ? source : `${source}:${line}`;
  return `${where}: ${key === "" ? "" : `${key} `}${message}`;
}
