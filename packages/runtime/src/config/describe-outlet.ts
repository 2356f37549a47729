import type { MailHost, OutletConfig } from "./resolved-outlets.ts";

/** Where an outlet goes, for a person: `SMTP mx.example.com:25 (TLS required)`. Never a secret. */
export function describeOutlet(outlet: OutletConfig): string {
  switch (outlet.kind) {
    case "maildir":
      return `Maildir ${outlet.path}`;
    case "mbox":
      return `mbox ${outlet.path}`;
    case "smtp":
    case "lmtp":
      return `${outlet.kind.toUpperCase()} ${outlet.hosts.map(describeHost).join(", else ")}`;
    case "webhook":
      // Host alone: the path is the secret of Slack and Teams.
      return `webhook (${outlet.template.kind}) at ${new URL(outlet.url).host}${outlet.secrets.length > 0 ? ", signed" : ""}`;
    case "command":
      return `command ${outlet.argv[0]}`;
    default:
      return outlet satisfies never;
  }
}

function describeHost(host: MailHost): string {
  return host.kind === "socket" ? host.path : `${host.host}:${host.port} (TLS ${host.tls})`;
}
