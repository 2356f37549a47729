/**
 * One step of the schema. Once released it never changes (the runner compares checksums): add a new one. Steps only
 * add, so that roles of the version before keep working on the new schema while the site is being upgraded.
 */
export interface Migration {
  /** Increasing, without gaps. */
  readonly id: number;
  readonly name: string;
  /** Statements in the schema that `search_path` names; all of them run in one transaction. */
  readonly sql: string;
}
