/** Folders for what the account that the server runs as cannot reach where it is. Only root ever needs them. */
export interface Elsewhere {
  /** Copies of the programs, by version. */
  readonly cacheDir: string;
  /** Data, by a hash of the data folder that they belong to. */
  readonly stateDir: string;
}

export const SYSTEM_FOLDERS: Elsewhere = {
  cacheDir: "/var/cache/postmaster-triage",
  stateDir: "/var/lib/postmaster-triage",
};
