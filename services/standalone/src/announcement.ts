/** What a person who has just started the service needs to know, with one command to try it. */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describeOutlet, type OutletConfig, type ResolvedConfig } from "@triage/runtime";
import type { RunningStandalone } from "./start-standalone.ts";

const SAMPLE = fileURLToPath(new URL("../samples/bounce.eml", import.meta.url));

/** @param folder  The working directory: paths below it are shown relative to it. */
export function describeStart(config: ResolvedConfig, running: RunningStandalone, folder: string): string {
  const show = (path: string) => {
    const short = relative(folder, path);
    return short === "" || short.startsWith("..") ? path : `./${short}`;
  };
  const key = running.apiKeyFile === undefined ? "$TRIAGE_API_KEY" : `$(cat ${quote(show(running.apiKeyFile))})`;
  const { retention } = config;
  const [outlet] = config.outlets;
  const domain = config.site.domains.find((name) => !name.startsWith("*.")) ?? "example.com";
  return [
    "",
    `postmaster-triage runs at   ${running.url}`,
    `API key:                    ${running.apiKeyFile === undefined ? "the one that you configured" : show(running.apiKeyFile)}`,
    `Mail for the human:         ${describeMailbox(outlet, show)}`,
    `Data:                       ${running.clusterPath === undefined ? "in your database" : show(running.clusterPath)}`,
    `Kept:                       mail for ${retention.archive} days, what the human got for ${retention.human}, what is known of it for ${retention.facts}`,
    `Configuration:              ${config.path === undefined ? "none yet: say in triage.yaml which mail is yours (docs/configuration.md)" : show(config.path)}`,
    "",
    "Post a sample bounce:",
    `curl -H "Authorization: Bearer ${key}" -H 'Content-Type: message/rfc822' -H 'X-Envelope-From: <>' ` +
      `-H 'X-Envelope-To: postmaster@${domain}' --data-binary @${quote(show(SAMPLE))} ${running.url}/v1/messages`,
    "",
    "Ctrl-C stops it.",
    "",
  ].join("\n");
}

/** For a shell; the usual paths stay as they are. */
function describeMailbox(outlet: OutletConfig | undefined, show: (path: string) => string): string {
  if (outlet?.kind === "maildir") return `${show(outlet.path)} (a Maildir)`;
  return outlet === undefined ? "nowhere" : `by ${describeOutlet(outlet)}`;
}

function quote(text: string): string {
  return /^[\w./@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
