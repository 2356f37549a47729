import { type Mta, NO_LMTP, NO_QUOTAS } from "../mta.ts";
import { SCENARIOS, type Scenario } from "../scenarios.ts";

/** https://blitiri.com.ar/p/chasquid/. It relays only for users who log in; so each scenario is an alias of its domain. */
const isForwarded = (scenario: Scenario) => scenario.local !== true && scenario.id !== "local-success";
const ALIASES = SCENARIOS.filter(isForwarded).map(({ id, recipients }) => `${id}: ${recipients.join(", ")}\n`);
const NO_PATIENCE = "tries for 20 hours, and no setting shortens that";
const NO_DSN = "does not offer DSN (RFC 3461)";

export const CHASQUID: Mta = {
  name: "chasquid",
  packages: ["chasquid"],
  users: ["chasquid"],
  files: {
    "/etc/chasquid/chasquid.conf": `hostname: "mail.example.org"
smtp_address: "198.51.100.10:25"
submission_address: "127.0.0.1:587"
data_dir: "/var/lib/chasquid"
mail_log_path: "<stderr>"
mail_delivery_agent_bin: "/bin/true"
`,
    "/etc/chasquid/domains/example.org/aliases": ALIASES.join(""),
  },
  start: `mkdir -p /var/lib/chasquid /etc/chasquid/certs/mail.example.org; cd /etc/chasquid/certs/mail.example.org
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=mail.example.org -days 2 -keyout privkey.pem -out fullchain.pem; chasquid`,
  listens: true,
  sendmail: "false",
  forwards: ({ id }) => [`${id}@example.org`],
  lacks: {
    "host-unknown": `takes it for a temporary error, and ${NO_PATIENCE}`,
    "null-mx": `takes it for a temporary error, and ${NO_PATIENCE}`,
    several: `reports when it is done with every recipient; it takes an unknown host for a temporary error, and ${NO_PATIENCE}`,
    tls: NO_PATIENCE,
    greylisted: NO_PATIENCE,
    "refused-connection": NO_PATIENCE,
    "dns-failure": NO_PATIENCE,
    "hangs-up": NO_PATIENCE,
    "notify-success": NO_DSN,
    "ret-hdrs": NO_DSN,
    "local-success": NO_DSN,
    "local-full": NO_QUOTAS,
    "lmtp-full": NO_LMTP,
    "tls-not-offered": "requires TLS only of hosts that had it before",
    "tls-certificate": "requires TLS only of hosts that had it before",
    "local-unknown": "refuses it at RCPT, and has no sendmail command",
    "local-command": "has no commands as aliases",
  },
};
