/** The outlets that a person wrote -> those that code uses. */
import { resolve } from "node:path";
import type { Config } from "./config-file.ts";
import type { OutletConfig } from "./resolved-config.ts";
import type { ReportProblem, SecretFiles } from "./secret-files.ts";

type Kinds = NonNullable<NonNullable<Config["delivery"]>["outlet"]>;
type Path = readonly (string | number)[];

interface Parts {
  readonly dataDir: string;
  readonly secrets: SecretFiles;
  readonly report: ReportProblem;
}

/** @returns At least one; the ids differ. */
export function resolveOutlets(config: Config, parts: Parts): readonly OutletConfig[] {
  const short = config.delivery?.outlet;
  const outlets = config.outlets ?? [];
  if (outlets.length === 0) return [resolveOutlet(short ?? {}, ["delivery", "outlet"], parts)];
  if (short !== undefined) parts.report(["delivery", "outlet"], "is given, and outlets as well: keep one of them");
  return outlets.map((outlet, index) => {
    const path = ["outlets", index];
    if (outlets.findIndex(({ id }) => id === outlet.id) < index)
      parts.report([...path, "id"], `${outlet.id} is there twice`);
    return { ...resolveOutlet(outlet, path, parts), id: outlet.id };
  });
}

function resolveOutlet(kinds: Kinds, path: Path, parts: Parts): OutletConfig {
  const { maildir, smtp } = kinds;
  if (smtp === undefined) return resolveMaildir(maildir ?? {}, parts);
  if (maildir !== undefined) parts.report([...path, "smtp"], "is given, and maildir as well: keep one of them");
  return resolveSmtp(smtp, [...path, "smtp"], parts);
}

function resolveMaildir({ path }: NonNullable<Kinds["maildir"]>, { dataDir, secrets }: Parts): OutletConfig {
  return {
    id: "maildir",
    kind: "maildir",
    path: path === undefined ? resolve(dataDir, "human") : secrets.resolve(path),
  };
}

function resolveSmtp(smtp: NonNullable<Kinds["smtp"]>, path: Path, { secrets, report }: Parts): OutletConfig {
  const port = smtp.port ?? 25;
  const auth = smtp.auth && {
    user: smtp.auth.user,
    password: secrets.choose([...path, "auth"], "password", smtp.auth.password, smtp.auth.passwordFile) ?? "",
  };
  if (auth?.password === "") report([...path, "auth"], "needs password or passwordFile");
  return {
    id: "smtp",
    kind: "smtp",
    host: smtp.host,
    port,
    // RFC 8314 section 3.3: 465 is TLS from the start
    tls: smtp.tls ?? (port === 465 ? "implicit" : "opportunistic"),
    auth,
    pool: smtp.pool ?? 2,
  };
}
