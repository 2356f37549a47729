import type { Scenario } from "./scenarios.ts";

/** What the zoo must know of an MTA to run it. All of it takes place in the MTA's own root, network and process tree. */
export interface Mta {
  /** Its folder in `test/corpus/dsn`. */
  readonly name: string;
  /** Debian packages; the version of the first one is told. */
  readonly packages: readonly string[];
  /** System users, each with a group of the same name, that the packages would make when installed. */
  readonly users: readonly string[];
  /** Configuration: path in the MTA's root to content. It sends mail for 192.0.2.0/24 and delivers it by MX. */
  readonly files: Readonly<Record<string, string>>;
  /** Shell commands in the MTA's root: they start the daemon in the background, or do nothing. */
  readonly start: string;
  /** Whether it listens on port 25; else all mail is given to its `sendmail` command. */
  readonly listens: boolean;
  /** Shell command that reads a message and has `$SENDER` and `$RECIPIENTS`. */
  readonly sendmail: string;
  /** Shell commands that are repeated every two seconds, for an MTA without a daemon of its own. */
  readonly turn?: string;
  /** All mail goes to the smarthost 203.0.113.5, which answers what the recipients' servers would. */
  readonly usesSmarthost?: boolean;
  /** Addresses of its own that it forwards to the recipients of a scenario; default: it takes mail for these themselves. */
  readonly forwards?: (scenario: Scenario) => readonly string[];
  /** It is set up to tell the postmaster of a scenario what it tells the sender, and more. */
  readonly tellsPostmaster?: true;
  /** Scenarios (ids) that it cannot be brought to report, and why. */
  readonly lacks: Readonly<Record<string, string>>;
}

/** Reasons for `lacks` that several MTAs share. */
export const NO_QUOTAS = "has no quotas of its own: it leaves them to the file system or to who delivers";
export const NO_LMTP = "the LMTP server with quotas stands beside Postfix";

/** The MTA's name and address. */
export const MTA_HOST = "mail.example.org";
export const MTA_ADDRESS = "198.51.100.10";
export const SMARTHOST_ADDRESS = "203.0.113.5";
export const NAME_SERVER_ADDRESS = "192.0.2.53";
