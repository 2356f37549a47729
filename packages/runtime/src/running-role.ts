/** The roles that a process can play; `standalone` plays all of them. */
export const ROLES = ["ingest", "classifier", "delivery"] as const;
export type RoleName = (typeof ROLES)[number];

/** A started role. */
export interface RunningRole {
  /**
   * Stops taking work, finishes (or gives back) what is in progress, then closes what the role itself opened.
   * Calling it again is harmless.
   */
  close(): Promise<void>;
}
