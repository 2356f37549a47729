/** The outlets that a person wrote -> those that code uses. */
import { isAbsolute, resolve } from "node:path";
import type { ConfigPath } from "../config-document.ts";
import type { Config } from "../config-file.ts";
import type { CommandConfig, OutletConfig } from "../resolved-outlets.ts";
import { resolveFrom } from "./resolve-humans.ts";
import { resolveLmtp, resolveSmtp } from "./resolve-mail-server.ts";
import { resolveWebhook } from "./resolve-webhook.ts";
import type { ReportProblem, SecretFiles } from "./secret-files.ts";

type Kinds = NonNullable<NonNullable<Config["delivery"]>["outlet"]>;

interface Parts {
  readonly dataDir: string;
  readonly secrets: SecretFiles;
  readonly report: ReportProblem;
}

interface OutletParts extends Parts {
  /** Header From of what we deliver. */
  readonly from: string;
}

/** @returns At least one; the ids differ. */
export function resolveOutlets(config: Config, given: Parts): readonly OutletConfig[] {
  // What is wrong with it is said where it is resolved for its own sake.
  const parts = { ...given, from: resolveFrom(config.human ?? {}, config.site?.domains ?? [], () => undefined) };
  const short = config.delivery?.outlet;
  const outlets = config.outlets ?? [];
  if (outlets.length === 0) return [resolveOutlet(short ?? {}, ["delivery", "outlet"], parts)];
  if (short !== undefined) parts.report(["delivery", "outlet"], "is given, and outlets as well: keep one of them");
  return outlets.map(({ id, ...kinds }, index) => {
    const path = ["outlets", index];
    if (outlets.findIndex((other) => other.id === id) < index) parts.report([...path, "id"], `${id} is there twice`);
    return { ...resolveOutlet(kinds, path, parts), id };
  });
}

/** A Maildir in the data folder where nothing is said. */
function resolveOutlet(kinds: Kinds, path: ConfigPath, parts: OutletParts): OutletConfig {
  const [first, ...others] = Object.keys(kinds);
  for (const other of others) parts.report([...path, other], `is given, and ${first} as well: keep one of them`);
  const { maildir, mbox, smtp, lmtp, webhook, command } = kinds;
  if (smtp !== undefined) return resolveSmtp(smtp, [...path, "smtp"], parts);
  if (lmtp !== undefined) return resolveLmtp(lmtp, [...path, "lmtp"], parts);
  if (webhook !== undefined) return resolveWebhook(webhook, [...path, "webhook"], parts);
  if (command !== undefined) return resolveCommand(command, [...path, "command"], parts);
  if (mbox !== undefined) {
    const lockTimeoutMs = (mbox.lockTimeoutSeconds ?? 30) * 1_000;
    return { id: "mbox", kind: "mbox", path: parts.secrets.resolve(mbox.path), lockTimeoutMs };
  }
  const folder = maildir?.path === undefined ? resolve(parts.dataDir, "human") : parts.secrets.resolve(maildir.path);
  return { id: "maildir", kind: "maildir", path: folder };
}

function resolveCommand(
  command: NonNullable<Kinds["command"]>,
  path: ConfigPath,
  { dataDir, secrets, report }: OutletParts,
): CommandConfig {
  const [program = "", ...args] = command.argv;
  // A name would be looked up in whatever PATH the service was started with.
  if (!isAbsolute(program)) report([...path, "argv", 0], `must be an absolute path, not "${program}"`);
  return {
    id: "command",
    kind: "command",
    argv: [program, ...args],
    folder: command.folder === undefined ? dataDir : secrets.resolve(command.folder),
    timeoutMs: (command.timeoutSeconds ?? 60) * 1_000,
    concurrency: command.concurrency ?? 2,
  };
}
