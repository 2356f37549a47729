/** Environment variables that override keys of the file. An empty one counts as not set. */

interface EnvironmentKey {
  readonly name: string;
  /** Path of the key in the file. */
  readonly path: readonly string[];
}

const KEYS: readonly EnvironmentKey[] = [
  { name: "HOST", path: ["http", "host"] },
  { name: "PORT", path: ["http", "port"] },
  { name: "TRIAGE_DATA_DIR", path: ["dataDir"] },
  { name: "DATABASE_URL", path: ["database", "url"] },
  { name: "REDIS_URL", path: ["redis", "url"] },
  { name: "LOG_LEVEL", path: ["log", "level"] },
];

/** The path of the file itself. */
export const CONFIG_PATH_VARIABLE = "TRIAGE_CONFIG";
/** One more key for the API, beside those of the file. */
export const API_KEY_VARIABLE = "TRIAGE_API_KEY";

/** Every name that the service reads from its environment. */
export const CONFIG_ENVIRONMENT: readonly string[] = [
  ...KEYS.map(({ name }) => name),
  CONFIG_PATH_VARIABLE,
  API_KEY_VARIABLE,
].sort();

export type Environment = Readonly<Record<string, string | undefined>>;

export interface EnvironmentOverride extends EnvironmentKey {
  readonly value: string;
}

export function readOverrides(env: Environment): readonly EnvironmentOverride[] {
  return KEYS.flatMap((key) => {
    const value = env[key.name];
    return value === undefined || value === "" ? [] : [{ ...key, value }];
  });
}
